"""The JSON schemas of watches (OpenAPI 3.0)."""

from households.api.cases import facts_schema, subject_schema
from monitoring.procedure import WATCH
from trail.shapes import Schema
from workflow.api.description import case_schemas


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    return case_schemas("Watch", (WATCH,), subject=subject_schema(), facts=facts_schema(), own={})
