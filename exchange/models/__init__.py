"""What is kept of the exchange with other systems."""

from exchange.models.feed import FeedEntry, FeedEpoch, FeedMark, Kind

__all__ = ["FeedEntry", "FeedEpoch", "FeedMark", "Kind"]
