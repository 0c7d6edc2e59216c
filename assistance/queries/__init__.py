"""Reading plans and help."""
