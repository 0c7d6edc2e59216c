"""The JSON schemas of identifications and re-inclusions (OpenAPI 3.0)."""

from django.utils.translation import gettext as _

from households.api.cases import facts_schema, subject_schema
from identification.api.views import MACHINES
from identification.departments import DEPARTMENTS
from identification.models import Appeal, Application, Comparison
from trail.shapes import DAY, FLAG, TEXT, Schema, many, nullable, said, whole, words
from workflow.api.description import case_schemas
from workflow.parameters import RED_LINE_WORDS, RED_LINES


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    own = {
        "application": nullable(whole(_application())),
        "answers": many("DepartmentAnswer"),
        "red_lines": many("RedLine"),
        "appeals": many("Appeal"),
    }
    named = {
        "DepartmentAnswer": whole(
            {
                "department": words((code, _(name)) for code, name in DEPARTMENTS.items()),
                "result": words(Comparison.RESULTS),
                "on": DAY,
            }
        ),
        "RedLine": whole(_red_line()),
        "Appeal": whole(
            {
                "level": words(Appeal.LEVELS),
                "appellant": words(Appeal.APPELLANTS),
                "received_on": DAY,
                "resolved_on": nullable(DAY),
                "upheld": nullable(FLAG),
            }
        ),
    }
    cases = case_schemas(
        "Identification", MACHINES, subject=subject_schema(), facts=facts_schema(), own=own
    )
    return named | cases


def _application() -> Schema:
    return {
        "applied_on": DAY,
        "applicant": words(Application.APPLICANTS),
        "kin_of_official": FLAG,
        "registration_number": nullable(TEXT),
        "helper_due_on": nullable(DAY),
        "plan_due_on": nullable(DAY),
    }


def _red_line() -> Schema:
    effects = words((code, _(name)) for code, name in RED_LINE_WORDS)
    person = whole({"number": TEXT, "name": said(TEXT, _("the family name alone"))})
    return {
        "rule": words((code, _(name)) for code, name in RED_LINES.items()),
        "effect": said(nullable(effects), _("what it does here this year")),
        "person": nullable(person),
        "recorded_on": DAY,
        "accepted_on": said(nullable(DAY), _("when another officer accepted the explanation")),
        "withdrawn_on": nullable(DAY),
    }
