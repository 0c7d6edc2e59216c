"""Every route of the site, visited by those who must not get in.

A route is one of three: PUBLIC (anybody), OPEN (an officer; it names no row) or ROWS (its address
names a row: an officer of another county gets 404, whatever his role and method). A route without
an entry here fails, and so does an entry whose row the county's own officer cannot find.
"""

import pickle
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from officers.rules import Role
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.open_routes import OPEN, PUBLIC, SIGNED_OUT_SAFELY
from tests.web.route_addresses import Route
from tests.web.route_rows import Rows, make_rows
from tests.web.routes import ROWS

SIGN_IN = "/sign-in/"
BACKEND = "django.contrib.auth.backends.ModelBackend"

Standing = tuple[Cast, Rows, list[tuple[Role, SimpleCookie]]]

STRANGERS = {
    Role.VILLAGE_OFFICIAL: make.OTHER_COUNTY_VILLAGE,
    Role.TEAM_MEMBER: make.OTHER_COUNTY_VILLAGE,
    Role.TOWNSHIP_REVIEWER: "970124100",
    Role.COUNTY_CLERK: make.OTHER_COUNTY,
    Role.COUNTY_APPROVER: make.OTHER_COUNTY,
    Role.READER: make.OTHER_COUNTY,
    Role.AUDITOR: make.OTHER_COUNTY,
    Role.ACCOUNT_ADMIN: make.OTHER_COUNTY,
}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every route; a nameless one is known by its path.

    Those of the REST door are visited by tests/api/test_every_route.py.
    """
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "api":
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name or pattern.pattern}", pattern


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[bytes]:
    """The cast and one row of each kind, made once for a module and taken back at its end.

    The transaction of each test is a savepoint in this one: no test sees what another wrote.
    """
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        make.plant_tree()
        cast = hire_all()
        made = pickle.dumps((cast, make_rows(cast), [*strangers_sign_in()]))
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


def strangers_sign_in() -> Iterator[tuple[Role, SimpleCookie]]:
    """An officer of each role in another county, and what his browser keeps."""
    for role, division in STRANGERS.items():
        client = Client()
        client.force_login(make.make_officer(role, division), BACKEND)
        yield role, client.cookies


@pytest.fixture
def own(standing: bytes, db: None) -> Standing:
    """A test's own copy of what stands, so that no test keeps what another learnt of a row."""
    copied: Standing = pickle.loads(standing)  # noqa: S301 - made above
    return copied


@pytest.fixture
def cast(own: Standing) -> Cast:
    return own[0]


@pytest.fixture
def rows(own: Standing) -> Rows:
    return own[1]


def refusals(route: Route, method: str) -> set[int]:
    """404; a method that the page does not have may also be refused for everybody alike.

    Whoever asks for the address of a button is led to the page above, whether that is there or not.
    """
    if method == route.method:
        return {404}
    return {404, 302} if method == "get" else {404, 405}


def visit(client: Client, name: str, address: dict[str, Any], method: str) -> int:
    """The status of one visit by address."""
    return getattr(client, method)(reverse(name, kwargs=address)).status_code


def test_every_route_has_one_entry():
    known = [*PUBLIC, *SIGNED_OUT_SAFELY, *OPEN, *ROWS]
    assert len(known) == len(set(known))
    assert {name for name, _ in routes()} == set(known)


def test_a_route_that_names_something_is_a_row_or_public():
    addressed = {name for name, pattern in routes() if pattern.pattern.regex.groups}
    assert addressed <= set(ROWS) | PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted([*OPEN, *ROWS]))
def test_an_anonymous_visitor_is_sent_to_the_sign_in(client, rows, name):
    address = ROWS[name].address(rows) if name in ROWS else {}
    for method in ("get", "post"):
        response = getattr(client, method)(reverse(name, kwargs=address))
        assert response.status_code == 302
        assert response.url.startswith(SIGN_IN)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_stranger_from_another_county_finds_no_row(own, rows, name):
    route, client = ROWS[name], Client()
    found = []
    for role, cookies in own[2]:
        client.cookies = cookies
        for method in ("get", "post"):
            if visit(client, name, route.address(rows), method) not in refusals(route, method):
                found.append((role, method))
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in ROWS if ROWS[name].mixed))
def test_a_foreign_row_is_not_found_below_a_row_of_ones_own(cast, rows, signed_in, name):
    route = ROWS[name]
    role = Role(getattr(cast, route.insider).posting.role)
    client = signed_in(make.make_officer(role, STRANGERS[role]))
    assert visit(client, name, route.mixed(rows), route.method) == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROWS))
def test_an_officer_without_posting_finds_no_row(cast, rows, signed_in, name):
    route = ROWS[name]
    assert visit(signed_in(cast.nobody), name, route.address(rows), route.method) == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_countys_own_officer_finds_the_row(cast, rows, signed_in, name):
    route = ROWS[name]
    client = signed_in(getattr(cast, route.insider))
    assert visit(client, name, route.address(rows), route.method) != 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OPEN))
def test_an_officer_without_posting_gets_no_error_on_open_pages(cast, signed_in, name):
    assert visit(signed_in(cast.nobody), name, {}, "get") in {200, 302, 403, 404}
