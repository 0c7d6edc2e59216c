"""Help at the REST door: catalogue, plans and measures to read, deliveries to record."""
