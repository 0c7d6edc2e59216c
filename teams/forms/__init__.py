"""What the pages of the section ask for."""
