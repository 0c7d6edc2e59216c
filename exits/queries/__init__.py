"""Reading exits."""
