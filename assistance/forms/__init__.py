"""Input about help."""
