"""Exits of households, villages and counties at the REST door: read alone."""
