"""Explaining what looks odd before submitting: each finding by its own words, none of them lost."""

import pytest
from django.urls import reverse

from households.entry.drafts import Typed, content_of, open_draft, open_update, save_step
from households.entry.saving import enter_household
from households.models import Draft, Household, QualityIssue
from households.models.issues import IssueState
from tests import factories as make
from tests.web.households.entry.entered import content, entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = 2019
ETHNICITY, PHONE = "2_01_001", "4_01_001"


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


def filled(draft: Draft, by, **steps) -> Draft:
    for name, one in content(**steps).steps.items():
        seen = content_of(draft).step(name).version
        draft = save_step(draft.pk, name, by=by, seen=seen, typed=Typed(one.values, one.rows))
    return draft


@pytest.fixture
def draft(cast):
    """A sound one: nobody's ethnicity is known."""
    by = cast.village_official
    return filled(open_draft(make.VILLAGE, by=by, year=YEAR, head={"name": "陈大山"}), by)


def page(draft: Draft) -> str:
    return reverse("registering:check", args=[draft.uuid])


def send(client, draft: Draft, **explained: str):
    typed = {f"explain-{name}": text for name, text in explained.items()}
    return client.post(page(draft), {"version": draft.version, **typed})


def explanations(rule: str) -> dict[str, str]:
    found = QualityIssue.everywhere.filter(rule=rule, state=IssueState.EXPLAINED)
    return dict(found.values_list("member__name", "explanation"))


def test_each_member_is_explained_by_his_own_words(client, draft):
    send(client, draft, **{f"{ETHNICITY}-1": "证件遗失", f"{ETHNICITY}-0": "待核"})
    assert explanations(ETHNICITY) == {"陈大山": "待核", "周文海": "证件遗失"}


def test_explaining_the_second_of_two_leaves_the_first_open(client, draft):
    send(client, draft, **{f"{ETHNICITY}-1": "证件遗失"})
    assert explanations(ETHNICITY) == {"周文海": "证件遗失"}
    assert QualityIssue.everywhere.open().filter(rule=ETHNICITY, member__name="陈大山").exists()


def test_a_rule_without_its_row_explains_nobody(client, draft):
    send(client, draft, **{ETHNICITY: "证件遗失"})
    assert explanations(ETHNICITY) == {}


def test_the_page_has_a_field_for_each_finding(client, draft):
    text = client.get(page(draft)).text
    for row in (0, 1):
        assert f'id="explain-{ETHNICITY}-{row}" name="explain-{ETHNICITY}-{row}"' in text


def test_a_long_explanation_is_refused_at_its_field_and_kept_whole(client, draft):
    long, short = "长" * 201, "待核"
    answer = send(client, draft, **{f"{ETHNICITY}-0": long, f"{ETHNICITY}-1": short})
    assert answer.status_code == 400
    assert f'value="{long}" aria-invalid="true"' in answer.text
    assert f'value="{short}"' in answer.text
    assert f'href="#explain-{ETHNICITY}-0"' in answer.text
    assert not Household.everywhere.exists()


def test_two_hundred_characters_are_kept(client, draft):
    send(client, draft, **{f"{ETHNICITY}-0": "长" * 200})
    assert explanations(ETHNICITY) == {"陈大山": "长" * 200}


def test_an_explanation_stays_while_somebody_saves_a_step(client, cast, draft):
    seen = draft.version
    filled(draft, cast.village_official)
    typed = {"version": seen, f"explain-{ETHNICITY}-0": "证件遗失"}
    answer = client.post(page(draft), typed)
    assert answer.status_code == 409
    assert 'value="证件遗失"' in answer.text


def test_an_explanation_stays_while_a_fault_is_mended(client, cast, draft):
    by = cast.village_official
    faulty = filled(draft, by, household={"values": {"phone": "12"}})
    assert send(client, faulty, **{f"{ETHNICITY}-0": "证件遗失"}).status_code == 400
    step = reverse("registering:step", args=[draft.uuid, "household"])
    version = content_of(Draft.everywhere.get(pk=draft.pk)).step("household").version
    client.post(step, {"version": version, "group": "二组", "phone": "13800000001"})
    assert 'value="证件遗失"' in client.get(page(draft)).text


def test_an_explanation_stays_while_a_changed_household_is_compared(client, cast):
    by = cast.village_official
    household = enter_household(entry(), by=by, seen=None).household
    draft = open_update(household, by=by, year=2020)
    kept = content_of(draft).step("members").rows
    draft = filled(draft, by, members={"rows": kept})
    Household.everywhere.update(version=household.version + 1)
    assert send(client, draft, **{f"{ETHNICITY}-0": "证件遗失"}).status_code == 409
    client.post(reverse("registering:go_on", args=[draft.uuid]))
    draft.refresh_from_db()
    assert 'value="证件遗失"' in client.get(page(draft)).text


def test_what_was_explained_is_not_shown_again_after_submitting(client, draft):
    send(client, draft, **{f"{ETHNICITY}-0": "长" * 201})
    send(client, draft, **{f"{ETHNICITY}-0": "证件遗失"})
    assert "registering.parked" not in client.session
    assert "parked" not in client.session
