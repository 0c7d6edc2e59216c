import pytest

from households.models.households import PHONE_FIELD
from tests import factories as make
from trail.models import Change
from trail.sealing import blind, seal

pytestmark = pytest.mark.django_db
REASON = "check the card at the visit"


@pytest.fixture
def person(household):
    number = make.make_id_number()
    member = make.make_member(household, id_number=number, relation="03")
    member.number_in_clear = number
    return member


@pytest.fixture
def phone(household):
    household.phone_sealed = seal("13900000001", field=PHONE_FIELD, row=household.uuid)
    household.phone_blind = blind("13900000001", field=PHONE_FIELD)
    household.save(update_fields=["phone_sealed", "phone_blind"])
    return f"/households/{household.number}/phone/"


def path(person):
    return f"/households/{person.household.number}/members/{person.pk}/"


def test_an_id_number_is_shown_once_with_a_reason_and_recorded(cast, signed_in, person):
    client = signed_in(cast.county_clerk)
    answer = client.post(path(person), {"reason": REASON})
    assert person.number_in_clear in answer.content.decode()
    assert person.number_in_clear not in client.get(path(person)).content.decode()
    change = Change.objects.get(action="reveal_id")
    assert (change.subject_id, change.reason) == (str(person.pk), REASON)
    assert (change.actor_id, change.role) == (cast.county_clerk.pk, "county_clerk")


def test_the_answer_is_kept_by_no_cache(cast, signed_in, person):
    answer = signed_in(cast.county_clerk).post(path(person), {"reason": REASON})
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_trace_does_not_hold_the_number(cast, signed_in, person):
    signed_in(cast.county_clerk).post(path(person), {"reason": REASON})
    change = Change.objects.get(action="reveal_id")
    assert person.number_in_clear not in str(vars(change))


@pytest.mark.parametrize("reason", ["", "   ", "abc"])
def test_without_a_reason_nothing_is_shown_or_recorded(cast, signed_in, person, reason):
    answer = signed_in(cast.county_clerk).post(path(person), {"reason": reason})
    assert answer.context["form"].errors["reason"]
    assert person.number_in_clear not in answer.content.decode()
    assert not Change.objects.filter(action="reveal_id").exists()


@pytest.mark.parametrize(
    "part", ["helper", "first_secretary", "city_reviewer", "province_officer", "reader"]
)
def test_a_role_without_the_right_is_refused_and_nothing_recorded(cast, signed_in, person, part):
    answer = signed_in(getattr(cast, part)).post(path(person), {"reason": REASON})
    assert answer.status_code == 403
    assert person.number_in_clear not in answer.content.decode()
    assert not Change.objects.filter(action="reveal_id").exists()


def test_the_first_secretary_sees_the_phone(cast, signed_in, phone):
    answer = signed_in(cast.first_secretary).post(phone, {"reason": REASON})
    assert "13900000001" in answer.content.decode()
    assert Change.objects.filter(action="reveal_phone").count() == 1


def test_a_member_of_another_household_is_not_reached_through_this_one(cast, signed_in, household):
    other = make.make_household(make.NEXT_VILLAGE).members.get()
    client = signed_in(cast.county_clerk)
    wrong = f"/households/{household.number}/members/{other.pk}/"
    assert client.post(wrong, {"reason": REASON}).status_code == 404


def test_a_posting_that_has_ended_meanwhile_shows_nothing(cast, signed_in, person):
    client = signed_in(cast.county_clerk)
    client.get(path(person))
    cast.county_clerk.postings.update(ends_on="2015-01-01")
    answer = client.post(path(person), {"reason": REASON})
    assert (answer.status_code, Change.objects.filter(action="reveal_id").count()) == (409, 0)
    assert person.number_in_clear not in answer.content.decode()
    assert client.post(path(person), {"reason": REASON}).status_code == 404
