"""Sponsoring units: who records them, how two people do it at once, and how they end."""

import pytest
from django.urls import reverse

from teams.actions.units import UnitEntry, add_unit, change_unit, end_unit
from teams.models import Unit, UnitKind, UnitLevel
from teams.rules.terms import Post
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change

pytestmark = pytest.mark.django_db
ENTERED = {"name": "县农业农村局", "level": "county", "kind": "organ", "counterpart": ""}


def listed(client, **query) -> list[Unit]:
    return list(client.get(reverse("teams:units"), query).context["page"].object_list)


def test_the_county_clerk_records_a_unit_of_his_county(cast, signed_in):
    typed = ENTERED | {"counterpart": make.VILLAGE}
    answer = signed_in(cast.county_clerk).post(reverse("teams:unit_add"), typed)
    unit = Unit.everywhere.get()
    assert answer.url == reverse("teams:unit", args=[unit.pk])
    assert (unit.division_id, unit.level, unit.kind) == (make.COUNTY, "county", "organ")
    assert unit.counterpart_id == make.VILLAGE
    assert Change.objects.get(action="add_unit").subject_id == str(unit.pk)


def test_the_province_records_units_of_its_own_level(cast):
    entry = UnitEntry("省人民医院", UnitLevel.PROVINCE, UnitKind.INSTITUTION)
    unit = add_unit(entry, by=cast.province_officer)
    assert unit.division_id == make.PROVINCE
    with pytest.raises(NotAllowed):
        change_unit(unit.pk, entry, by=cast.county_clerk, version=1)


@pytest.mark.parametrize("part", ["township_reviewer", "county_approver", "reader", "auditor"])
def test_others_only_read_the_units(cast, signed_in, part):
    unit = make.make_unit()
    client = signed_in(getattr(cast, part))
    assert listed(client) == [unit]
    assert client.get(reverse("teams:unit", args=[unit.pk])).status_code == 200
    assert client.get(reverse("teams:unit_add")).status_code == 403
    assert client.get(reverse("teams:unit_change", args=[unit.pk])).status_code == 403


def test_a_unit_of_the_same_name_is_refused_at_its_field(cast, signed_in):
    make.make_unit(name=ENTERED["name"])
    answer = signed_in(cast.county_clerk).post(reverse("teams:unit_add"), ENTERED)
    assert answer.status_code == 400
    assert Unit.everywhere.count() == 1


def test_units_are_found_by_name_level_kind_and_the_place_that_they_support(cast, signed_in):
    bank = make.make_unit(name="农业银行", level=UnitLevel.CITY, kind=UnitKind.FINANCE)
    school = make.make_unit(name="大学", kind=UnitKind.UNIVERSITY, counterpart_id=make.VILLAGE)
    client = signed_in(cast.county_clerk)
    assert listed(client, term="银行") == [bank]
    assert listed(client, level="city") == [bank]
    assert listed(client, kind="university") == [school]
    assert listed(client, term=school.counterpart.name) == [school]


def test_the_list_of_units_takes_as_many_queries_for_many_as_for_one(
    cast, signed_in, django_assert_max_num_queries
):
    for _ in range(12):
        make.make_term(make.make_cadre(), starts_on=business_date())
    client = signed_in(cast.county_clerk)
    with django_assert_max_num_queries(12):
        client.get(reverse("teams:units"))


def test_a_changed_record_is_not_overwritten_unseen(cast, signed_in):
    unit = make.make_unit(name="旧名")
    entry = UnitEntry("新名", UnitLevel.COUNTY, UnitKind.ORGAN)
    change_unit(unit.pk, entry, by=cast.county_clerk, version=1)
    with pytest.raises(Stale):
        change_unit(unit.pk, entry, by=cast.county_clerk, version=1)
    path = reverse("teams:unit_change", args=[unit.pk])
    client = signed_in(cast.county_clerk)
    answer = client.post(path, ENTERED | {"version": 1})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert ENTERED["name"] in page
    assert "新名" in page
    again = ENTERED | {"version": answer.context["form"]["version"].value()}
    assert client.post(path, again).status_code == 302
    unit.refresh_from_db()
    assert unit.name == ENTERED["name"]


def test_a_unit_whose_people_serve_does_not_end(cast):
    term = make.make_term(post=Post.MEMBER)
    with pytest.raises(Refused) as refusal:
        end_unit(term.unit_id, business_date(), by=cast.county_clerk)
    assert refusal.value.code == "unit_serves"


def test_an_ended_unit_leaves_the_list_and_can_send_people_again(cast, signed_in):
    unit = make.make_unit()
    client = signed_in(cast.county_clerk)
    client.post(reverse("teams:unit_end", args=[unit.pk]), {"ended_on": business_date()})
    assert listed(client) == []
    assert listed(client, ended="yes") == [unit]
    client.post(reverse("teams:unit_resume", args=[unit.pk]))
    assert listed(client) == [unit]
