"""Reviews and their proposals at the REST door: read alone."""
