"""Input about exits."""
