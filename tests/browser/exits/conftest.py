"""Officers on a running site, each at a desk of his own."""

from collections.abc import Callable

import pytest
from django.test import Client

from officers.models import Officer
from tests import factories as make
from tests.browser.exits.desk import LANGUAGES, Desk
from tests.cast import Cast, hire_all

DeskOf = Callable[[Officer], Desk]


@pytest.fixture
def officers(site: str, calendar: None) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def desk_of(browse, site: str, locale: str, width: int) -> DeskOf:
    """The desk of an officer in the journey's language and size; it stays at hand."""
    desks: dict[int, Desk] = {}

    def of(officer: Officer) -> Desk:
        if officer.pk not in desks:
            page = browse(locale=locale, width=width)
            client = Client()
            client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
            session = client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
            desks[officer.pk] = Desk(page, LANGUAGES[locale], width)
        return desks[officer.pk]

    return of
