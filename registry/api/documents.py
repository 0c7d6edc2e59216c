"""The description of the REST door as the repository keeps it: docs/openapi.yaml, docs/api.md."""

from django.utils import translation
from drf_spectacular.renderers import OpenApiYamlRenderer

from registry.api.catalogue import ALL, field_faults
from registry.api.schema import described

LANGUAGE = "en"
BEGIN, END = "<!-- errors: written by manage.py write_api -->", "<!-- end of errors -->"


def openapi_document() -> str:
    """The whole description as YAML, in English."""
    with translation.override(LANGUAGE):
        return OpenApiYamlRenderer().render(described(LANGUAGE), renderer_context={}).decode()


def errors_document() -> str:
    """The catalogue of errors as two tables, in English."""
    with translation.override(LANGUAGE):
        refusals = [f"| `{one.code}` | {one.status} | {one.title}. {one.detail} |" for one in ALL]
        faults = [f"| `{code}` | {sentence} |" for code, sentence in field_faults()]
    return "\n".join(
        [
            "| code | status | meaning |",
            "|---|--:|---|",
            *refusals,
            "",
            "| code within `errors` | meaning |",
            "|---|---|",
            *faults,
        ]
    )


def with_errors(text: str) -> str:
    """docs/api.md with the tables as they should be between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{errors_document()}\n\n{END}{after}"
