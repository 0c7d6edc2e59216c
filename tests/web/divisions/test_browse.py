"""The list of divisions: within the posting, one place at a time."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def page(client, **query) -> str:
    return client.get("/divisions/", query).content.decode()


def test_it_begins_with_the_own_division(cast, signed_in):
    html = page(signed_in(cast.county_clerk))
    assert "城关镇" in html
    assert "石桥乡" in html
    assert "白水县" not in html


def test_it_goes_down_one_level(cast, signed_in):
    html = page(signed_in(cast.county_clerk), at=make.TOWNSHIP)
    assert "东沟村" in html
    assert make.VILLAGE in html


def test_a_place_outside_the_posting_is_not_found(cast, signed_in):
    client = signed_in(cast.county_clerk)
    assert client.get("/divisions/", {"at": make.OTHER_COUNTY}).status_code == 404
    assert client.get("/divisions/", {"at": make.CITY}).status_code == 404
    assert client.get("/divisions/", {"at": "x' OR 1=1"}).status_code == 404


def test_a_name_that_several_have_is_told_apart(cast, signed_in):
    html = page(signed_in(cast.county_clerk), q="东沟")
    assert "970123100200" in html
    assert "970123201200" in html
    assert "970124100200" not in html


def test_nothing_found_offers_a_way_on(cast, signed_in):
    assert 'class="empty"' in page(signed_in(cast.county_clerk), q="没有")


def test_an_officer_without_posting_sees_no_place(cast, signed_in):
    html = page(signed_in(cast.nobody))
    assert "青山县" not in html


def test_the_page_costs_few_queries(cast, signed_in, django_assert_max_num_queries):
    client = signed_in(cast.province_officer)
    with django_assert_max_num_queries(12):
        page(client)
