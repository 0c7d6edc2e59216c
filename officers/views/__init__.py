"""Signing in, one's own account, and the account administrator's pages."""

from officers.views.signing import locked_out

__all__ = ["locked_out"]
