"""An exited household is looked after until the end of its support."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from exits.actions.following import advance_change, resolve_appeal
from exits.models import Tracking
from households.actions.changes import propose_change
from households.models import Household
from households.rules import State
from identification.actions import record_appeal
from officers.rules import Role
from teams.queries.pairings import needing_helper, support_years
from tests import factories as make
from tests.procedures import IDENTIFIED, carry, move_to, open_for, take, wait_for_notice
from tests.web.households.changes.changed import active, wanted
from tests.web.teams.visiting import make_visit
from trail.dates import business_date
from workflow.machine import Way
from workflow.models import CaseEvent, PolicyParameter
from workflow.parameters import PAIRING_SUPPORT_YEARS
from workflow.procedures import machine_of

EXITED = ("plan", "appraise", "verify", "confirm", "post", "check", "approve", "announce")
URL = "/exits/tracking/"


def exited(cast, village=make.VILLAGE):
    household = make.make_household(village, state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *EXITED)
    return Household.everywhere.get(pk=household.pk)


def tracked(cast, village=make.VILLAGE, **fields):
    """A tracking written directly, on an exit that is written directly too."""
    household = make.make_household(village, state=State.EXITED)
    case = make.make_case(household, state="checked")
    approver = make.make_officer(Role.COUNTY_APPROVER)
    CaseEvent.objects.create(
        case=case, seq=2, step="approve", from_state="checked", to_state="approved",
        actor_id=approver.pk, actor_name=approver.name, role="county_approver",
        posted_to=make.COUNTY, on=business_date(), facts=case.facts, facts_hash=case.facts_hash,
        decides=True,
    )  # fmt: skip
    defaults = {"starts_on": business_date(), "until": business_date() + timedelta(days=900)}
    return Tracking.everywhere.create(
        case=case, household=household, village_id=village, **defaults | fields
    )


@pytest.fixture
def long_ago():
    return business_date() - timedelta(days=200)


def listed(client, query=""):
    return [line.tracking.pk for line in client.get(URL + query).context["page"].lines]


def test_an_approval_begins_the_tracking_for_five_years(cast, calendar):
    exited(cast)
    tracking, today = Tracking.everywhere.get(), business_date()
    assert tracking.starts_on <= today
    assert tracking.until == date(tracking.starts_on.year + 5, 12, 31)
    assert tracking.case.kind == "exit"


def test_the_support_by_helpers_and_the_tracking_last_as_many_years(cast, calendar):
    PolicyParameter.objects.create(
        division_id=make.COUNTY, key=PAIRING_SUPPORT_YEARS, year=2015, value=7, source="t"
    )
    household = exited(cast)
    tracking = Tracking.everywhere.get()
    assert tracking.until.year == tracking.starts_on.year + 7
    last = household.exit_year + 7
    supported = [year for year in (last, last + 1) if _needs_helper(household, year)]
    assert supported == [last]


def _needs_helper(household, year):
    years = support_years(household.village_id, year)
    found = Household.everywhere.filter(needing_helper(year, years))
    return found.filter(pk=household.pk).exists()


def split(household, cast):
    """The last member founds a household of his own."""
    leaving = active(household)[-1]
    change = wanted("split", goes=frozenset({leaving.pk}), relations={leaving.pk: "01"})
    case = propose_change(household, change, by=cast.village_official)
    advance_change(case.pk, "approve", by=cast.township_reviewer, version=case.version)
    return Household.everywhere.filter(split_from=household).latest("pk")


def test_who_splits_off_is_tracked_as_long(cast, calendar, signed_in):
    household = exited(cast)
    fresh = split(household, cast)
    old, new = Tracking.everywhere.order_by("pk")
    assert (new.household, new.village_id) == (fresh, fresh.village_id)
    assert (new.case, new.until) == (old.case, old.until)
    assert (new.starts_on, old.ended_on) == (business_date(), None)
    assert set(listed(signed_in(cast.county_clerk), "?kind=unhelped")) == {old.pk, new.pk}


def test_who_splits_off_later_again_is_tracked_too(cast, calendar):
    household = exited(cast)
    make.make_member(household)
    fresh = split(household, cast)
    make.make_member(fresh)
    last = split(fresh, cast)
    assert Tracking.everywhere.get(household=last).until == Tracking.everywhere.first().until


def test_a_re_inclusion_of_who_split_off_ends_his_tracking_alone(cast, calendar):
    household = exited(cast)
    fresh = split(household, cast)
    make.make_survey(fresh, 2019, water=0)
    again = open_for(fresh, "reinclusion", by=cast.county_clerk)
    carry(again, cast, *IDENTIFIED[: IDENTIFIED.index("approve")])
    take(again, "approve", by=cast.county_approver, note="户籍资料待补，不影响认定")
    assert Tracking.everywhere.get(household=fresh).ended_by == again
    assert Tracking.everywhere.get(household=household).ended_on is None


def test_who_splits_off_after_the_end_of_the_support_is_not_tracked(cast, calendar):
    household = exited(cast)
    move_to(Tracking.everywhere.get().until + timedelta(days=1))
    split(household, cast)
    assert Tracking.everywhere.count() == 1


def test_the_database_refuses_a_tracking_of_another_household_by_that_exit(cast, tree):
    old = tracked(cast)
    other = make.make_household(state=State.EXITED)
    son = make.make_household(state=State.EXITED, split_from=old.household)
    known = {"case": old.case, "village_id": make.VILLAGE, "starts_on": business_date()}
    for household, until in ((other, old.until), (son, old.until + timedelta(days=1))):
        with pytest.raises(IntegrityError, match="approved exit"), transaction.atomic():
            Tracking.everywhere.create(household=household, until=until, **known)
    assert Tracking.everywhere.create(household=son, until=old.until, **known).pk


def test_a_re_inclusion_ends_it(cast, calendar):
    household = exited(cast)
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    again = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(again, cast, *IDENTIFIED)
    assert Tracking.everywhere.get().ended_by == again


def test_a_re_inclusion_taken_back_lets_it_go_on(cast, calendar):
    household = exited(cast)
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    again = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(again, cast, *IDENTIFIED[: IDENTIFIED.index("announce") + 1])
    assert Tracking.everywhere.get().ended_on is not None
    steps = machine_of(again.kind).steps_from("announced")
    back = next(step for step in steps if step.way == Way.REJECT)
    wait_for_notice(again)
    take(again, back.name, by=make.make_officer(Role.COUNTY_APPROVER), note="程序有误")
    household.refresh_from_db()
    assert household.state == State.EXITED
    assert Tracking.everywhere.get().ended_on is None


def test_an_upheld_appeal_takes_a_re_inclusion_back_and_lets_it_go_on(cast, calendar):
    household = exited(cast)
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    again = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(again, cast, *IDENTIFIED[: IDENTIFIED.index("announce") + 1])
    appeal = record_appeal(
        again.pk, by=cast.village_official, level="county", appellant="applicant",
        received_on=business_date(), text="请复核",
    )  # fmt: skip
    resolve_appeal(
        appeal.pk, by=make.make_officer(Role.COUNTY_APPROVER), result="uphold", finding="属实"
    )
    household.refresh_from_db()
    assert household.state == State.EXITED
    assert Tracking.everywhere.get().ended_on is None


def test_a_re_inclusion_after_an_upheld_appeal_ends_it(cast, calendar):
    household = exited(cast)
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    again = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(again, cast, "apply", "visit", "compare")
    take(
        again, "vote_down", by=cast.village_official, note="不同意",
        votes_for=10, votes_against=14, abstentions=0,
    )  # fmt: skip
    appeal = record_appeal(
        again.pk, by=cast.village_official, level="county", appellant="applicant",
        received_on=business_date(), text="请复核",
    )  # fmt: skip
    second = make.make_officer(Role.COUNTY_APPROVER)
    resolve_appeal(appeal.pk, by=second, result="uphold", finding="属实")
    assert Tracking.everywhere.get().ended_on is None
    again.refresh_from_db()
    carry(again, cast, *IDENTIFIED[1:])
    assert Tracking.everywhere.get().ended_by == again


def test_the_page_of_an_appeal_lets_the_tracking_go_on(cast, calendar, signed_in):
    household = exited(cast)
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    again = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(again, cast, *IDENTIFIED[: IDENTIFIED.index("announce") + 1])
    appeal = record_appeal(
        again.pk, by=cast.village_official, level="county", appellant="applicant",
        received_on=business_date(), text="请复核",
    )  # fmt: skip
    signed_in(make.make_officer(Role.COUNTY_APPROVER)).post(
        reverse("pages:case_appeal_result", args=[again.pk, appeal.pk]),
        {"result": "uphold", "finding": "属实"},
    )
    assert Tracking.everywhere.get().ended_on is None


def test_a_household_without_a_visit_comes_first_and_is_overdue(
    cast, signed_in, long_ago, calendar
):
    fresh = tracked(cast)
    old = tracked(cast, starts_on=long_ago)
    client = signed_in(cast.village_official)
    assert listed(client) == [old.pk, fresh.pk]
    assert listed(client, "?kind=overdue") == [old.pk]


def test_a_visit_in_time_is_not_overdue(cast, signed_in, long_ago):
    old = tracked(cast, starts_on=long_ago)
    make_visit(old.household, business_date(), cast.village_official)
    client = signed_in(cast.village_official)
    assert listed(client) == [old.pk]
    assert listed(client, "?kind=overdue") == []


def test_who_has_no_helper_is_listed(cast, signed_in):
    helped, alone = tracked(cast), tracked(cast)
    make.make_pairing(helped.household)
    assert listed(signed_in(cast.county_clerk), "?kind=unhelped") == [alone.pk]


def test_what_ended_or_ran_out_is_not_listed(cast, signed_in, long_ago):
    tracked(cast, starts_on=long_ago, until=business_date() - timedelta(days=1))
    assert listed(signed_in(cast.county_clerk)) == []


def test_places_are_counted_below(cast, signed_in, long_ago):
    tracked(cast, starts_on=long_ago)
    tracked(cast, make.NEXT_VILLAGE)
    page = signed_in(cast.county_clerk).get(URL).context["page"]
    assert page.whole.counts == ["2", "1", "2"]
    rows = {row.division.pk: row.counts for row in page.parts}
    assert rows[make.TOWNSHIP] == ["2", "1", "2"]
    assert rows[make.OTHER_TOWNSHIP] == ["0", "0", "0"]


def test_a_role_without_names_sees_few_as_few_and_no_household(cast, signed_in):
    tracked(cast)
    page = signed_in(cast.city_reviewer).get(URL + f"?division={make.COUNTY}").context["page"]
    assert page.lines == []
    assert page.whole.counts[0] == "<5"


def test_a_stranger_sees_nothing_of_it(cast, signed_in):
    tracked(cast)
    assert listed(signed_in(cast.stranger)) == []


def test_the_list_takes_as_many_queries_however_long_it_is(
    cast, signed_in, django_assert_max_num_queries
):
    for _ in range(4):
        tracked(cast)
    client = signed_in(cast.county_clerk)
    with django_assert_max_num_queries(16):
        assert len(listed(client)) == 4


def test_the_database_refuses_a_tracking_without_an_exit(cast, tree):
    household = make.make_household(state=State.EXITED)
    case = make.make_case(household, state="checked")
    with pytest.raises(IntegrityError, match="approved exit"), transaction.atomic():
        Tracking.everywhere.create(
            case=case, household=household, village_id=make.VILLAGE,
            starts_on=business_date(), until=business_date(),
        )  # fmt: skip


@pytest.mark.parametrize(
    "change", ["until = until + 1", "household_id = household_id + 1", "starts_on = starts_on - 1"]
)
def test_the_database_refuses_another_length_of_it(cast, change):
    tracked(cast)
    with (
        pytest.raises(IntegrityError, match="fixed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE exits_tracking SET {change}")


def test_the_page_names_its_links(cast, signed_in, in_english):
    page = signed_in(cast.county_clerk).get(reverse("exits:tracking")).text
    assert "Tracking begins with the approval of an exit." in page
