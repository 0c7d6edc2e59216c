"""A page that is not there still tells the visitor where to go."""

import pytest

from tests.axe import violations


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_of_a_wrong_address_has_no_accessibility_violations(browse, locale, width):
    page = browse(locale=locale, width=width)
    page.goto("/nowhere/")
    assert violations(page) == []
