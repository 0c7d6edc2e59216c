"""Households at the REST door, by the same rules as on forms and in files."""
