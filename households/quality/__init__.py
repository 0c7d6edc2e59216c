"""Soft rules: what looks odd in the facts of a household, to be mended or explained."""
