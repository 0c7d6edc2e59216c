"""Officers on a running site, and a page that is signed in."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from officers.models import Officer
from tests import factories as make
from tests.cast import Cast, hire_all


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def open_as(browse, site: str):
    """Opens a page of the site as an officer."""

    def opened(officer: Officer, path: str, **kwargs) -> Page:
        page = browse(**kwargs)
        sign_in(page, officer, site)
        page.goto(path)
        return page

    return opened


def sign_in(page: Page, officer: Officer, site: str) -> None:
    """Give the browser a session of the officer."""
    client = Client()
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
