"""How approvers decide: how much they approve, how fast, and what of it they never opened."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from exits.queries.approvers import approvers_of
from households.rules import State
from tests import factories as make
from tests.procedures import carry, open_for, take
from trail.dates import business_date
from workflow.models import Case, CaseEvent, Look

pytestmark = pytest.mark.django_db
FAST = 20
"""The parameter, in seconds."""


@pytest.fixture
def habits(cast):
    """What is told of the approver after these decisions, each (opened at, decided at) in seconds.

    None was not opened; a pair of pairs names an opening at another version too.
    """

    def told(*decisions, step="approve", version=1):
        start = timezone.now() - timedelta(hours=2)
        for opened, decided in decisions:
            case = make.make_case(make.make_household(), "exit", state="checked")
            if opened is not None:
                Look.objects.create(
                    case=case, version=version, officer=cast.county_approver,
                    at=start + timedelta(seconds=opened),
                )  # fmt: skip
            Case.everywhere.filter(pk=case.pk).update(state="approved", version=2)
            CaseEvent.objects.create(
                case=case, seq=2, step=step, from_state="checked", to_state="approved",
                actor_id=cast.county_approver.pk, actor_name=cast.county_approver.name,
                role="county_approver", posted_to=make.COUNTY, on=business_date(),
                at=start + timedelta(seconds=decided), facts=case.facts,
                facts_hash=case.facts_hash, decides=True,
            )  # fmt: skip
        [row] = approvers_of(make.COUNTY, business_date().year).rows
        return row

    return told


@pytest.mark.parametrize(("pace", "found"), [(FAST - 1, True), (FAST, False)])
def test_seconds_run_from_the_opening_to_the_decision(habits, pace, found):
    row = habits(*((100 * number, 100 * number + pace) for number in range(6)))
    assert (row.habit.decisions, row.habit.percent, row.habit.unseen) == (6, 100, 0)
    assert (round(row.habit.seconds), row.stands_out) == (pace, found)


def test_cases_opened_together_count_from_the_decision_before(habits):
    row = habits(*((0, 300 + 3 * number) for number in range(6)))
    assert (round(row.habit.seconds), row.stands_out) == (3, True)


def test_decisions_on_cases_that_were_never_opened_are_unseen(habits):
    row = habits(*((None, 100 * number) for number in range(6)))
    assert (row.habit.unseen, row.habit.seconds, row.stands_out) == (6, 0, True)


def test_an_opening_before_the_case_moved_on_is_none_of_what_was_decided(habits):
    row = habits(*((100 * number, 100 * number + 60) for number in range(6)), version=0)
    assert (row.habit.unseen, row.stands_out) == (6, True)


def test_another_county_and_another_year_count_nothing(habits):
    habits((0, 3))
    year = business_date().year
    assert approvers_of(make.OTHER_COUNTY, year).rows == []
    assert approvers_of(make.COUNTY, year - 1).rows == []


class TestLooks:
    """Who opened which case when."""

    @pytest.fixture
    def case(self, tree, cast, calendar):
        household = make.make_household(state=State.POOR, persons=2)
        make.make_survey(household, 2019, wage_income=Decimal(20_000))
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan", "appraise", "verify", "confirm", "post", "check")
        return case

    @staticmethod
    def opened(case):
        return list(case.looks.order_by("id").values_list("officer", "version"))

    def test_the_page_keeps_the_first_opening_by_who_may_decide(self, case, cast, signed_in):
        address = reverse("pages:case", args=[case.pk])
        for part in ("county_clerk", "township_reviewer", "county_approver", "county_approver"):
            assert signed_in(getattr(cast, part)).get(address).status_code == 200
        assert self.opened(case) == [(cast.county_approver.pk, 7)]

    def test_each_version_is_opened_anew(self, case, cast, signed_in):
        address = reverse("pages:case", args=[case.pk])
        other = make.make_officer(make.Role.COUNTY_APPROVER)
        signed_in(other).get(address)
        take(case, "doubt", by=cast.county_approver, note="看一看")
        signed_in(other).get(address)
        assert self.opened(case) == [(other.pk, 7), (other.pk, 8)]

    def test_a_closed_case_is_opened_by_nobody(self, case, cast, signed_in):
        take(case, "withdraw", by=cast.county_clerk, note="撤回")
        signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
        assert self.opened(case) == []

    @pytest.mark.parametrize(
        "statement", ["UPDATE workflow_look SET at = now()", "DELETE FROM workflow_look"]
    )
    def test_the_database_keeps_an_opening_as_it_was(self, case, cast, signed_in, statement):
        signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)

    def test_a_decision_on_the_page_counts_from_its_opening(
        self, case, cast, signed_in, in_english
    ):
        client = signed_in(cast.county_approver)
        client.get(reverse("pages:case", args=[case.pk]))
        client.post(reverse("pages:case_step", args=[case.pk, "approve"]), {"version": 7})
        assert approvers_of(make.COUNTY, business_date().year).rows[0].habit.unseen == 0
        page = client.get(reverse("exits:approvers"))
        assert "Without opening the case" in page.text
