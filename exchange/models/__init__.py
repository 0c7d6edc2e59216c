"""What is kept of the exchange with other systems."""
