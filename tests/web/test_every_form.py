"""Every form of the site, sent with one wrong value of each class at each of its fields.

The answer has status 400, a summary that takes the focus, the fault at its field in the same
words, `aria-invalid`, and keeps what was typed. A form class without a page in tests/forms.py
fails.
The values come from tests/wrong_values.py.
"""

import html
import re
from collections.abc import Iterator

import pytest
from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from officers.rules import Role
from tests import factories as make
from tests.form_world import Place, World
from tests.forms import ACTING, ASKING, BASES, JUDGED_BEYOND_THEIR_FIELDS
from tests.web import test_every_route as every_route
from tests.wrong_values import SCRIPT, odd_values, wrong_values

standing, own = every_route.standing, every_route.own
cast, rows = every_route.cast, every_route.rows
OURS = ("trail", "divisions", "officers", "workflow", "households", "identification")
OURS += ("monitoring", "exits", "reviews", "exchange", "registry", "teams", "assistance")
SECRETS = (forms.PasswordInput, forms.HiddenInput, forms.FileInput)


@pytest.fixture
def world(cast, rows, signed_in, calendar) -> World:
    county = make.OTHER_CITY_COUNTY
    return World(
        cast,
        rows,
        signed_in,
        far_clerk=make.make_officer(Role.COUNTY_CLERK, county),
        far_approver=make.make_officer(Role.COUNTY_APPROVER, county),
    )


def classes(of: type = forms.BaseForm) -> Iterator[str]:
    """The full name of every form class of the project that the addresses can reach."""
    for one in of.__subclasses__():
        if one.__module__.split(".")[0] in OURS:
            yield f"{one.__module__}.{one.__qualname__}"
        yield from classes(one)


def opened(place: Place, world: World) -> tuple[Client, str, forms.BaseForm]:
    """The client, the form as its page shows it, and where that is sent."""
    path = place.path(world)
    client = world.signed_in(world.who(place.officer)) if place.officer else Client()
    answer = client.get(path, follow=True)
    assert answer.status_code in (200, 400), (path, answer.status_code)
    if answer.redirect_chain:
        path = answer.redirect_chain[-1][0]
    target = place.target(world) if place.target else path
    return client, target, answer.context[place.context]


def entries(form: forms.BaseForm, place: Place) -> dict[str, str]:
    """What a browser would send of the untouched page."""
    shown = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    return {name: str(value) for name, value in shown.items()} | place.sent


def said_at(text: str, bound: forms.BoundField) -> list[str]:
    """The faults that the page shows at a field."""
    at = re.search(rf'<ul class="error" id="{bound.auto_id}_error">(.*?)</ul>', text, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", at[1], re.DOTALL) if at else []


def summary(text: str) -> str:
    """The summary that takes the focus; empty when there is none."""
    found = re.search(r"<div[^>]*data-focus.*?</ul>", text, re.DOTALL)
    return found[0] if found else ""


def lacks(answer: HttpResponse, bound: forms.BoundField, value: str) -> Iterator[str]:
    """What the answer to a wrong value at a field lacks; a wrong version may also be stale."""
    if bound.is_hidden and answer.status_code == 409:
        return
    if answer.status_code != 400:
        yield f"status {answer.status_code}"
        return
    text, top = answer.text, summary(answer.text)
    if bound.is_hidden:
        if not top:
            yield "no summary"
        return
    said = said_at(text, bound)
    if not said:
        yield "nothing at the field"
    if not all(sentence in top for sentence in said) or not top:
        yield "not in the summary"
    widgets = re.findall(rf'<[^>]*\bname="{re.escape(bound.html_name)}"[^>]*>', text)
    if not any('aria-invalid="true"' in one for one in widgets):
        yield "not marked as invalid"
    if "<title>Error:" not in text:
        yield "no word in the title"
    kept = isinstance(bound.field.widget, (forms.TextInput, forms.Textarea))
    kept = kept and not isinstance(bound.field.widget, SECRETS) and "\0" not in value
    if kept and html.escape(value) not in text:
        yield "what was typed is gone"


def sent_back(client: Client, method: str, path: str, data: dict[str, str]) -> HttpResponse:
    """The answer to one form; what it did to the database is undone."""
    with transaction.atomic():
        answer = getattr(client, method)(path, data)
        transaction.set_rollback(True)
    return answer


def test_every_form_has_a_page():
    assert get_resolver().url_patterns
    known = {name.split(" ")[0] for name in (*ACTING, *ASKING)} | BASES
    found = {one for one in classes() if not one.startswith(JUDGED_BEYOND_THEIR_FIELDS)}
    assert found - known == set()
    assert known - found == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTING))
def test_a_wrong_value_is_refused_at_its_field_and_kept(world, in_english, name):
    place = ACTING[name]
    client, path, form = opened(place, world)
    found = []
    for bound in form:
        for kind, value in wrong_values(bound.field):
            data = entries(form, place) | {bound.html_name: value}
            answer = sent_back(client, "post", path, data)
            found += [f"{bound.name} {kind}: {lack}" for lack in lacks(answer, bound, value)]
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({**ACTING, **ASKING}))
def test_what_was_typed_is_never_shown_as_markup(world, in_english, name):
    place = {**ACTING, **ASKING}[name]
    client, path, form = opened(place, world)
    found = []
    for bound in form:
        wrong = () if name in ACTING else wrong_values(bound.field)
        for kind, value in (*odd_values(bound.field), *wrong):
            data = entries(form, place) | {bound.html_name: value}
            answer = sent_back(client, "post" if name in ACTING else "get", path, data)
            if answer.status_code >= 500 or (
                not answer.streaming and SCRIPT.encode() in answer.content
            ):
                found.append(f"{bound.name} {kind}: {answer.status_code}")
    assert found == []
