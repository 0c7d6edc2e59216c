"""Candidates at each stage, for the tests of dispatching."""

import uuid
from datetime import date, timedelta
from typing import Any

from officers.models import Officer
from teams.actions.dispatching import Wanted, advance, propose_candidate
from teams.models import Cadre, Handover, Term
from teams.models.terms import HANDOVER_FIELD
from teams.rules.terms import Post
from tests import factories as make
from tests.cast import Cast
from trail.dates import business_date
from trail.sealing import seal
from workflow.models import Case, CaseEvent

TO_COME = timedelta(days=10)
TWO_YEARS = timedelta(days=730)


def post(
    village: str = make.VILLAGE,
    kind: Post = Post.FIRST_SECRETARY,
    *,
    starts_on: date | None = None,
) -> Wanted:
    """A post of two years that begins in ten days unless said."""
    first = starts_on or business_date() + TO_COME
    return Wanted(village, kind, first, first + TWO_YEARS)


def proposed(by: Officer, cadre: Cadre | None = None, wanted: Wanted | None = None) -> Case:
    """A candidate who was proposed."""
    return propose_candidate((cadre or make.make_cadre()).pk, wanted or post(), by=by)


def step(case: Case, name: str, by: Officer, **more: Any) -> CaseEvent:
    """One step of a dispatch with its evidence."""
    today = business_date()
    entries = {
        "check": {"checked_on": today, "integrity": "县纪委：无异议", "ability": "表现良好"},
        "dispatch": {"letter": "组发〔2020〕7号", "briefed_on": today},
    }
    version = Case.everywhere.get(pk=case.pk).version
    given: dict[str, Any] = {"evidence": entries.get(name, {})} | more
    return advance(case.pk, name, by=by, version=version, **given)


def make_handover(term: Term, by: Officer, **fields: Any) -> Handover:
    """A handover on record, of today unless said."""
    row = uuid.uuid4()
    defaults: dict[str, Any] = {
        "uuid": row,
        "handed_on": business_date(),
        "content_sealed": seal("台账三本", field=HANDOVER_FIELD, row=row),
        "recorded_by": by,
    }
    return Handover.objects.create(term=term, **defaults | fields)


def approved(cast: Cast, cadre: Cadre | None = None, wanted: Wanted | None = None) -> Case:
    """A candidate of the township, checked by the clerk and approved by the county."""
    case = proposed(cast.township_reviewer, cadre, wanted)
    step(case, "check", cast.county_clerk)
    step(case, "approve", cast.county_approver)
    case.refresh_from_db()
    return case
