"""The lists of data quality at any size: as many queries, in the order of the index, counted up to
a limit; and a whole division, checked by the workers."""

import pytest
from django.db import connection
from django.urls import reverse

from households import tasks
from households.actions.quality import recheck_all, recheck_village
from households.models import Household, QualityIssue
from households.rules import State
from registry.pages.quality import queries, views
from registry.pages.quality.queries import Asked, issues_of, page_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = 2019


def checked(count: int) -> list[Household]:
    found = [make.make_household(state=State.POOR, persons=2) for _ in range(count)]
    for one in found:
        make.make_survey(one, YEAR)
    recheck_all([one.pk for one in found], year=YEAR)
    return found


@pytest.mark.parametrize("name", ["pages:quality", "pages:quality_list"])
def test_more_households_cost_no_more_queries(
    cast, signed_in, django_assert_max_num_queries, name, tree
):
    client, address = signed_in(cast.township_reviewer), reverse(name)
    checked(1)
    with django_assert_max_num_queries(60) as few:
        client.get(address)
    checked(4)
    with django_assert_max_num_queries(len(few.captured_queries)) as many:
        client.get(address)
    assert len(many.captured_queries) == len(few.captured_queries)


def test_more_findings_cost_the_household_page_no_more_queries(
    cast, signed_in, django_assert_max_num_queries, tree
):
    client = signed_in(cast.village_official)
    (one,) = checked(1)
    address = reverse("pages:household", args=[one.number])
    with django_assert_max_num_queries(80) as many:
        client.get(address)
    keep = QualityIssue.everywhere.filter(household=one).order_by("pk").first().pk
    QualityIssue.everywhere.exclude(pk=keep).delete()
    with django_assert_max_num_queries(len(many.captured_queries)) as few:
        client.get(address)
    assert len(many.captured_queries) == len(few.captured_queries)


def test_the_list_is_read_in_the_order_of_its_index(cast, tree):
    checked(3)
    found = page_of(issues_of(cast.township_reviewer, Asked()), 1)
    keys = [(one.village_id, one.rule, one.pk) for one in found]
    assert keys == sorted(keys)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = (
        issues_of(cast.township_reviewer, Asked()).order_by("village_id", "rule", "pk")[:50]
    ).explain()
    assert "standing_issue_by_village" in plan


def test_the_count_stops_at_its_limit(cast, signed_in, monkeypatch, tree):
    checked(2)
    monkeypatch.setattr(queries, "COUNT_CAP", 3)
    monkeypatch.setattr(views, "COUNT_CAP", 3)
    monkeypatch.setattr(views, "PAGE_ROWS", 3)
    page = signed_in(cast.township_reviewer).get(reverse("pages:quality_list"))
    assert "More than 10,000 facts" in page.text
    assert page.context["next_url"] == ""


def test_the_workers_check_a_division_village_by_village(monkeypatch, tree):
    one = make.make_household(state=State.POOR)
    make.make_survey(one, YEAR)
    monkeypatch.setattr(tasks.check_village, "delay", tasks.check_village)
    tasks.check_division(make.COUNTY, YEAR)
    before = QualityIssue.everywhere.count()
    assert before
    assert recheck_village(one.village_id, year=YEAR) == (1, before)
    assert QualityIssue.everywhere.count() == before
