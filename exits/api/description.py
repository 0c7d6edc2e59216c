"""The JSON schemas of exits (OpenAPI 3.0)."""

from django.utils.translation import gettext as _

from exits.api.views import OF_HOUSEHOLDS
from exits.procedure import COUNTY_EXIT, VILLAGE_EXIT
from exits.queries.evaluation_words import NAMES
from households.api.cases import facts_schema, subject_schema
from trail.shapes import (
    DAY,
    FLAG,
    INTEGER,
    NUMBER,
    TEXT,
    Schema,
    many,
    nullable,
    said,
    whole,
    words,
)
from workflow.api.description import case_schemas

PERCENT: Schema = {"type": "string", "pattern": r"^[0-9]+\.[0-9]+$"}


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    tracking = whole({"starts_on": DAY, "until": DAY, "ended_on": nullable(DAY)})
    of_households = {
        "tracking": nullable(tracking),
        "exit": said(nullable(INTEGER), _("id of the exit that a revocation is about")),
    }
    listed = {
        "listed_on": said(nullable(DAY), _("since when it stands on the list of poor places")),
        "exited_on": nullable(DAY),
        "exit_year": nullable(INTEGER),
    }
    evaluation = whole({"first_day": DAY, "last_day": DAY, "rates": many("EvaluatedRate")})
    return (
        {"Indicator": whole(_indicator()), "EvaluatedRate": whole(_rate())}
        | case_schemas(
            "Exit",
            OF_HOUSEHOLDS,
            subject=subject_schema(),
            facts=facts_schema(),
            own=of_households,
        )
        | case_schemas(
            "VillageExit",
            (VILLAGE_EXIT,),
            subject={},
            facts=whole(_incidence() | {"indicators": many("Indicator")}),
            own=listed,
        )
        | case_schemas(
            "CountyExit",
            (COUNTY_EXIT,),
            subject={},
            facts=whole(_incidence() | {"listed_villages": NUMBER, "exited_villages": NUMBER}),
            own=listed | {"evaluation": nullable(evaluation)},
        )
    )


def _incidence() -> Schema:
    return {
        "year": said(INTEGER, _("year of the figures")),
        "poor_persons": said(nullable(NUMBER), _("null where few households could be told apart")),
        "rural_population": said(nullable(NUMBER), _("null while it is unknown")),
        "incidence_limit_percent": PERCENT,
        "below_limit": said(nullable(FLAG), _("whether the incidence is below the limit")),
    }


def _indicator() -> Schema:
    return {
        "code": TEXT,
        "name": TEXT,
        "figure": said(nullable(TEXT), _("null where there is none, or somebody judges")),
        "vetoes": said(FLAG, _("whether it stops the exit; else it is reported")),
        "met": said(nullable(FLAG), _("null while it is not known")),
    }


def _rate() -> Schema:
    return {
        "name": words(NAMES.items()),
        "percent": said(nullable(PERCENT), _("null where nobody was sampled")),
        "limit_percent": PERCENT,
        "passes": FLAG,
    }
