"""What the field says of first secretaries and teams, decided from values alone."""
