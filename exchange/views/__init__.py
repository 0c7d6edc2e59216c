"""The pages about the exchange with other systems."""
