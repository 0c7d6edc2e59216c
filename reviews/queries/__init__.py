"""What pages, actions and reports read of the reviews."""
