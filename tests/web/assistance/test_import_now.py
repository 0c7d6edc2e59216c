"""What a file may agree on by itself: past years, and what was delivered whole; nothing to come."""

from datetime import date

import pytest
from django.urls import reverse

from assistance.importing import files
from assistance.models import Item, Plan
from officers.rules import Role
from tests import factories as make
from tests.web.assistance.planned import drafted, make_poor, take, this_year, with_item, worker_of
from tests.web.assistance.test_import import bring_in, faults, row_of
from trail.dates import business_date
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def clerk(cast):
    return cast.county_clerk


@pytest.fixture
def household(tree):
    return make_poor()


def now(household, year: int = 0, **changes: str) -> dict[str, str]:
    """A row of this year of which everything was delivered, unless changed."""
    year = year or this_year()
    return row_of(
        household,
        **{"year": str(year), "starts_on": f"{year}-01-01", "due_on": f"{year}-12-31",
           "delivered": "3000", "delivered_on": business_date().isoformat()} | changes,
    )  # fmt: skip


NOT_YET = {"delivered": "", "delivered_on": ""}


class TestThisYear:
    """Rows of the years for which plans are made."""

    @pytest.mark.parametrize(
        "cells", [NOT_YET, {"delivered": "1200"}, NOT_YET | {"status": "ongoing"}]
    )
    def test_what_is_still_to_come_goes_by_its_plan(self, clerk, household, cells):
        row = now(household, **cells)
        assert faults(clerk, row) == [(2, "delivered", "not_agreed")]
        assert bring_in(clerk, row, choice="sound").saved.measures == 0
        assert not Plan.everywhere.exists()

    def test_so_does_help_of_the_next_year(self, clerk, household):
        row = now(household, this_year() + 1, **NOT_YET)
        assert faults(clerk, row) == [(2, "delivered", "not_agreed")]

    def test_what_was_delivered_whole_is_on_record_as_done(self, clerk, household):
        assert bring_in(clerk, now(household)).saved.measures == 1
        item = Item.everywhere.select_related("plan").get()
        assert (item.status, item.plan.approved_on) == ("done", business_date())
        told = Change.objects.get(action="import_plan").after
        assert told == {"year": this_year(), "approved_on": business_date().isoformat()}

    def test_so_is_a_service_that_is_done(self, clerk, household):
        cells = {"measure": "HEA-DOCTOR", "planned": "0", "delivered": "", "status": "done",
                 "person_number": worker_of(household).person_number}  # fmt: skip
        assert faults(clerk, now(household, **cells)) == []
        assert faults(clerk, now(household, **cells | {"status": ""})) == [
            (2, "delivered", "not_agreed")
        ]

    def test_conditions_are_judged_by_the_register(self, clerk, household):
        worker = worker_of(household)
        row = now(household, measure="PUB-POST", person_number=worker.person_number)
        assert faults(clerk, row) == []
        worker.birth_date, worker.labour = date(this_year() - 80, 1, 15), "04"
        worker.save()
        assert faults(clerk, row) == [(2, "measure", "rule")]

    def test_of_years_that_are_over_the_register_tells_no_conditions(self, clerk, household):
        worker = worker_of(household)
        worker.birth_date, worker.labour = date(1940, 1, 15), "04"
        worker.save()
        row = row_of(household, measure="PUB-POST", person_number=worker.person_number)
        assert faults(clerk, row) == []

    def test_who_left_since_keeps_what_he_got(self, clerk, household):
        person = household.members.order_by("relation", "pk")[1]
        person.end_reason, person.end_date = "02", business_date()
        person.save()
        row = now(household, measure="PUB-POST", person_number=person.person_number)
        assert faults(clerk, row) == []

    def test_more_of_what_was_agreed_is_delivered_by_a_file(self, clerk, household):
        plan = make.make_plan(household, this_year(), approved_on=business_date())
        make.make_item(plan, "IND-OWN")
        row = now(household, planned="1000", delivered="400")
        assert bring_in(clerk, row).saved.deliveries == 1

    def test_many_rows_take_as_many_queries(self, clerk, tree, django_assert_max_num_queries):
        homes = [make_poor() for _ in range(4)]
        with django_assert_max_num_queries(40):
            bring_in(clerk, *map(now, homes))
        assert Item.everywhere.count() == 4


class TestPlansThatNobodyAgreedOn:
    """A plan that was withdrawn or rejected."""

    def test_one_of_this_year_is_taken_up_first(self, clerk, cast, household):
        plan = drafted(household, cast.village_official)
        with_item(plan, cast.village_official)
        take(plan, "withdraw", cast.village_official, note="不需要")
        assert faults(clerk, now(household)) == [(2, "year", "plan_unagreed")]

    def test_one_of_a_year_that_is_over_counts_as_agreed_from_now_on(self, clerk, household):
        plan = make.make_plan(household, 2019)
        bring_in(clerk, row_of(household))
        plan.refresh_from_db()
        assert (plan.approved_on, plan.version) == (business_date(), 2)
        change = Change.objects.get(action="import_plan")
        assert change.before == {"approved_on": None}
        assert change.after["approved_on"] == business_date().isoformat()

    def test_one_that_was_agreed_keeps_its_day(self, clerk, household):
        plan = make.make_plan(household, 2019, approved_on=date(2019, 2, 1))
        bring_in(clerk, row_of(household))
        plan.refresh_from_db()
        assert (plan.approved_on, plan.version) == (date(2019, 2, 1), 1)


class TestTakingAway:
    """Files of many measures."""

    @pytest.fixture
    def two_villages(self, tree):
        for village in (make.VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
            make.make_item(make.make_plan(make.make_household(village), 2019), "IND-OWN")

    def taken(self, client, **asked: str):
        return client.get(reverse("assistance:import_measures_csv"), {"year": "2019"} | asked)

    def test_nothing_is_cut_off_silently(self, clerk, signed_in, two_villages, monkeypatch):
        monkeypatch.setattr(files, "MOST_ROWS", 1)
        client = signed_in(clerk)
        refused = self.taken(client)
        assert refused.status_code == 409
        assert "Choose a township or a village" in refused.text
        assert not Change.objects.filter(action="download_measures").exists()
        for place in (make.VILLAGE, make.OTHER_TOWNSHIP):
            assert len(self.taken(client, division=place).text.splitlines()) == 2
        told = Change.objects.filter(action="download_measures").order_by("pk")
        assert [(one.division_code, one.after["rows"]) for one in told] == [
            (make.VILLAGE, 1), (make.OTHER_TOWNSHIP, 1),
        ]  # fmt: skip

    def test_a_place_outside_the_posting_is_refused(self, clerk, signed_in, two_villages):
        answer = self.taken(signed_in(clerk), division=make.OTHER_COUNTY)
        assert answer.status_code == 400
        assert not Change.objects.filter(action="download_measures").exists()

    @pytest.mark.parametrize(
        ("role", "place", "offered"),
        [
            (Role.COUNTY_CLERK, make.COUNTY, {make.TOWNSHIP, make.VILLAGE}),
            (Role.PROVINCE_OFFICER, make.PROVINCE, {make.CITY, make.COUNTY}),
        ],
    )
    def test_the_page_offers_the_places_below(self, tree, signed_in, role, place, offered):
        client = signed_in(make.make_officer(role, place))
        form = client.get(reverse("assistance:import")).context["year_form"]
        codes = {code for code, _name in form.fields["division"].choices}
        assert offered <= codes
        assert all(code == "" or code.startswith(place) for code in codes)

    def test_what_a_file_takes_away_another_brings_in(self):
        assert files.LIMITS.rows == files.MOST_ROWS
