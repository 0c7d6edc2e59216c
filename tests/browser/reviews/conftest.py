import pytest
from django.test import Client
from playwright.sync_api import Page

from officers.models import Officer
from tests import factories as make
from tests.cast import Cast, hire_all


@pytest.fixture
def officers(site: str) -> Cast:
    """The cast on the running site."""
    make.plant_tree()
    return hire_all()


@pytest.fixture
def open_as(browse, site: str):
    """Opens a page of the site as an officer."""

    def opened(officer: Officer, path: str, **kwargs) -> Page:
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        page = browse(**kwargs)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(path)
        return page

    return opened
