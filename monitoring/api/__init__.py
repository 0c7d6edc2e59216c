"""Watches at the REST door: read alone."""
