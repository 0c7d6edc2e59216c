"""What was approved stays as it was approved, and goes no further than the service."""

from datetime import timedelta

import pytest
from django.http import Http404

from officers.rules import Role
from registry.pages.evidence.subjects import subject_of
from teams.actions.days import put
from teams.actions.inspections import record_absence, withdraw_absence
from teams.actions.presence import keep_day, seen_mark
from teams.actions.terms import end_term
from teams.models import Presence
from teams.queries.absences import absences_shown, account_of
from teams.rules.presence import AbsenceKind, Source, Status
from teams.rules.terms import EndReason
from tests import factories as make
from tests.web.teams.present import ahead, approved, asked, on_record, serving
from trail.dates import business_date
from trail.errors import Refused

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def term(cast):
    return serving(cast.first_secretary)


def test_an_approved_absence_ahead_does_not_hold_the_end_of_a_term(cast, term):
    approved(cast, ahead(1, 3), AbsenceKind.OFFICIAL)
    end_term(
        term.pk,
        last_day=business_date() + timedelta(days=1),
        reason=EndReason.ILLNESS,
        version=term.version,
        by=cast.county_clerk,
    )
    days = Presence.everywhere.filter(term=term, source=Source.ABSENCE)
    assert [row.day for row in days] == [business_date() + timedelta(days=1)]


def test_a_day_belongs_to_the_term_that_it_was_served_in(cast, term):
    today = business_date()
    row = on_record(term, today, Status.LEAVE, Source.ABSENCE)
    other = make.make_term(village=make.NEXT_VILLAGE, starts_on=today - timedelta(days=1))
    put(
        row, other, today, status=Status.IN_VILLAGE, source=Source.SELF,
        by=cast.first_secretary, action="sign_in",
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.term_id, row.village_id) == (other.pk, make.NEXT_VILLAGE)


def test_a_village_makes_no_duty_of_an_approved_leave(cast, term):
    approved(cast, ahead(0, 1))
    today = business_date()
    row = Presence.everywhere.get(cadre=term.cadre, day=today)
    with pytest.raises(Refused) as refusal:
        keep_day(
            term.cadre, today, Status.OFFICIAL,
            by=cast.village_official, note="开会", seen=seen_mark(row),
        )  # fmt: skip
    assert refusal.value.code == "approved"


def test_an_absence_that_was_approved_since_stands_when_an_inspection_is_withdrawn(cast, term):
    day = business_date() - timedelta(days=2)
    record_absence(term.cadre, day, by=cast.county_clerk, found="村部无人")
    approved(cast, ahead(-3, 3), AbsenceKind.OFFICIAL)
    withdraw_absence(term.cadre, day, by=cast.county_approver, reason="查明属公务外出")
    row = Presence.everywhere.get(cadre=term.cadre, day=day)
    assert (row.status, row.source) == (Status.OFFICIAL, Source.ABSENCE)


def test_the_others_of_a_team_learn_no_illness(cast, term):
    case = approved(cast, ahead(0, 1), AbsenceKind.ILLNESS)
    colleague = make.make_officer(Role.TEAM_MEMBER, make.VILLAGE)
    shown = [value for _label, value in account_of(colleague, case).rows]
    assert "illness" not in shown
    assert absences_shown(colleague, term.cadre) == []


def test_the_others_of_a_team_see_no_paper_of_an_absence(cast, term):
    case = approved(cast, ahead(0, 1), AbsenceKind.ILLNESS)
    colleague = make.make_officer(Role.TEAM_MEMBER, make.VILLAGE)
    assert subject_of(cast.first_secretary, "case", str(case.pk)).key == str(case.pk)
    with pytest.raises(Http404):
        subject_of(colleague, "case", str(case.pk))


def test_leave_that_goes_on_from_leave_counts_as_one(cast, term):
    approved(cast, ahead(1, 5))
    case = asked(cast.first_secretary, ahead(6, 1))
    assert case.facts["needs_county"]
    assert case.facts["days"] == 1


def test_leave_after_a_break_counts_alone(cast, term):
    approved(cast, ahead(1, 5))
    assert not asked(cast.first_secretary, ahead(7, 1)).facts["needs_county"]
