"""Two doors, one set of rules: what the page refuses, REST refuses with the same code and sentence.

The table of bad values is made from the table of fields: each field gets every candidate that its
own rule refuses. A field that refuses none of them fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.entry import fields
from households.entry.drafts import open_draft
from households.entry.fields import CHOICES, LINES, Field
from households.importing.cells import BadCell
from households.importing.reasons import say
from households.models import Draft, Household, Member, YearFreeze
from registry.pages.registering.steps import STEPS
from tests import factories as make
from tests.api.conftest import Door, new_household, new_person
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CANDIDATES = (
    "no-such-code",
    "x" * 501,
    "１２３",
    "9" * 40,
    "-1",
    "1.234",
    "2019-02-30",
    "2999-01-01",
    "=1+1",
    "a\0b",
    "13",
    "12",
    "01,02,03",
)
KNOWN_LINE = {"kind": "wage_income", "item": "wage_away", "amount": "10.00"}


@dataclass(frozen=True)
class Bad:
    """A value that a field's rule refuses, and what the rule says."""

    one: Field
    text: str
    code: str
    sentence: str


def rule_of(one: Field) -> Callable[[str], Any]:
    if LINES.get(one.name) is one:
        return fields.line_rules()[one.name]
    today = business_date()
    return fields.rules(one.step, today=today, year=today.year)[one.name]


def bad_values(one: Field) -> Iterator[Bad]:
    rule = rule_of(one)
    for text in CANDIDATES:
        try:
            rule(text)
        except BadCell as bad:
            yield Bad(one, text, bad.code, say(bad.code, bad.params))


ALL = [*fields.FIELDS, *fields.LINE_FIELDS]
NAMES = [f"{one.step}.{'line.' if LINES.get(one.name) is one else ''}{one.name}" for one in ALL]


@pytest.fixture
def page(cast, signed_in) -> Client:
    return signed_in(cast.village_official)


@pytest.fixture
def draft(cast) -> Draft:
    """A new household whose head is entered."""
    return open_draft(
        make.VILLAGE, by=cast.village_official, year=business_date().year, head=new_person()
    )


def at_rest(door: Door, bad: Bad) -> Any:
    """The answer to a body with the bad value at its field."""
    one, body = bad.one, new_household(members=[new_person()], survey={"year": 2019})
    value: Any = bad.text.split(",") if one.sort == CHOICES else bad.text
    if LINES.get(one.name) is one:
        body["survey"]["lines"] = [KNOWN_LINE | {one.name: value}]
    elif one.step == fields.MEMBERS:
        body["members"][0][one.name] = value
    elif pointer_of(one).startswith("/survey"):
        body["survey"][one.name] = value
    else:
        body[one.name] = value
    return door.post("households/", body)


def pointer_of(one: Field) -> str:
    if LINES.get(one.name) is one:
        return f"/survey/lines/0/{one.name}"
    if one.step == fields.MEMBERS:
        return f"/members/0/{one.name}"
    on_survey = one.step in (fields.INCOMES, fields.LIVING) and one.name != "housing_grade"
    return f"/survey/{one.name}" if on_survey else f"/{one.name}"


def on_page(page: Client, draft: Draft, bad: Bad) -> Any:
    """The page's answer to the step with the bad value at its field."""
    one = bad.one
    value: Any = bad.text.split(",") if one.sort == CHOICES else bad.text
    data: dict[str, Any] = {one.name: value}
    if LINES.get(one.name) is one:
        data = {f"0-{name}": text for name, text in (KNOWN_LINE | {one.name: value}).items()}
    elif one.step == fields.MEMBERS:
        data = {f"0-{name}": text for name, text in (new_person() | {one.name: value}).items()}
    address = reverse("registering:step", args=[draft.uuid, one.step])
    return page.post(address, data | {"version": "0"})


def said_on_page(answer: Any, one: Field) -> list[str]:
    """The sentences at the field of the form that was shown."""
    form = answer.context["form"]
    is_row = LINES.get(one.name) is one or one.step == fields.MEMBERS
    return list((form.rows[0] if is_row else form).errors.get(one.name, ()))


def said_at_rest(answer: Any, pointer: str) -> list[tuple[str, str]]:
    return [
        (one["code"], one["detail"]) for one in answer.body["errors"] if one["pointer"] == pointer
    ]


@pytest.mark.parametrize("one", ALL, ids=NAMES)
def test_rest_refuses_what_the_rule_refuses_at_the_same_field(door, one):
    refused = list(bad_values(one))
    assert refused, "no candidate breaks the rule of this field"
    for bad in refused:
        answer = at_rest(door, bad)
        assert answer.status_code == 400, bad
        assert (bad.code, bad.sentence) in said_at_rest(answer, pointer_of(one)), bad
    assert not Household.everywhere.exists()


@pytest.mark.parametrize("one", ALL, ids=NAMES)
def test_the_page_refuses_what_the_rule_refuses_at_the_same_field(page, draft, one):
    bad = next(bad_values(one))
    answer = on_page(page, draft, bad)
    assert answer.status_code == 400, bad
    assert any(said.endswith(bad.sentence) for said in said_on_page(answer, one)), bad


def test_every_field_of_a_step_but_consent_has_a_place_at_both_doors():
    assert {one.step for one in ALL} | {fields.CONSENT} == set(STEPS)


def refused_alike(page: Client, draft: Draft, door: Door, people: list[dict[str, Any]]) -> str:
    """The code with which both doors refuse these people, with the same sentence."""
    at_door = door.post("households/", new_household(members=people))
    assert at_door.status_code == 400, at_door.body
    (fault,) = at_door.body["errors"]
    data = {f"{n}-{name}": text for n, row in enumerate(people) for name, text in row.items()}
    address = reverse("registering:step", args=[draft.uuid, fields.MEMBERS])
    shown = page.post(address, data | {"version": "0"})
    assert shown.status_code == 400
    assert fault["detail"] in " ".join(line.text for line in shown.context["form"].summary)
    return fault["code"]


def test_a_person_who_is_registered_elsewhere_is_refused_alike(page, draft, door):
    number = make.make_id_number()
    make.make_member(make.make_household(make.NEXT_VILLAGE), id_number=number)
    people = [new_person(id_number=number)]
    assert refused_alike(page, draft, door, people) == "active_elsewhere"


def test_two_heads_are_refused_alike(page, draft, door):
    people = [new_person(), new_person(name="赵大山")]
    assert refused_alike(page, draft, door, people) == "two_heads"


def test_no_head_is_refused_alike(page, draft, door):
    assert refused_alike(page, draft, door, [new_person(relation="03")]) == "no_head"


def test_one_person_on_two_rows_is_refused_alike(page, draft, door):
    people = [new_person(), new_person(name="李秀英", relation="02")]
    people[1]["id_number"] = people[0]["id_number"]
    assert refused_alike(page, draft, door, people) == "same_person"


def test_a_frozen_year_is_refused_alike(page, draft, door):
    year = business_date().year
    YearFreeze.objects.create(
        division_id=make.COUNTY, year=year, frozen_by=make.the_operator(), reason="test"
    )
    body = new_household(survey={"year": year, "wage_income": "10.00"})
    (fault,) = door.post("households/", body).body["errors"]
    address = reverse("registering:step", args=[draft.uuid, fields.INCOMES])
    lines = {f"0-{name}": text for name, text in KNOWN_LINE.items()}
    shown = page.post(address, lines | {"version": "0"})
    assert (fault["code"], fault["pointer"]) == ("year_frozen", "/survey/wage_income")
    assert fault["detail"] in " ".join(line.text for line in shown.context["form"].summary)


def test_a_village_outside_of_the_posting_is_refused_alike(page, door):
    person, village = new_person(), make.OTHER_COUNTY_VILLAGE
    refused = door.post("households/", new_household(village=village, members=[person]))
    assert (refused.status_code, refused.body["code"]) == (403, "outside_posting")
    start = {"village": village, "year": "2019", **person}
    page.post(reverse("registering:start"), start)
    assert not Draft.everywhere.filter(village=village).exists()
    assert not Member.objects.exists()


def test_a_household_that_changed_meanwhile_is_overwritten_by_neither_door(page, door, household):
    year = business_date().year
    opened = page.post(reverse("registering:update", args=[household.number]), {"year": str(year)})
    draft = Draft.everywhere.get(household=household)
    moment = timezone.now() + timedelta(seconds=1)
    Household.everywhere.filter(pk=household.pk).update(version=2, group="九组", updated_at=moment)
    page.post(reverse("registering:check", args=[draft.uuid]), {"seen": "1"})
    stale = door.patch(f"households/{household.number}/", {"group": "二组"}, If_Match='"1"')
    household.refresh_from_db()
    assert (opened.status_code, stale.status_code) == (302, 412)
    assert (household.group, household.version) == ("九组", 2)
