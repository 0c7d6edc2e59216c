"""Records of cadres: one for each person, kept by the county where he serves."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from teams.actions.cadres import CadreEntry, change_cadre, link_account, record_cadre
from teams.models import Cadre
from teams.models.units import ID_FIELD, PHONE_FIELD
from teams.refusals import EntryRefused
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.models import Change
from trail.sealing import seal, unseal

pytestmark = pytest.mark.django_db
PHONE = "13900000007"


def typed(number: str = "", **more) -> dict:
    return {
        "name": "周启明",
        "id_number": number or make.make_id_number(born=date(1988, 2, 3)),
        "rank": "official",
        "phone": PHONE,
        "working_since": "2010-07-01",
        "healthy": "yes",
    } | more


def entry(number: str, **more) -> CadreEntry:
    return CadreEntry(**{"name": "周启明", "id_number": number, "rank": "official"} | more)


@pytest.fixture
def stranger_cadre(cast) -> tuple[Cadre, str]:
    """Somebody whom the other county records, with the ID number."""
    number = make.make_id_number()
    return record_cadre(entry(number), by=cast.stranger), number


def names(client, term: str = "", state: str = "") -> list[str]:
    path = reverse("teams:cadres") + (f"?state={state}" if state else "")
    answer = client.post(path, {"term": term}) if term else client.get(path)
    return [row.cadre.name for row in answer.context["page"].rows]


def test_a_record_gets_a_number_and_keeps_id_and_phone_sealed(cast, signed_in):
    number = make.make_id_number(born=date(1988, 2, 3))
    signed_in(cast.county_clerk).post(reverse("teams:cadre_add"), typed(number))
    cadre = Cadre.everywhere.get()
    assert cadre.number.startswith("C")
    assert len(cadre.number) == 9
    assert (cadre.division_id, cadre.born) == (make.COUNTY, date(1988, 2, 3))
    assert unseal(cadre.id_sealed, field=ID_FIELD, row=cadre.uuid) == number
    assert unseal(cadre.phone_sealed, field=PHONE_FIELD, row=cadre.uuid) == PHONE
    change = Change.objects.get(action="record_cadre")
    assert number not in str(vars(change))
    assert PHONE not in str(vars(change))


@pytest.mark.parametrize("number", ["", "110101198802030012", "abc", "9" * 20])
def test_a_number_that_is_no_id_number_is_refused_at_its_field(cast, signed_in, number):
    entered = typed() | {"id_number": number}
    answer = signed_in(cast.county_clerk).post(reverse("teams:cadre_add"), entered)
    assert answer.status_code == 400
    assert answer.context["form"].errors["id_number"]


def test_the_same_person_in_the_own_county_is_refused_with_a_link_to_the_record(cast, signed_in):
    number = make.make_id_number()
    cadre = record_cadre(entry(number), by=cast.county_clerk)
    answer = signed_in(cast.county_clerk).post(reverse("teams:cadre_add"), typed(number))
    assert answer.status_code == 400
    assert reverse("teams:cadre", args=[cadre.number]) in answer.content.decode()
    assert Cadre.everywhere.count() == 1


def test_the_record_of_another_county_is_taken_over(cast, stranger_cadre):
    cadre, number = stranger_cadre
    taken = record_cadre(entry(number, name="周启明"), by=cast.county_clerk)
    assert (taken.pk, taken.number, taken.division_id) == (cadre.pk, cadre.number, make.COUNTY)
    change = Change.objects.get(action="take_over_cadre")
    assert (change.before["division_id"], change.after["division_id"]) == (
        make.OTHER_COUNTY,
        make.COUNTY,
    )


def test_somebody_who_serves_elsewhere_is_refused_without_saying_where(
    cast, stranger_cadre, in_english
):
    cadre, number = stranger_cadre
    last = business_date() + timedelta(days=30)
    term = make.make_term(cadre, make.OTHER_COUNTY_VILLAGE, last_day=last)
    with pytest.raises(EntryRefused) as refusal:
        record_cadre(entry(number), by=cast.county_clerk)
    [(field, text)] = refusal.value.faults
    assert field == "id_number"
    assert f"until {last}" in text
    assert term.village.name not in text
    assert cadre.name not in text
    cadre.refresh_from_db()
    assert cadre.division_id == make.OTHER_COUNTY


def test_somebody_who_helps_households_elsewhere_is_refused_too(cast, stranger_cadre):
    cadre, number = stranger_cadre
    make.make_pairing(make.make_household(make.OTHER_COUNTY_VILLAGE), cadre)
    with pytest.raises(EntryRefused):
        record_cadre(entry(number), by=cast.county_clerk)


def test_a_record_is_changed_without_its_numbers_and_not_overwritten_unseen(cast, signed_in):
    cadre = record_cadre(entry(make.make_id_number(), phone=PHONE), by=cast.county_clerk)
    path = reverse("teams:cadre_change", args=[cadre.number])
    client = signed_in(cast.county_clerk)
    entered = typed(id_number="", phone="", title="科长", version=1)
    assert client.post(path, entered).status_code == 302
    row = Cadre.everywhere.get()
    assert (row.title, row.version, row.id_blind) == ("科长", 2, cadre.id_blind)
    assert unseal(row.phone_sealed, field=PHONE_FIELD, row=row.uuid) == PHONE
    answer = client.post(path, entered | {"title": "主任"})
    assert answer.status_code == 409
    assert "科长" in answer.content.decode()
    assert "主任" in answer.content.decode()


def test_a_day_that_is_to_come_is_refused_at_its_field(cast):
    later = business_date() + timedelta(days=1)
    with pytest.raises(EntryRefused) as refusal:
        record_cadre(entry(make.make_id_number(), working_since=later), by=cast.county_clerk)
    assert [field for field, _text in refusal.value.faults] == ["working_since"]


def test_others_than_the_county_clerk_do_not_change_records(cast):
    cadre = make.make_cadre()
    for part in ("township_reviewer", "county_approver", "account_admin", "stranger"):
        with pytest.raises(NotAllowed):
            change_cadre(cadre.pk, entry(""), by=getattr(cast, part), version=1)


def test_people_are_found_by_name_and_number_and_by_what_they_do(cast, signed_in):
    serving = make.make_term(make.make_cadre(name="张在村")).cadre
    helper = make.make_cadre(name="李帮扶")
    make.make_pairing(make.make_household(), helper)
    free = make.make_cadre(name="王待命")
    client = signed_in(cast.county_clerk)
    assert names(client, "李帮") == [helper.name]
    assert names(client, free.number.lower()) == [free.name]
    assert names(client, state="serving") == [serving.name]
    assert names(client, state="helping") == [helper.name]
    assert names(client, state="free") == [helper.name, free.name]


def test_the_list_of_people_takes_as_many_queries_for_many_as_for_one(
    cast, signed_in, django_assert_max_num_queries
):
    for _ in range(12):
        make.make_term(make.make_cadre(), starts_on=business_date())
    client = signed_in(cast.county_clerk)
    with django_assert_max_num_queries(13):
        client.get(reverse("teams:cadres"))


def test_a_township_sees_those_who_serve_there_alone(cast, signed_in):
    here, elsewhere = make.make_term().cadre, make.make_cadre()
    client = signed_in(cast.township_reviewer)
    assert names(client) == [here.name]
    path = reverse("teams:cadre", args=[elsewhere.number])
    assert client.get(path).status_code == 404


def test_the_phone_is_shown_to_the_field_with_a_reason_and_recorded(cast, signed_in):
    cadre = make.make_term().cadre
    cadre.phone_sealed = seal(PHONE, field=PHONE_FIELD, row=cadre.uuid)
    cadre.save(update_fields=["phone_sealed"])
    path = reverse("teams:cadre_phone", args=[cadre.number])
    client = signed_in(cast.township_reviewer)
    assert PHONE not in client.get(path).content.decode()
    assert client.post(path, {"reason": ""}).status_code == 400
    assert PHONE in client.post(path, {"reason": "通知开会"}).content.decode()
    change = Change.objects.get(action="reveal_phone")
    assert (change.subject_id, change.reason) == (str(cadre.pk), "通知开会")


@pytest.mark.parametrize("part", ["reader", "city_reviewer", "province_officer", "helper"])
def test_offices_without_the_field_read_names_and_units_but_no_phone(cast, signed_in, part):
    cadre = make.make_term().cadre
    client = signed_in(getattr(cast, part))
    page = client.get(reverse("teams:cadre", args=[cadre.number])).content.decode()
    assert cadre.name in page
    assert cadre.unit.name in page
    assert str(cadre.born.year) not in page
    path = reverse("teams:cadre_phone", args=[cadre.number])
    assert client.post(path, {"reason": "通知开会"}).status_code == 403


def test_an_account_of_the_county_is_linked_to_its_person(cast, signed_in):
    account = make.make_officer(name="周启明")
    cadre = make.make_cadre(name="周启明")
    path = reverse("teams:cadre_account", args=[cadre.number])
    signed_in(cast.county_clerk).post(path, {"username": account.username.upper()})
    cadre.refresh_from_db()
    assert cadre.account_id == account.pk
    link_account(cadre.pk, "", by=cast.account_admin)
    cadre.refresh_from_db()
    assert cadre.account is None
    assert Change.objects.filter(action="link_account").count() == 2


def test_an_account_is_linked_neither_twice_nor_to_another_name_or_county(cast):
    account = make.make_officer(name="周启明")
    make.make_cadre(name="周启明", account=account)
    namesake = make.make_cadre(name="周启明")
    other = make.make_officer(name="陈某", division=make.COUNTY)
    far = make.make_officer(name="周启明", division=make.OTHER_COUNTY)
    for username in (account.username, other.username, far.username, "nobody-at-all"):
        with pytest.raises(EntryRefused):
            link_account(namesake.pk, username, by=cast.county_clerk)


def test_nobody_links_his_own_account(cast):
    cadre = make.make_cadre(name=cast.county_clerk.name)
    with pytest.raises(NotAllowed) as refusal:
        link_account(cadre.pk, cast.county_clerk.username, by=cast.county_clerk)
    assert refusal.value.code == "oneself"


def test_nobody_takes_his_own_account_from_his_record(cast):
    cadre = make.make_cadre(account=cast.county_clerk)
    with pytest.raises(NotAllowed) as refusal:
        link_account(cadre.pk, "", by=cast.county_clerk)
    assert refusal.value.code == "oneself"
