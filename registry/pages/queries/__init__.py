"""What the pages that join apps show."""
