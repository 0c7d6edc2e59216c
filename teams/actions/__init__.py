"""Changing the roster: each act is one transaction and leaves its trace."""
