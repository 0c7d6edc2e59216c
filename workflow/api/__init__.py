"""Cases at the REST door: where each one stands and what was done. No step is taken here."""
