"""The JSON schemas of the exchange (OpenAPI 3.0)."""

from django.utils.translation import gettext as _

from exchange.models import DecisionKind, UploadForm, UploadState
from exchange.procedure import FOREIGN
from exchange.queries.totals import FIGURES
from exchange.rules import Packing
from households.importing.importers import FIRST_YEAR
from trail.shapes import (
    DAY,
    DIGEST,
    HOUSEHOLD_NUMBER,
    INTEGER,
    MOMENT,
    NUMBER,
    PLACE,
    TEXT,
    UUID,
    YUAN,
    Schema,
    many,
    nullable,
    page,
    said,
    thing,
    whole,
    words,
)

YEAR: Schema = {"type": "integer", "minimum": 2014, "maximum": 2999}
MOST_SIGNERS = 10


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    return decisions() | totals() | uploads()


def uploads() -> dict[str, Schema]:
    """Large loads."""
    packing = {"type": "string", "enum": [str(one) for one in Packing]}
    form = words(UploadForm.choices)
    year = said(
        INTEGER | {"minimum": FIRST_YEAR},
        _("of the figures and guarantees of a table; lines name their years themselves"),
    )
    digest = DIGEST | {"description": _("SHA-256 of all parts, one after the other")}
    upload = {
        "uuid": UUID,
        "state": words(UploadState.choices),
        "format": form,
        "year": nullable(year),
        "packing": packing,
        "parts": {"type": "array", "items": NUMBER},
        "lines_done": said(NUMBER, _("lines, or rows of a table, that are taken in")),
        "counts": said(
            {"type": "object", "additionalProperties": NUMBER}, _("households by result")
        ),
        "unknown": said(
            {"type": "array", "items": TEXT},
            _("headings that were passed over: no template has them"),
        ),
        "fault": said(nullable(TEXT), _("code of what stopped it")),
        "detail": said(nullable(TEXT), _("the same as a sentence")),
        "created_at": MOMENT,
        "finished_at": nullable(MOMENT),
    }
    return {
        "NewUpload": thing({"packing": packing, "format": form, "year": year}),
        "UploadEnd": thing({"parts": NUMBER | {"minimum": 1}, "sha256": digest}, "parts", "sha256"),
        "Upload": whole(upload),
        "UploadPage": page("Upload"),
        "PushResultPage": page("PushResult"),
    }


def totals() -> dict[str, Schema]:
    """What the register adds up to."""
    row = {
        "code": TEXT | {"description": _("of the township or village; the household's number")},
        "households": NUMBER,
        "persons": NUMBER | {"description": _("active members")},
        "surveyed": NUMBER | {"description": _("households with facts of the year")},
        **dict.fromkeys(FIGURES, YUAN),
        "states": {"type": "object", "additionalProperties": NUMBER},
        "hash": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    }
    return {
        "TotalsRow": whole(row),
        "Totals": whole(
            {
                "division": PLACE,
                "year": YEAR | {"minimum": FIRST_YEAR},
                "results": many("TotalsRow"),
            }
        ),
    }


def decisions() -> dict[str, Schema]:
    """What other systems decide."""
    report = {
        "reference": TEXT | {"maxLength": 64, "description": _("your own number of the report")},
        "decision": words(DecisionKind.choices),
        "household": HOUSEHOLD_NUMBER,
        "year": YEAR | {"description": _("the year that was judged")},
        "decided_on": DAY,
        "case": TEXT | {"maxLength": 64, "description": _("your own number of the case")},
        "evidence_hash": DIGEST | {"description": _("SHA-256 of what was decided on")},
    }
    signer = {"name": TEXT | {"maxLength": 50}, "office": TEXT | {"maxLength": 100}, "day": DAY}
    signers = many("Signer") | {"minItems": 1, "maxItems": MOST_SIGNERS}
    states = [("received", _("not taken in yet")), *((k, _(v)) for k, v in FOREIGN.states.items())]
    return {
        "Signer": whole(signer),
        "NewDecision": thing(
            report | {"signers": signers, "note": TEXT | {"maxLength": 500}}, *report, "signers"
        ),
        "Decision": whole(
            report
            | {
                "received_at": MOMENT,
                "state": words(states),
                "recorded_as": nullable(NUMBER) | {"description": _("number of the case here")},
            }
        ),
        "DecisionPage": page("Decision"),
    }
