"""Moved to `trail.transactions`."""

from trail.transactions import is_passing, retried

__all__ = ["is_passing", "retried"]
