"""Changing plans and help."""
