"""Deciding about help, from values alone."""
