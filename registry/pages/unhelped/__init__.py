"""Households without a helper, with the day on which one is due by their registration."""
