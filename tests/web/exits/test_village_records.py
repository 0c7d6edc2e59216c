"""The record of a village: kept once a year, corrected with a reason, never lost."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from households.actions.village_records import record_village
from households.models import VillageRecord
from households.village_fields import PARTS, fields
from tests import factories as make
from tests.web.exits import standing as shared
from tests.web.exits.listed import YEAR, entry, recorded
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.errors import Incomplete

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
standing, cast = shared.standing, shared.cast


def address(year: int = YEAR, code: str = make.VILLAGE) -> str:
    return reverse("exits:record_enter", args=[code, year])


def newest() -> VillageRecord:
    return VillageRecord.everywhere.in_force().get(village=make.VILLAGE, year=YEAR)


class TestKeeping:
    """What the action writes and refuses."""

    @pytest.mark.parametrize(
        "part", ["village_official", "first_secretary", "township_reviewer", "county_clerk"]
    )
    def test_village_team_township_and_county_keep_records(self, cast, part):
        made = record_village(make.VILLAGE, entry(), by=getattr(cast, part))
        assert made.values["rural_population"] == 1000

    @pytest.mark.parametrize("part", ["county_approver", "helper", "province_officer", "stranger"])
    def test_nobody_else_does(self, cast, part):
        with pytest.raises(NotAllowed):
            record_village(make.VILLAGE, entry(), by=getattr(cast, part))

    def test_the_trace_tells_the_figures(self, cast):
        record_village(make.VILLAGE, entry(), by=cast.village_official)
        change = Change.objects.get(action="record_village")
        assert (change.division_code, change.after["households"]) == (make.VILLAGE, 300)

    def test_decimals_are_kept_as_text_with_two_places(self, cast):
        made = record_village(make.VILLAGE, entry(arable_mu=12), by=cast.village_official)
        assert made.values["arable_mu"] == "12.00"

    def test_a_correction_is_a_new_record_with_its_reason(self, cast):
        first = recorded()
        wanted = entry(seen=first.pk, reason="漏登一组", households=310)
        made = record_village(make.VILLAGE, wanted, by=cast.township_reviewer)
        assert (made.corrects, newest()) == (first, made)
        change = Change.objects.get(action="correct_village")
        assert (change.before, change.reason) == ({"households": 300}, "漏登一组")

    def test_a_correction_without_a_reason_is_refused_at_its_field(self, cast):
        first = recorded()
        with pytest.raises(Incomplete) as refused:
            record_village(make.VILLAGE, entry(seen=first.pk, households=1), by=cast.county_clerk)
        assert set(refused.value.details["fields"]) == {"reason"}

    def test_who_did_not_see_the_last_record_is_told_the_difference(self, cast):
        recorded()
        with pytest.raises(Stale) as refused:
            record_village(make.VILLAGE, entry(households=310), by=cast.county_clerk)
        assert [one["label"] for one in refused.value.details["differences"]] == ["households"]

    def test_the_same_figures_again_are_no_correction(self, cast):
        first = recorded()
        with pytest.raises(Refused, match="Nothing differs"):
            record_village(make.VILLAGE, entry(seen=first.pk, reason="再报"), by=cast.county_clerk)

    @pytest.mark.parametrize(
        ("changed", "year", "field"),
        [
            ({"women": 1051}, YEAR, "women"),
            ({"rural_population": 1051}, YEAR, "rural_population"),
            ({"arable_mu": 10, "irrigated_mu": 11}, YEAR, "irrigated_mu"),
            ({}, 2012, "year"),
        ],
    )
    def test_a_part_is_never_more_than_its_whole(self, cast, changed, year, field):
        with pytest.raises(Incomplete) as refused:
            record_village(make.VILLAGE, entry(year, **changed), by=cast.county_clerk)
        assert set(refused.value.details["fields"]) == {field}

    def test_a_record_is_never_changed(self, cast):
        first = recorded()
        with pytest.raises(DatabaseError), transaction.atomic():
            VillageRecord.everywhere.filter(pk=first.pk).update(year=2018)


class TestPages:
    """List, history and form."""

    def test_the_form_has_every_figure_by_parts(self, cast, signed_in):
        form = signed_in(cast.village_official).get(address()).context["form"]
        assert [part.name for part in form.parts()] == [*PARTS]
        assert sum(len(part.fields) for part in form.parts()) == len(fields())

    def test_last_years_value_stands_beside_each_field(self, cast, signed_in):
        recorded(year=YEAR - 1, households=288)
        text = signed_in(cast.village_official).get(address()).text
        assert f"{YEAR - 1}: 288" in text

    def test_a_record_is_kept_by_the_form(self, cast, signed_in):
        data = {"rural_population": "1000", "road_paved": "1", "collective_income": "5.5"}
        answer = signed_in(cast.village_official).post(address(), data)
        assert answer.status_code == 302
        assert newest().values == {
            "rural_population": 1000,
            "road_paved": True,
            "collective_income": "5.50",
        }

    def test_a_fault_stands_at_its_field_and_nothing_is_lost(self, cast, signed_in):
        data = {"population": "10", "women": "11", "clinics": "x", "farmer_income": "9000"}
        answer = signed_in(cast.village_official).post(address(), data)
        assert answer.status_code == 400
        assert answer.context["form"]["farmer_income"].value() == "9000"
        assert "clinics" in answer.context["form"].errors

    def test_a_change_meanwhile_is_shown_and_can_be_sent_again(self, cast, signed_in):
        client = signed_in(cast.village_official)
        first = recorded()
        data = {"rural_population": "900", "population": "1000", "reason": "核实", "seen": ""}
        answer = client.post(address(), data)
        assert (answer.status_code, "Not saved yet" in answer.text) == (409, True)
        assert answer.context["form"]["seen"].value() == str(first.pk)
        again = client.post(address(), data | {"seen": str(first.pk)})
        assert again.status_code == 302

    def test_the_village_shows_year_by_year_and_every_correction(self, cast, signed_in):
        recorded(year=YEAR - 1, households=288)
        first = recorded()
        wanted = entry(seen=first.pk, reason="漏登一组", households=310)
        record_village(make.VILLAGE, wanted, by=cast.township_reviewer)
        text = signed_in(cast.reader).get(reverse("exits:record", args=[make.VILLAGE])).text
        assert "310" in text
        assert "288" in text
        assert "漏登一组" in text

    def test_the_list_says_who_has_none(self, cast, signed_in, django_assert_max_num_queries):
        recorded()
        client = signed_in(cast.county_clerk)
        with django_assert_max_num_queries(14):
            answer = client.get(reverse("exits:records"), {"year": YEAR})
        rows = {row.village.pk: row.record for row in answer.context["page"].rows}
        assert rows[make.VILLAGE]
        assert rows[make.NEXT_VILLAGE] is None

    @pytest.mark.parametrize("part", ["county_approver", "reader", "auditor"])
    def test_readers_do_not_record(self, cast, signed_in, part):
        assert signed_in(getattr(cast, part)).get(address()).status_code == 403

    def test_a_village_of_another_county_is_not_found(self, cast, signed_in):
        client = signed_in(cast.county_clerk)
        assert client.get(address(code=make.OTHER_COUNTY_VILLAGE)).status_code == 404
