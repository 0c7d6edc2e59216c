"""How the exchange goes, system by system, for those who answer for it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from exchange.models import Contact, Push
from exchange.reasons import REASONS
from officers.models import Client, ClientKey
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue, new_person
from tests.web.exchange.differing import a_household, a_key, differing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def system(cast) -> Client:
    return issue(make.COUNTY, Scope.READ, Scope.WRITE).key.client


def page(browser) -> str:
    answer = browser.get("/exchange/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_came_and_what_was_refused_and_why(cast, signed_in, system):
    Push.objects.create(
        client=system, prefix="x", counts={"created": 1940, "rejected": 7}, refused={"no_head": 7}
    )
    told = page(signed_in(cast.county_clerk))
    assert "1,940" in told
    assert "no_head" in told


@pytest.mark.parametrize("code", ["id_number", "unknown_field", "active_elsewhere", "year_twice"])
def test_a_reason_is_told_in_words_of_the_language_and_without_blanks(
    cast, signed_in, system, code
):
    Push.objects.create(client=system, prefix="x", refused={code: 7})
    with translation.override("zh-hans"):
        words = str(REASONS[code])
    told = signed_in(cast.county_clerk).get("/exchange/", headers={"accept-language": "zh-hans"})
    assert words in told.text
    assert re.search(r"[\u4e00-\u9fff]", words)


def test_no_reason_has_a_place_for_a_figure():
    assert not [code for code, text in REASONS.items() if "%(" in str(text)]


def test_what_came_long_ago_does_not_count(cast, signed_in, system):
    push = Push.objects.create(client=system, prefix="x", counts={"created": 1940})
    Push.objects.filter(pk=push.pk).update(at=timezone.now() - timedelta(days=8))
    assert "1,940" not in page(signed_in(cast.county_clerk))


def test_a_system_that_has_been_away_for_a_night_is_late(cast, signed_in, system):
    now = timezone.now()
    Contact.objects.create(client=system, asked_at=now, caught_up_at=now)
    assert "late" not in page(signed_in(cast.county_clerk))
    Contact.objects.update(caught_up_at=now - timedelta(hours=27))
    assert "late" in page(signed_in(cast.county_clerk))


def test_a_key_that_ends_soon_is_told(cast, signed_in, system):
    ClientKey.objects.update(expires_at=timezone.now() + timedelta(days=90))
    assert "soon" not in page(signed_in(cast.account_admin))
    ClientKey.objects.update(expires_at=timezone.now() + timedelta(days=9))
    assert "soon" in page(signed_in(cast.account_admin))


def test_asking_for_changes_and_pushing_are_noted(cast, signed_in):
    issued = issue(make.COUNTY, Scope.READ, Scope.WRITE)
    door = Door(issued.text)
    assert door.get("sync/changes/?since=now").status_code == 200
    item = {"number": "H1", "village": make.VILLAGE, "members": [new_person()]}
    door.post("sync/batches/", {"households": [item]}, Idempotency_Key="k")
    contact = Contact.objects.get(client=issued.key.client)
    assert contact.caught_up_at is not None
    assert "none told here" not in page(signed_in(cast.county_clerk))


def test_of_a_system_above_nothing_is_told_that_it_pushed_elsewhere(cast, signed_in):
    above = issue(make.PROVINCE, Scope.WRITE).key.client
    Push.objects.create(client=above, prefix="x", counts={"created": 1940})
    told = page(signed_in(cast.county_clerk))
    assert above.officer.username in told
    assert "1,940" not in told


def test_a_system_of_another_county_is_not_there(cast, signed_in):
    other = issue(make.OTHER_COUNTY, Scope.WRITE).key.client
    assert other.officer.username not in page(signed_in(cast.county_clerk))


def test_nobody_else_opens_it(cast, signed_in):
    assert signed_in(cast.village_official).get("/exchange/").status_code == 403


def test_what_waits_leads_whoever_decides_to_it_and_the_administrator_to_the_system(
    cast, signed_in
):
    key = a_key()
    differing(a_household(), key, group="二组")
    differences = f"/exchange/differences/?client={key.client_id}"
    system = f"/clients/{key.client_id}/"
    clerk, admin = page(signed_in(cast.county_clerk)), page(signed_in(cast.account_admin))
    assert (differences in clerk, system in clerk) == (True, False)
    assert (differences in admin, system in admin) == (False, True)


def test_of_a_system_above_the_administrator_has_no_page(cast, signed_in):
    above = issue(make.PROVINCE, Scope.WRITE).key.client
    assert f"/clients/{above.pk}/" not in page(signed_in(cast.account_admin))
