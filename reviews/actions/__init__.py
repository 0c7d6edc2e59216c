"""Every change of a review: proposed, driven, committed, refreshed, accepted."""
