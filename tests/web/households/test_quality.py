"""Soft rules in the register: found at every save, explained by people, fixed by mending."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from households.actions.quality import explain, recheck, recheck_all
from households.entry.drafts import Typed, content_of, open_draft, save_step
from households.entry.saving import enter_household
from households.models import QualityIssue
from households.models.issues import IssueState
from households.rules import State
from tests import factories as make
from tests.web.households.changes.changed import done, wanted
from tests.web.households.entry.entered import content, entry
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.errors import Incomplete

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = 2019


@pytest.fixture
def household(tree):
    """Without a phone, without living conditions, its people without health."""
    one = make.make_household(state=State.POOR, persons=2, main_cause="01")
    make.make_survey(one, YEAR)
    return one


def rules(household) -> set[str]:
    found = QualityIssue.everywhere.standing().filter(household=household)
    return set(found.values_list("rule", flat=True))


def one_issue(household, rule: str = "4_01_001") -> QualityIssue:
    recheck([household.pk], year=YEAR)
    return QualityIssue.everywhere.get(household=household, rule=rule)


def test_a_check_opens_what_it_finds(household):
    recheck([household.pk], year=YEAR)
    assert {"4_01_001", "2_01_002", "3_02_002"} <= rules(household)


def test_the_same_facts_again_open_nothing_new(household):
    recheck([household.pk], year=YEAR)
    before = QualityIssue.everywhere.count()
    recheck([household.pk], year=YEAR)
    assert QualityIssue.everywhere.count() == before


def test_what_is_mended_is_fixed_and_stays_on_record(household):
    issue = one_issue(household, "3_02_008")
    household.housing_grade = "A"
    household.save(update_fields=["housing_grade"])
    recheck([household.pk], year=YEAR)
    issue.refresh_from_db()
    assert issue.state == IssueState.FIXED
    assert issue.fixed_at is not None


def test_an_issue_of_a_person_names_him(household):
    recheck([household.pk], year=YEAR)
    found = QualityIssue.everywhere.filter(rule="2_01_002")
    assert {one.member_id for one in found} == {one.pk for one in household.members.all()}


def test_an_explained_issue_stays_explained(cast, household):
    issue = one_issue(household)
    explain(issue.pk, text="没有电话，由邻居代转", by=cast.village_official)
    recheck([household.pk], year=YEAR)
    issue.refresh_from_db()
    assert issue.state == IssueState.EXPLAINED


def explained_health(cast, household) -> list[QualityIssue]:
    """The empty health of both members, explained."""
    recheck([household.pk], year=YEAR)
    found = list(QualityIssue.everywhere.filter(rule="2_01_002").order_by("member_id"))
    for issue in found:
        explain(issue.pk, text="外出未归", by=cast.village_official)
    return found


def test_changed_facts_of_a_member_ask_him_again_and_nobody_else(cast, household):
    first, second = explained_health(cast, household)
    first.member.ethnicity = "02"
    first.member.save(update_fields=["ethnicity"])
    recheck([household.pk], year=YEAR)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (IssueState.OPEN, IssueState.EXPLAINED)


def test_a_birthday_asks_nothing_again(cast, household, monkeypatch):
    found = explained_health(cast, household)
    later = business_date() + timedelta(days=366)
    monkeypatch.setattr("households.actions.quality.business_date", lambda: later)
    recheck([household.pk], year=YEAR)
    states = QualityIssue.everywhere.filter(pk__in=[one.pk for one in found])
    assert set(states.values_list("state", flat=True)) == {IssueState.EXPLAINED}


@pytest.mark.parametrize("text", ["", "   ", "x" * 201])
def test_an_explanation_needs_words(cast, household, text):
    with pytest.raises(Incomplete):
        explain(one_issue(household).pk, text=text, by=cast.village_official)


def test_what_must_be_mended_is_not_explained(cast, household):
    issue = one_issue(household)
    QualityIssue.everywhere.filter(pk=issue.pk).update(severity=1)
    with pytest.raises(Refused) as refused:
        explain(issue.pk, text="解释", by=cast.village_official)
    assert refused.value.code == "must_mend"


@pytest.mark.parametrize("part", ["reader", "auditor", "county_approver", "stranger"])
def test_who_does_not_keep_the_facts_explains_nothing(cast, household, part):
    with pytest.raises(NotAllowed):
        explain(one_issue(household).pk, text="解释", by=getattr(cast, part))


def test_a_household_that_is_entered_is_checked_at_once(cast):
    saved = enter_household(entry(), by=cast.village_official, seen=None)
    assert "2_01_001" in rules(saved.household)
    assert "4_01_001" not in rules(saved.household)


def test_issues_move_with_their_household(cast, household):
    recheck([household.pk], year=YEAR)
    done(household, wanted("relocation", to_village=make.OTHER_TOWNSHIP_VILLAGE), cast)
    recheck([household.pk], year=YEAR)
    places = QualityIssue.everywhere.standing().filter(household=household)
    assert set(places.values_list("village_id", flat=True)) == {make.OTHER_TOWNSHIP_VILLAGE}


def test_many_households_cost_no_more_queries(household, django_assert_num_queries):
    others = [make.make_household(persons=2) for _ in range(3)]
    for one in others:
        make.make_survey(one, YEAR)
    keys = [household.pk, *(one.pk for one in others)]
    recheck_all(keys, year=YEAR)
    with django_assert_num_queries(12):
        recheck(keys[:1], year=YEAR)
    with django_assert_num_queries(12):
        recheck(keys, year=YEAR)


def test_a_whole_division_is_checked_by_command(household, capsys):
    call_command("check_quality", "--division", make.COUNTY, "--year", str(YEAR))
    assert "1 households" in capsys.readouterr().out
    assert rules(household)


def test_the_overview_counts_by_rule_village_and_editor(cast, signed_in, household):
    recheck([household.pk], year=YEAR)
    page = signed_in(cast.township_reviewer).get(reverse("pages:quality")).text
    assert "No phone number is on record." in page
    for heading in ("By rule", "By village", "By who recorded it"):
        assert heading in page


def test_the_list_leads_to_household_and_explanation(cast, signed_in, household):
    issue = one_issue(household)
    page = signed_in(cast.village_official).get(f"{reverse('pages:quality_list')}?rule=4_01_001")
    assert reverse("pages:household", args=[household.number]) in page.text
    assert reverse("pages:quality_explain", args=[issue.pk]) in page.text


def test_an_explanation_on_the_page(cast, signed_in, household):
    issue = one_issue(household)
    client = signed_in(cast.village_official)
    address = reverse("pages:quality_explain", args=[issue.pk])
    assert client.post(address, {"explanation": ""}).status_code == 400
    assert client.post(address, {"explanation": "没有电话"}).status_code == 302
    page = client.get(reverse("pages:household", args=[household.number])).text
    assert "没有电话" in page


@pytest.mark.parametrize("part", ["city_reviewer", "province_officer", "reader"])
def test_roles_without_names_read_no_single_facts(cast, signed_in, household, part):
    assert signed_in(getattr(cast, part)).get(reverse("pages:quality")).status_code == 403


def test_a_stranger_finds_nothing(cast, signed_in, household):
    issue = one_issue(household)
    client = signed_in(cast.stranger)
    assert client.get(reverse("pages:quality_explain", args=[issue.pk])).status_code == 404
    assert "No phone number" not in client.get(reverse("pages:quality")).text


def test_the_counts_are_a_file(cast, signed_in, household):
    recheck([household.pk], year=YEAR)
    response = signed_in(cast.county_clerk).get(reverse("pages:quality_csv"))
    assert "4_01_001" in response.content.decode()


def test_the_home_page_counts_what_waits(cast, signed_in, household):
    recheck([household.pk], year=YEAR)
    assert "Facts to check" in signed_in(cast.village_official).get("/").text


def test_what_looks_odd_in_a_draft_is_told_and_explained_with_it(cast, signed_in):
    draft = open_draft(make.VILLAGE, by=cast.village_official, year=YEAR, head={"name": "陈大山"})
    for name, one in content().steps.items():
        seen = content_of(draft).step(name).version
        typed = Typed(one.values, one.rows)
        draft = save_step(draft.pk, name, by=cast.village_official, seen=seen, typed=typed)
    client = signed_in(cast.village_official)
    address = reverse("registering:check", args=[draft.uuid])
    assert "The ethnicity is empty." in client.get(address).text
    client.post(address, {"version": draft.version, "explain-2_01_001-0": "证件遗失，正在补办"})
    found = QualityIssue.everywhere.filter(rule="2_01_001")
    states = dict(found.values_list("member__name", "state"))
    assert states == {"陈大山": IssueState.EXPLAINED, "周文海": IssueState.OPEN}
