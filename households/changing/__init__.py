"""Natural changes of a household: who joins, who leaves, who heads it, where it lives."""
