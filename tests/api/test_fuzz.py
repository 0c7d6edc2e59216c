"""Whatever is sent, the door answers: no defect of its own, always a problem of its catalogue."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.api.shapes import HOUSEHOLD_FIELDS, LINE_FIELDS, LIVING_FIELDS, PERSON_FIELDS
from officers.rules import Scope
from registry.api.catalogue import PROBLEMS
from tests import factories as make
from tests.api.conftest import Door, issue

NAMES = [
    *(one.name for one in (*HOUSEHOLD_FIELDS, *LINE_FIELDS, *LIVING_FIELDS, *PERSON_FIELDS)),
    *("village", "year", "members", "survey", "lines", "reasons", "state", "__proto__", ""),
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["01", "0", "1", "1.50", "2019-01-01", make.VILLAGE, "\0", "\u202e", "𠮷"]),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=12,
)
PERSONS = st.fixed_dictionaries({"name": TEXTS, "relation": TEXTS}) | st.dictionaries(
    st.sampled_from(NAMES), VALUES, max_size=6
)
BODIES = VALUES | st.fixed_dictionaries(
    {"village": st.just(make.VILLAGE), "members": st.lists(PERSONS, max_size=3)},
    optional={name: VALUES for name in NAMES if name not in ("village", "members")},
)
PARAMETERS = st.dictionaries(
    st.sampled_from(["division", "status", "year", "updated_since", "cursor", "limit", "x"]),
    TEXTS,
    max_size=3,
)
QUIET = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture
def key(household: Any, settings: Any) -> str:
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    return issue(make.COUNTY, *Scope).text


def sound(answer: Any) -> bool:
    """An answer, or a refusal of the catalogue that is no defect."""
    if answer.status_code < 400:
        return True
    body = answer.json()
    known = body["code"] in PROBLEMS and body["status"] == answer.status_code < 500
    return known and answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@QUIET
@given(body=BODIES, parts=st.sampled_from(["", "{}/", "{}/members/", "{}/surveys/"]))
def test_no_body_finds_a_defect(household, key, body, parts):
    path = "households/" + parts.format(household.number)
    method = "PATCH" if parts == "{}/" else "POST"
    assert sound(Door(key).send(method, path, body, If_Match=f'"{household.version}"'))


@pytest.mark.django_db
@QUIET
@given(parameters=PARAMETERS, name=st.sampled_from(["households/", "divisions/", "codes/"]))
def test_no_query_finds_a_defect(key, parameters, name):
    client = Client(headers={"Authorization": f"Bearer {key}"})
    assert sound(client.get(f"/api/v1/{name}", parameters))


@pytest.mark.django_db
@QUIET
@given(number=st.text(min_size=1, max_size=30))
def test_no_number_finds_a_defect(key, number):
    client = Client(headers={"Authorization": f"Bearer {key}"})
    assert sound(client.get(f"/api/v1/households/{number}/finding/"))
