"""Identifications and re-inclusions at the REST door: read alone."""
