"""The pages of the section."""
