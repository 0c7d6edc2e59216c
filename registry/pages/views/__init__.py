"""Pages that join apps: the frame's switches, home, the household page."""
