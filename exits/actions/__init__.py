"""Carrying exits: their steps, and what they do."""

from exits.actions.household import advance, end

__all__ = ["advance", "end"]
