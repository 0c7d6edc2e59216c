"""Several unflagged cases of a village decided together."""

from decimal import Decimal

import pytest
from django.urls import reverse

from households.rules import State
from identification.actions import record_red_line
from registry.pages.cases.batch import BATCH_SIZE, Place, decide_together
from tests import factories as make
from tests.procedures import IDENTIFIED, carry, move_date, open_for, take
from trail.errors import Refused
from workflow.actions import Order

TO_COUNTY = IDENTIFIED[: IDENTIFIED.index("approve")]
APPROVING = Place(make.VILLAGE, "identification", "rechecked")
PAGE_QUERIES = 20


@pytest.fixture
def cases(poor_of, cast, calendar):
    """Three cases that the county is to approve."""
    opened = [open_for(poor_of(), "identification", by=cast.county_clerk) for _ in range(3)]
    for case in opened:
        carry(case, cast, *TO_COUNTY)
    return opened


def url(place=APPROVING):
    return reverse("pages:batch", args=[place.village, place.kind, place.state])


def ticked(*cases):
    return [f"{case.pk}:{case.version}" for case in cases]


def post(client, *cases, **more):
    return client.post(url(), {"case": ticked(*cases), "note": ""} | more, follow=True)


def states(cases):
    for case in cases:
        case.refresh_from_db()
    return [case.state for case in cases]


def results(page):
    return {one["case"]: one["result"] for one in page.context["told"]}


def test_ticked_cases_are_approved_together_and_each_result_is_told(cases, cast, signed_in):
    page = post(signed_in(cast.county_approver), *cases[:2], approval_number="县批 7 号")
    assert states(cases) == ["approved", "approved", "rechecked"]
    assert results(page) == {cases[0].pk: "done", cases[1].pk: "done"}
    assert cases[0].events.last().evidence["approval_number"] == "县批 7 号"


def test_the_result_is_told_once(cases, cast, signed_in):
    client = signed_in(cast.county_approver)
    post(client, cases[0])
    assert client.get(url()).context["told"] == []


def test_the_common_reason_and_that_of_a_case_stand_together(cases, cast, signed_in):
    more = {"note": "集中审批", f"note_{cases[1].pk}": "补充说明"}
    post(signed_in(cast.county_approver), *cases[:2], **more)
    notes = [case.events.last().note for case in cases[:2]]
    assert notes == ["集中审批", "集中审批 / 补充说明"]


def test_a_flagged_case_cannot_be_ticked_and_is_refused(cases, cast, signed_in):
    client = signed_in(cast.county_approver)
    record_red_line(
        cases[0].pk, by=cast.township_reviewer, rule="cadre", member=None, found="村干部"
    )
    page = client.get(url())
    assert f'value="{ticked(cases[0])[0]}"' not in page.content.decode()
    assert [row.case.pk for row in page.context["batch"].flagged] == [cases[0].pk]
    page = post(client, *cases[:2])
    assert results(page) == {cases[0].pk: "refused", cases[1].pk: "done"}
    assert states(cases)[0] == "rechecked"


def test_a_case_close_to_the_line_is_refused_by_the_act(poor_of, cast, calendar):
    case = open_for(poor_of(income=9_650), "identification", by=cast.county_clerk)
    carry(case, cast, *TO_COUNTY)
    [result] = decide_together(
        APPROVING, [Order(case.pk, case.version)], by=cast.county_approver, note="", notes={},
        evidence={"approval_number": ""},
    )  # fmt: skip
    assert result.result == "refused"
    assert states([case]) == ["rechecked"]


def test_a_case_that_moved_since_it_was_seen_stays_as_it_is(cases, cast, signed_in):
    seen = ticked(cases[0])
    take(cases[0], "return", by=cast.county_clerk, note="补正", remarks={})
    page = signed_in(cast.county_approver).post(
        url(), {"case": [*seen, *ticked(cases[1])], "note": ""}, follow=True
    )
    assert results(page) == {cases[0].pk: "changed", cases[1].pk: "done"}
    assert states(cases)[0] == "applied"


def test_a_case_whose_household_changed_is_not_approved(cases, cast, signed_in):
    household = make.Household.everywhere.get(number=cases[0].subject)
    make.make_survey(
        household, 2019, wage_income=Decimal(5_000), housing=0, corrects=household.surveys.get()
    )
    page = post(signed_in(cast.county_approver), cases[0])
    assert results(page) == {cases[0].pk: "changed"}


def test_whoever_had_a_hand_in_a_case_leaves_it_to_another(cases, cast, signed_in):
    officer = cast.township_reviewer
    officer.postings.update(ends_on=cases[0].opened_on.replace(year=2019))
    make.make_posting(officer, make.Role.COUNTY_APPROVER)
    del officer.posting
    page = post(signed_in(officer), cases[0])
    assert results(page) == {cases[0].pk: "not_allowed"}


@pytest.mark.parametrize(
    "place",
    [
        Place(make.NEXT_VILLAGE, "identification", "rechecked"),
        Place(make.VILLAGE, "reinclusion", "rechecked"),
        Place(make.VILLAGE, "exit", "checked"),
    ],
    ids=["village", "kind", "procedure"],
)
def test_a_case_of_another_list_is_told_so_and_left(cases, cast, in_english, place):
    orders = [Order(cases[0].pk, cases[0].version)]
    [told] = decide_together(
        place, orders, by=cast.county_approver, note="", notes={},
        evidence={"approval_number": "7"},
    )  # fmt: skip
    assert (told.result, told.message) == (
        "refused", "This case is not one of this list. Open it by itself.",
    )  # fmt: skip
    assert states(cases) == ["rechecked"] * 3


def test_a_case_outside_the_posting_is_passed_over(cases, cast):
    orders = [Order(cases[0].pk, cases[0].version)]
    stranger = make.make_officer(make.Role.COUNTY_APPROVER, make.OTHER_COUNTY)
    told = decide_together(APPROVING, orders, by=stranger, note="", notes={}, evidence={})
    assert told == []


def test_a_case_in_another_state_with_the_same_step_is_left(poor_of, cast, calendar, in_english):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post", "check")
    take(case, "doubt", by=make.make_officer(make.Role.COUNTY_APPROVER), note="再看")
    [told] = decide_together(
        Place(make.VILLAGE, "exit", "checked"), [Order(case.pk, case.version)],
        by=cast.county_approver, note="同意", notes={}, evidence={},
    )  # fmt: skip
    assert (told.result, told.message) == (
        "refused", "This case is not one of this list. Open it by itself.",
    )  # fmt: skip
    assert states([case]) == ["doubted"]


def test_a_case_that_is_ticked_twice_is_decided_once(cases, cast, signed_in):
    page = signed_in(cast.county_approver).post(
        url(),
        {"case": [*ticked(cases[0]), f"{cases[0].pk}:{cases[0].version + 1}", *ticked(cases[0])],
         "note": "", "approval_number": "7"},
        follow=True,
    )  # fmt: skip
    assert [one["result"] for one in page.context["told"]] == ["done"]


def test_more_than_fifty_are_refused(cases, cast):
    orders = [Order(number, 1) for number in range(BATCH_SIZE + 1)]
    with pytest.raises(Refused) as refusal:
        decide_together(APPROVING, orders, by=cast.county_approver, note="", notes={}, evidence={})
    assert refusal.value.code == "too_many"


def test_nothing_ticked_is_an_error_that_keeps_what_was_typed(cases, cast, signed_in):
    page = signed_in(cast.county_approver).post(
        url(), {"note": "集中审批", f"note_{cases[0].pk}": "单独说明"}
    )
    assert page.status_code == 400
    assert "集中审批" in page.content.decode()
    assert "单独说明" in page.content.decode()


def test_a_role_that_takes_another_step_is_told_so(cases, cast, signed_in):
    assert signed_in(cast.township_reviewer).get(url()).status_code == 403
    village = Place(make.VILLAGE, "identification", "applied")
    assert signed_in(cast.village_official).get(url(village)).status_code == 403


@pytest.mark.parametrize("state", ["registered", "nowhere"])
def test_a_state_without_step_is_not_found(cast, signed_in, state):
    place = Place(make.VILLAGE, "identification", state)
    assert signed_in(cast.county_approver).get(url(place)).status_code == 404


def test_the_townships_batch_keeps_to_its_share_of_checks(poor_of, cast, calendar, signed_in):
    place = Place(make.VILLAGE, "identification", "noticed")
    cases = [open_for(poor_of(), "identification", by=cast.county_clerk) for _ in range(2)]
    for case in cases:
        carry(case, cast, *TO_COUNTY[: TO_COUNTY.index("review")])
    move_date(8)
    entries = {"case": ticked(*cases), "checked": "no", "opinion": "同意", "place": "公示栏"}
    client = signed_in(cast.township_reviewer)
    page = client.post(url(place), entries | {"note": ""}, follow=True)
    assert set(results(page).values()) == {"refused"}


def test_the_page_asks_the_same_queries_for_any_number_of_cases(
    cases, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county_approver)
    for case in cases[:2]:
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(url())
        take(case, "return", by=cast.county_clerk, note="补正", remarks={})
