"""Step 4, living conditions: what follows from other facts is proposed, what is stated counts."""

import pytest
from django.urls import reverse

from households.entry.drafts import Typed, content_of, open_draft, save_step
from households.models import Draft
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CHILD = {"name": "陈小", "relation": "03", "birth_date": "2012-05-01", "no_id_reason": "2"}


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


@pytest.fixture
def draft(cast) -> Draft:
    """A head who is insured and a child of whom nothing is known."""
    head = {"name": "陈大山", "id_number": make.make_id_number(), "medical_insurance": "1"}
    one = open_draft(make.VILLAGE, by=cast.village_official, year=2019, head=head)
    rows = [*content_of(one).step("members").rows, CHILD]
    return save_step(one.pk, "members", by=cast.village_official, seen=0, typed=Typed({}, rows))


def url(draft: Draft) -> str:
    return reverse("registering:step", args=[draft.uuid, "living"])


def chosen(page: str, name: str) -> str:
    """The code that a select shows as chosen, "" for none."""
    start = page.index(f'name="{name}"')
    options = page[start : page.index("</select>", start)]
    return options.split('" selected')[0].rpartition('value="')[2] if "selected" in options else ""


def test_what_the_members_say_is_proposed_with_the_reason(client, cast, draft):
    rows = [dict(row, medical_insurance="0") for row in content_of(draft).step("members").rows]
    save_step(draft.pk, "members", by=cast.village_official, seen=1, typed=Typed({}, rows))
    page = client.get(url(draft)).text
    assert chosen(page, "medical") == "0"
    assert "Members without basic medical insurance: 2." in page


def test_what_is_unknown_is_not_proposed(client, draft):
    page = client.get(url(draft)).text
    assert chosen(page, "medical") == ""
    assert chosen(page, "education") == ""


def test_what_is_stated_against_other_facts_stands_and_is_told(client, draft):
    sent = {"housing": "1", "housing_grade": "D", "version": "0", "act": "tasks"}
    client.post(url(draft), sent)
    page = client.get(url(draft)).text
    assert chosen(page, "housing") == "1"
    assert "differs from the other facts" in page


def test_a_guarantee_not_met_says_what_follows(client, draft):
    client.post(url(draft), {"water": "0", "version": "0", "act": "tasks"})
    assert "lack of water" in client.get(url(draft)).text


def test_what_is_typed_is_kept_before_a_photo_is_added(client, draft):
    sent = {"water": "1", "version": "0", "act": "photo-water"}
    answer = client.post(url(draft), sent)
    evidence = reverse("pages:evidence", args=["draft", draft.uuid])
    assert answer.url == f"{evidence}?purpose=water"
    assert content_of(Draft.everywhere.get()).step("living").values["water"] == "1"
