"""The inbox and the page of a case: where it stands, on what facts, and what can be done now."""
