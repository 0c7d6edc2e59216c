"""Teams at the REST door: read alone, names and days of service without any number of a person."""
