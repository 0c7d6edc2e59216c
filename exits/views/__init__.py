"""Pages about exits."""
