"""Every field of every step comes back after the session ended in the middle: none is lost."""

import random
from datetime import date
from html.parser import HTMLParser

import pytest
from django.http import QueryDict
from django.urls import reverse

from households.entry import fields
from households.entry.drafts import content_of, open_draft
from households.entry.fields import Field
from households.incomes import items
from households.models import Draft
from registry.pages.registering.forms.base import Work
from registry.pages.registering.steps import STEPS
from tests import factories as make

pytestmark = pytest.mark.django_db
WORDS = {"applicant": ("head", "proxy"), "way": ("photo", "slip")}
TEXTS = ("一组", "12 34", "O'Brien & <b>", "𠮷野家", "9,9", "  blank before", '"quoted"')


class Filled(HTMLParser):
    """What the form of a page would send."""

    def __init__(self, page: str):
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._in_template = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name = found.get("name", "")
        self._in_template += tag == "template"
        if self._in_template:
            return
        if tag == "input" and (
            found.get("type") not in ("checkbox", "radio") or "checked" in found
        ):
            self.sent.setdefault(name, []).append(found.get("value") or "")
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
        elif tag == "option" and "selected" in found:
            self.sent.setdefault(self._select, []).append(found.get("value") or "")

    def handle_endtag(self, tag):
        self._in_template -= tag == "template"
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data):
        if self._area and data.strip():
            self.sent.setdefault(self._area, []).append(data.removeprefix("\n"))


def typed_of(one: Field, dice: random.Random) -> str:
    """Something that can stand in the field, sound or not."""
    if one.name in WORDS:
        return dice.choice(WORDS[one.name])
    if one.choices():
        return dice.choice([code for code, _label in one.choices()])
    return dice.choice(TEXTS)


def filled(step: str, dice: random.Random) -> dict[str, str | list[str]]:
    """Every field of a step, as a browser sends it."""
    if step == fields.MEMBERS:
        return {
            f"{row}-{name}": typed_of(one, dice)
            for row in range(3)
            for name, one in fields.BY_STEP[step].items()
        }
    if step == fields.INCOMES:
        return incomes(dice)
    return {
        name: [typed_of(one, dice)] if one.sort == fields.CHOICES else typed_of(one, dice)
        for name, one in fields.BY_STEP[step].items()
    }


def incomes(dice: random.Random) -> dict[str, str | list[str]]:
    sent: dict[str, str | list[str]] = {}
    for row, kind in enumerate(fields.BY_STEP[fields.INCOMES]):
        own = [one.item for one in items().values() if one.kind == kind]
        sent |= {f"{row}-kind": kind, f"{row}-item": dice.choice(own)}
        sent |= {f"{row}-{n}": dice.choice(TEXTS) for n in ("amount", "text", "quantity")}
        sent[fields.REASON_PREFIX + kind] = dice.choice(TEXTS)
        sent[fields.NONE_PREFIX + kind] = "1"
        sent[kind] = dice.choice(TEXTS)
    return sent


def as_lists(sent: dict[str, str | list[str]]) -> dict[str, list[str]]:
    return {name: [text] if isinstance(text, str) else text for name, text in sent.items()}


def posted(sent: dict[str, str | list[str]]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, texts in as_lists(sent).items():
        found.setlist(name, texts)
    return found


@pytest.mark.parametrize("step", STEPS)
def test_no_field_is_lost_when_the_session_ended_in_the_middle(client, cast, step, full_counts):
    head = {"name": "陈大山", "id_number": make.make_id_number(born=date(1970, 5, 6))}
    draft = open_draft(make.VILLAGE, by=cast.village_official, year=2019, head=head)
    url = reverse("registering:step", args=[draft.uuid, step])
    form = STEPS[step].form
    for seed in range(10 if full_counts else 1):
        client.logout()
        sent = filled(step, random.Random(seed))
        version = content_of(Draft.everywhere.get()).step(step).version
        client.post(url, {"version": version, **sent})
        client.force_login(cast.village_official, "django.contrib.auth.backends.ModelBackend")
        back = Filled(client.get(url).content.decode()).sent
        assert {name: back.get(name) for name in sent} == as_lists(sent)
        client.post(url, {name: back[name] for name in (*sent, "version")})
        kept = content_of(Draft.everywhere.get()).step(step)
        expected = form.typed(posted(sent), Work(make.VILLAGE, 2019, date(2019, 6, 1)))
        assert kept.same_as(expected)
