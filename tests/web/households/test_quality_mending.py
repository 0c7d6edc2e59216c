"""From a finding to the field that mends it."""

import pytest
from django.urls import reverse

from households.actions.quality import recheck
from households.entry.drafts import content_of
from households.models import Draft
from households.quality.rules import RULES
from households.rules import State
from registry.pages.registering.mending import target_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = 2019


@pytest.fixture
def household(tree):
    one = make.make_household(state=State.POOR, persons=2)
    make.make_survey(one, YEAR)
    recheck([one.pk], year=YEAR)
    return one


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


def mend(client, household, **said: str) -> str:
    """Where the act leads, without the draft's own part."""
    answer = client.post(reverse("registering:update", args=[household.number]), said)
    return answer.url.removeprefix(f"/register/{Draft.everywhere.get().uuid}/")


def test_every_rule_leads_to_a_place_that_the_page_has(client, household):
    mend(client, household)
    draft = Draft.everywhere.get()
    pages = {
        step: client.get(reverse("registering:step", args=[draft.uuid, step])).text
        for step in {rule.step for rule in RULES.values()}
    }
    missing = [
        (rule.id, target)
        for rule in RULES.values()
        for target in (target_of(rule.step, rule.field, 1 if rule.step == "members" else None),)
        if f'id="{target}"' not in pages[rule.step]
    ]
    assert not missing


def test_mending_a_fact_of_a_member_leads_to_his_row(client, household):
    page = client.get(f"{reverse('pages:quality_list')}?rule=2_01_002").text
    member = household.members.exclude(relation="01").get()
    assert f'name="person" value="{member.person_number}"' in page
    found = mend(client, household, next="members", field="health", person=member.person_number)
    rows = content_of(Draft.everywhere.get()).step("members").rows
    row = [one["person_number"] for one in rows].index(member.person_number)
    assert found.endswith(f"members/#id_{row}-health")


def test_mending_a_fact_of_the_household_leads_to_its_field(client, household):
    assert mend(client, household, next="household", field="phone").endswith("household/#id_phone")


@pytest.mark.parametrize("step", ["", "elsewhere", "//example.org"])
def test_an_unknown_step_leads_to_the_task_list(client, household, step):
    url = mend(client, household, next=step, field="phone")
    assert url in ("", "tasks/")


def test_an_unknown_field_or_person_leads_to_the_step(client, household):
    assert mend(client, household, next="living", field='"><b>').endswith("living/")
    url = mend(client, household, next="members", field="health", person="nobody")
    assert url.endswith("members/#grid-title")
