"""The description of the REST door (OpenAPI 3), written from the resources."""

from drf_spectacular.openapi import AutoSchema


class Described(AutoSchema):
    """One operation as its resource declares it."""
