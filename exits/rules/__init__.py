"""What must be shown before somebody leaves poverty, from values alone."""
