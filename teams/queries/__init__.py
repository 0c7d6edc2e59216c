"""Reading the roster, for pages, files and machines."""
