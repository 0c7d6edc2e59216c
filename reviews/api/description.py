"""The JSON schemas of reviews and proposals (OpenAPI 3.0)."""

from django.utils.translation import gettext as _

from households.api.description import names_of
from households.models.households import STATE_CHOICES
from households.rules import GAPS, LACKS, Kind
from reviews.api.answers import KINDS
from reviews.models import KIND_NAMES, ReviewState
from reviews.queries.proposals import ANSWERS
from trail.shapes import (
    DIGEST,
    FLAG,
    HOUSEHOLD_NUMBER,
    INTEGER,
    MOMENT,
    NUMBER,
    PLACE,
    TEXT,
    VILLAGE,
    YUAN,
    Schema,
    nullable,
    page,
    said,
    whole,
    words,
)


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    row = _review()
    return {
        "ReviewRow": whole(row),
        "ReviewPage": page("ReviewRow"),
        "Review": whole(row | {"figures": whole(_figures())}),
        "Proposal": whole(_proposal()),
        "ProposalPage": page("Proposal"),
    }


def _review() -> Schema:
    standard = {
        "number": said(nullable(INTEGER), _("null for a draft")),
        "division": PLACE,
        "line": YUAN,
        "monitoring_line": YUAN,
    }
    return {
        "id": INTEGER,
        "year": INTEGER,
        "division": PLACE,
        "standard": whole(standard),
        "dry_run": said(FLAG, _("its proposals are never accepted")),
        "state": words(ReviewState.choices),
        "proposed_by": TEXT,
        "committed_by": nullable(TEXT),
        "proposed_at": MOMENT,
        "paused_at": nullable(MOMENT),
        "facts_at": said(nullable(MOMENT), _("the moment whose facts it reads")),
        "finished_at": nullable(MOMENT),
        "committed_at": nullable(MOMENT),
        "refreshed_at": nullable(MOMENT),
        "input_hash": said(nullable(DIGEST), _("digest of what went in")),
        "standard_hash": DIGEST,
        "result_hash": said(nullable(DIGEST), _("digest of what came out")),
    }


def _figures() -> Schema:
    few = said(nullable(NUMBER), _("null until it is done, and where few could be told apart"))
    return {
        "division": said(PLACE, _("the part of the review within the client's posting")),
        "households": few,
        "persons": few,
        "proposals": whole(
            {word: few | {"description": str(KIND_NAMES[kind])} for kind, word in KINDS.items()}
        ),
    }


def _proposal() -> Schema:
    return {
        "household": HOUSEHOLD_NUMBER,
        "householder": said(nullable(TEXT), _("the family name alone")),
        "village": VILLAGE,
        "status": said(words(STATE_CHOICES), _("the status then")),
        "proposal": words((word, KIND_NAMES[Kind(kind)]) for kind, word in KINDS.items()),
        "persons": NUMBER,
        "net_income": said(nullable(YUAN), _("null while an income is unknown")),
        "per_capita_net_income": nullable(YUAN),
        "needed": said(YUAN, _("what the line asks for all persons")),
        "lacks": names_of(LACKS),
        "gaps": names_of(GAPS),
        "fault": said(nullable(TEXT), _("why the household needs attention")),
        "answer": words((word, label) for word, (label, _which) in ANSWERS.items()),
        "answered_at": nullable(MOMENT),
        "case": said(nullable(INTEGER), _("id of the case that the acceptance opened")),
        "added_at": said(nullable(MOMENT), _("when a refresh added it; null for the first run")),
    }
