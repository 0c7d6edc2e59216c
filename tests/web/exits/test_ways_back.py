"""From each page of an exit there is a way back: to its list, its place, its case."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.web.exits import standing as shared
from tests.web.exits.listed import YEAR, exit_of_county, exit_of_village, listed, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
standing, cast = shared.standing, shared.cast


def crumbs(client, target):
    """The links of the path at the head of a page."""
    page = client.get(target).text
    return page.partition('<nav class="crumbs"')[2].partition("</nav>")[0].replace("&amp;", "&")


@pytest.mark.parametrize(
    ("route", "arguments", "back"),
    [
        ("village", [make.VILLAGE], f"villages/?division={make.COUNTY}&year={YEAR}"),
        ("county", [make.COUNTY], f"counties/?division={make.CITY}"),
        ("record", [make.VILLAGE], f"records/?division={make.COUNTY}"),
        ("record_enter", [make.VILLAGE, YEAR], f"records/?division={make.COUNTY}&year={YEAR}"),
    ],
)
def test_the_way_back_leads_to_the_list_of_the_place(cast, signed_in, route, arguments, back):
    recorded()
    listed()
    listed(make.COUNTY)
    target = reverse(f"exits:{route}", args=arguments)
    assert f'href="/exits/{back}"' in crumbs(signed_in(cast.county_clerk), target)


def test_from_a_judgement_there_is_a_way_back_to_village_and_case(cast, signed_in):
    case = exit_of_village(make.VILLAGE)
    path = crumbs(signed_in(cast.county_clerk), reverse("exits:judge", args=[case.pk, "TV"]))
    assert f'href="{reverse("exits:village", args=[make.VILLAGE])}"' in path
    assert f'href="{reverse("pages:case", args=[case.pk])}"' in path


@pytest.mark.parametrize("route", ["evaluation", "evaluation_file"])
def test_from_an_evaluation_there_is_a_way_back_to_the_case(cast, signed_in, route):
    case = exit_of_county(make.COUNTY)
    path = crumbs(signed_in(cast.province_officer), reverse(f"exits:{route}", args=[case.pk]))
    assert f'href="{reverse("pages:case", args=[case.pk])}"' in path


def test_the_page_of_a_village_that_exited_says_that_its_exit_stands(cast, signed_in):
    recorded()
    listed(exited_on="2019-12-01", exit_year=2019)
    page = signed_in(cast.county_clerk).get(reverse("exits:village", args=[make.VILLAGE])).text
    assert "The approved exit of a village is not revoked here: it stands." in page
    listed(make.NEXT_VILLAGE)
    page = signed_in(cast.county_clerk).get(reverse("exits:village", args=[make.NEXT_VILLAGE])).text
    assert "not revoked here" not in page
