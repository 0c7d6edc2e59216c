"""Inbox, batch, the page of a case with its steps, and what is recorded about it."""
