"""From the proposal of a candidate to the term: conditions, hands, what stands in the way."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from officers.rules import Role
from registry.pages.cases.batch import tallies
from registry.pages.queries.home import tasks_of
from teams.actions.cadres import link_account
from teams.actions.dispatching import Wanted, propose_candidate, send_again
from teams.models import Candidacy, Term
from teams.refusals import EntryRefused
from teams.rules.terms import Post
from tests import factories as make
from tests.procedures import move_date
from tests.web.teams.sent import TO_COME, approved, post, proposed, step
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.errors import AlreadyOpen, Incomplete
from workflow.models import Case

pytestmark = pytest.mark.django_db
FIRST_SECRETARY, MEMBER = Post.FIRST_SECRETARY, Post.MEMBER
UNMET = [
    {"unit": None},
    {"working_since": date(2026, 1, 1)},
    {"born": date(1950, 1, 1)},
    {"is_healthy": False},
    {"party_member_since": None},
    {"working_since": None},
    {"is_healthy": None},
]


def entered(cadre, **more) -> dict:
    first = business_date() + TO_COME
    known = {"person": cadre.number, "village": make.VILLAGE, "post": "first_secretary"}
    return known | {"starts_on": first, "due_on": ""} | more


def test_a_candidate_is_proposed_checked_approved_and_sent(cast):
    cadre = make.make_cadre()
    case = approved(cast, cadre)
    step(case, "dispatch", cast.county_clerk)
    term = Term.everywhere.get()
    assert (term.cadre, term.village_id, term.post) == (cadre, make.VILLAGE, FIRST_SECRETARY)
    assert (term.unit, term.letter, term.case_id) == (cadre.unit, "组发〔2020〕7号", case.pk)
    assert term.starts_on == business_date() + TO_COME
    assert term.due_on == Candidacy.objects.get().due_on
    assert term.last_day is None
    assert [event.step for event in case.events.all()] == ["open", "check", "approve", "dispatch"]
    assert Change.objects.get(action="begin_term").subject_id == str(term.pk)
    case.refresh_from_db()
    assert case.closed_at is not None


def test_the_form_opens_a_case_with_the_planned_end_of_the_policy(cast, signed_in):
    cadre = make.make_cadre()
    client = signed_in(cast.township_reviewer)
    answer = client.post(reverse("teams:candidate_propose"), entered(cadre))
    candidacy = Candidacy.objects.get()
    assert answer.url == reverse("pages:case", args=[candidacy.case_id])
    first = business_date() + TO_COME
    assert candidacy.due_on == date(first.year + 2, first.month, first.day)
    facts = candidacy.case.facts
    assert (facts["cadre"], facts["version"], facts["post"]) == (cadre.number, 1, FIRST_SECRETARY)
    assert facts["rests_on"]["unit"] == cadre.unit_id
    assert {one["name"]: one["is_met"] for one in facts["checks"]} == dict.fromkeys(
        ("unit", "work", "health", "age", "party"), True
    )


def test_a_person_is_proposed_by_his_name_too_where_nobody_else_has_it(cast, signed_in):
    cadre = make.make_cadre(name="周启明")
    client, path = signed_in(cast.county_clerk), reverse("teams:candidate_propose")
    make.make_cadre(name="郑同名")
    make.make_cadre(name="郑同名")
    refused = client.post(path, entered(cadre, person="郑同名"))
    assert refused.status_code == 400
    assert refused.context["form"].errors["person"]
    assert client.post(path, entered(cadre, person="周启明")).status_code == 302
    assert Candidacy.objects.get().cadre == cadre


@pytest.mark.parametrize("record", UNMET, ids=lambda one: next(iter(one)))
def test_a_condition_that_is_not_met_or_not_known_stands_beside_the_others(cast, signed_in, record):
    cadre = make.make_cadre(**record)
    client = signed_in(cast.county_clerk)
    answer = client.post(reverse("teams:candidate_propose"), entered(cadre))
    assert answer.status_code == 400
    assert sorted(point.is_met is True for point in answer.context["points"]) == [
        False, True, True, True, True,
    ]  # fmt: skip
    assert len(answer.context["form"].non_field_errors()) == 1
    assert not Case.everywhere.exists()


def test_only_the_first_secretary_must_be_in_the_party(cast):
    cadre = make.make_cadre(party_member_since=None)
    assert proposed(cast.county_clerk, cadre, post(kind=MEMBER)).state == "proposed"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"village": "nowhere"}, "village"),
        ({"village": make.OTHER_TOWNSHIP_VILLAGE}, "village"),
        ({"person": "C99999999"}, "person"),
        ({"post": ""}, "post"),
    ],
)
def test_a_fault_stands_at_its_field(cast, signed_in, wrong, field):
    client = signed_in(cast.township_reviewer)
    typed = entered(make.make_cadre(), **wrong)
    answer = client.post(reverse("teams:candidate_propose"), typed)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]


def test_nobody_is_proposed_twice_at_a_time(cast, signed_in):
    cadre = make.make_cadre()
    case = proposed(cast.township_reviewer, cadre)
    with pytest.raises(AlreadyOpen):
        proposed(cast.county_clerk, cadre, post(make.OTHER_TOWNSHIP_VILLAGE))
    client = signed_in(cast.county_clerk)
    answer = client.post(reverse("teams:candidate_propose"), entered(cadre))
    assert reverse("pages:case", args=[case.pk]) in answer.content.decode()


def test_somebody_who_serves_is_proposed_for_days_after_his_last_alone(cast, in_english):
    last = business_date() + TO_COME
    term = make.make_term(last_day=last)
    with pytest.raises(EntryRefused) as refusal:
        proposed(cast.county_clerk, term.cadre, post(make.NEXT_VILLAGE, starts_on=last))
    [(field, text)] = refusal.value.faults
    assert field == "starts_on"
    assert term.village.name in text
    after = post(make.NEXT_VILLAGE, starts_on=last + timedelta(days=1))
    assert proposed(cast.county_clerk, term.cadre, after).state == "proposed"


def test_a_successor_is_approved_but_not_dispatched_while_the_place_has_no_end(cast):
    holder = make.make_term(post=FIRST_SECRETARY)
    case = approved(cast)
    with pytest.raises(Refused, match=holder.cadre.name):
        step(case, "dispatch", cast.county_clerk)
    holder.last_day, holder.end_reason = business_date(), "term"
    holder.save()
    assert step(case, "dispatch", cast.county_clerk).to_state == "dispatched"


def test_the_check_needs_its_opinions(cast):
    case = proposed(cast.township_reviewer)
    with pytest.raises(Incomplete) as refusal:
        step(case, "check", cast.county_clerk, evidence={"checked_on": business_date()})
    assert set(refusal.value.details["fields"]) == {"integrity", "ability"}


def test_who_proposed_or_checked_does_not_approve(cast):
    cast.county_clerk.postings.create(
        role=Role.TOWNSHIP_REVIEWER, division_id=make.TOWNSHIP, starts_on=make.POSTED_FROM
    )
    case = proposed(cast.county_clerk)
    step(case, "check", cast.county_clerk)
    with pytest.raises(NotAllowed):
        step(case, "approve", cast.county_clerk)
    assert step(case, "approve", cast.county_approver).decides


def test_nobody_proposes_checks_or_approves_himself(cast):
    own = make.make_cadre(account=cast.county_clerk)
    with pytest.raises(NotAllowed) as refusal:
        proposed(cast.county_clerk, own)
    assert refusal.value.code == "oneself"
    case = proposed(cast.township_reviewer, own)
    with pytest.raises(NotAllowed):
        step(case, "check", cast.county_clerk)
    case = proposed(cast.township_reviewer, make.make_cadre(account=cast.county_approver))
    step(case, "check", cast.county_clerk)
    with pytest.raises(NotAllowed):
        step(case, "approve", cast.county_approver)


@pytest.mark.parametrize("name", ["check", "approve", "dispatch"])
def test_a_record_that_changed_is_not_decided_on_and_the_difference_is_told(cast, signed_in, name):
    case = proposed(cast.township_reviewer)
    hands = {"check": cast.county_clerk, "approve": cast.county_approver}
    for before in ("check", "approve"):
        if before == name:
            break
        step(case, before, hands[before])
    cadre = Candidacy.objects.get().cadre
    cadre.working_since = date(2010, 1, 1)
    cadre.save()
    with pytest.raises(Stale) as refusal:
        step(case, name, hands.get(name, cast.county_clerk))
    [difference] = refusal.value.details["differences"]
    assert (difference["before"], difference["after"]) == ("2007-08-01", "2010-01-01")
    assert not Term.everywhere.exists()


def test_an_account_that_is_linked_meanwhile_changes_nothing(cast):
    cadre = make.make_cadre(name="周启明")
    case = approved(cast, cadre)
    account = make.make_officer(name="周启明")
    link_account(cadre.pk, account.username, by=cast.county_clerk)
    assert step(case, "dispatch", cast.county_clerk).to_state == "dispatched"


def test_a_returned_candidate_is_mended_and_sent_again(cast, signed_in):
    case = proposed(cast.township_reviewer)
    step(case, "return", cast.county_clerk, note="请改任期")
    client, path = (
        signed_in(cast.township_reviewer),
        reverse("teams:candidate_mend", args=[case.pk]),
    )
    assert path in client.get(reverse("pages:case", args=[case.pk])).content.decode()
    case.refresh_from_db()
    first = business_date() + timedelta(days=40)
    typed = {"post": "member", "starts_on": first, "due_on": first + TO_COME}
    stale = client.post(path, typed | {"version": case.version - 1})
    assert stale.status_code == 409
    assert client.post(path, typed | {"version": case.version}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.facts["post"]) == ("proposed", "member")
    assert Candidacy.objects.get().starts_on == first
    assert [event.step for event in case.events.all()][-2:] == ["amend", "resend"]


def test_a_candidate_is_sent_again_from_his_own_page_alone(cast):
    case = proposed(cast.township_reviewer)
    step(case, "return", cast.county_clerk, note="请改任期")
    with pytest.raises(Refused) as refusal:
        step(case, "resend", cast.township_reviewer)
    assert refusal.value.code == "mend_first"
    case.refresh_from_db()
    with pytest.raises(NotAllowed):
        send_again(case.pk, post(), by=cast.stranger, version=case.version)


def test_a_first_day_that_passed_becomes_today(cast, calendar):
    case = approved(cast)
    move_date(15)
    step(case, "dispatch", cast.county_clerk)
    assert Term.everywhere.get().starts_on == business_date()


def test_a_dispatch_whose_planned_end_has_come_begins_nothing(cast, calendar):
    first = business_date()
    case = approved(cast, None, Wanted(make.VILLAGE, MEMBER, first, first + TO_COME))
    move_date(15)
    with pytest.raises(Refused):
        step(case, "dispatch", cast.county_clerk)
    assert not Term.everywhere.exists()


def test_a_township_proposes_for_its_own_villages_and_the_county_its_own_people(cast):
    with pytest.raises(NotAllowed):
        proposed(cast.township_reviewer, None, post(make.OTHER_TOWNSHIP_VILLAGE))
    far = make.make_cadre(make.OTHER_COUNTY)
    with pytest.raises(NotAllowed):
        proposed(cast.county_clerk, far)
    for part in ("village_official", "county_approver", "first_secretary", "stranger"):
        with pytest.raises(NotAllowed):
            propose_candidate(make.make_cadre().pk, post(), by=getattr(cast, part))


def test_the_case_tells_who_goes_where_with_every_condition(cast, signed_in, in_english):
    cadre = make.make_cadre()
    case = proposed(cast.township_reviewer, cadre)
    page = signed_in(cast.county_clerk).get(reverse("pages:case", args=[case.pk]))
    account = page.context["cadre_account"]
    assert next(value for _label, value in account.rows) == f"{cadre.name} ({cadre.number})"
    assert [point.is_met for point in account.points] == [True] * 5
    assert cadre.name in page.content.decode()
    assert reverse("teams:cadre", args=[cadre.number]) in page.content.decode()


def test_the_case_says_what_comes_after_the_dispatch(cast, signed_in):
    case = approved(cast)
    step(case, "dispatch", cast.county_clerk)
    page = signed_in(cast.county_clerk).get(reverse("pages:case", args=[case.pk]))
    assert len(page.context["cadre_account"].remarks) == 2


def test_the_inbox_names_the_person_and_counts_no_members(cast, signed_in):
    case = proposed(cast.township_reviewer)
    page = signed_in(cast.county_clerk).get(reverse("pages:inbox"))
    [row] = page.context["page"].rows
    assert (row.case.pk, row.subject.householder) == (case.pk, Candidacy.objects.get().cadre.name)
    assert (row.subject.people, row.subject.group, row.flags) == (None, "", [])


def test_cadres_are_not_decided_on_in_batches(cast, signed_in):
    for _ in range(2):
        proposed(cast.township_reviewer, None, post(kind=MEMBER))
    assert tallies(cast.county_clerk, make.VILLAGE) == []
    path = reverse("pages:batch", args=[make.VILLAGE, "dispatch", "proposed"])
    assert signed_in(cast.county_clerk).get(path).status_code == 403


def test_open_candidates_are_listed_by_state_with_their_days(cast, signed_in, calendar):
    case = proposed(cast.township_reviewer)
    checked = proposed(cast.township_reviewer, None, post(kind=MEMBER))
    step(checked, "check", cast.county_clerk)
    move_date(3)
    client, path = signed_in(cast.county_approver), reverse("teams:candidates")
    assert [row.case.pk for row in client.get(path).context["rows"]] == [case.pk, checked.pk]
    [row] = client.get(path, {"state": "checked"}).context["rows"]
    assert (row.case.pk, row.days) == (checked.pk, 3)
    assert signed_in(cast.stranger).get(path).context["rows"] == []
    assert signed_in(cast.helper).get(path).status_code == 403


def test_account_administrators_see_who_cannot_sign_in_yet(cast, signed_in):
    account = make.make_officer()
    term = make.make_term(make.make_cadre(account=account))
    bare = make.make_term(starts_on=business_date() + TO_COME)
    make.make_term(make.make_cadre(make.OTHER_COUNTY), make.OTHER_COUNTY_VILLAGE)
    client, path = signed_in(cast.account_admin), reverse("teams:accounts")
    rows = client.get(path).context["rows"]
    assert [(row.term.pk, row.is_late) for row in rows] == [(term.pk, True), (bare.pk, False)]
    assert [task.count for task in tasks_of(cast.account_admin)] == [2]
    make.make_posting(account, Role.TEAM_MEMBER, make.VILLAGE)
    assert [row.term.pk for row in client.get(path).context["rows"]] == [bare.pk]
    assert signed_in(cast.county_clerk).get(path).status_code == 403
