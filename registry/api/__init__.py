"""The REST door: who may come in, what every answer looks like, where each resource is."""
