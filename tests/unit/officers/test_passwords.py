"""What a password must be, in both profiles."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from officers.actions import set_own_password
from officers.models import Officer
from officers.passwords import is_too_old
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
GOOD = "Nine quiet rivers 9"


@pytest.fixture
def officer(tree) -> Officer:
    return make.make_officer(username="zhangwei", name="张伟明珠")


def refusals(password: str, officer: Officer) -> set[str]:
    try:
        validate_password(password, officer)
    except ValidationError as refusal:
        return {error.code for error in refusal.error_list}
    return set()


@pytest.mark.parametrize("profile", ["asvs", "mlps3"])
def test_a_long_mixed_password_is_good(officer, settings, profile):
    settings.PASSWORD_PROFILE = profile
    assert refusals(GOOD, officer) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Abc123!x", "password_too_short"),
        ("1234567890", "password_too_common"),
        ("49382716050", "password_entirely_numeric"),
        ("zhangwei-2020", "password_too_similar"),
        ("Fupin kaifa 2020", "office_word"),
        ("我们一起脱贫攻坚向前走吧", "office_word"),
    ],
)
def test_what_everybody_would_guess_is_refused(officer, password, code):
    assert code in refusals(password, officer)


def test_kinds_of_characters_count_in_the_profile_mlps3_alone(officer, settings):
    assert refusals("seven quiet rivers run", officer) == set()
    settings.PASSWORD_PROFILE = "mlps3"
    assert refusals("sevenquietriversrun", officer) == {"too_few_kinds"}


def test_the_last_five_passwords_do_not_come_back_in_mlps3(officer, settings):
    settings.PASSWORD_PROFILE = "mlps3"
    for turn in range(6):
        set_own_password(officer, f"Turn {turn} of the quiet rivers")
    assert refusals("Turn 0 of the quiet rivers", officer) == set()
    for turn in range(1, 6):
        assert refusals(f"Turn {turn} of the quiet rivers", officer) == {"used_before"}


def test_an_old_password_may_come_back_in_asvs(officer):
    set_own_password(officer, GOOD)
    assert refusals(GOOD, officer) == set()


def test_a_new_password_notes_its_day_and_its_trace_holds_no_hash(officer):
    set_own_password(officer, GOOD)
    assert timezone.now() - officer.password_set_at < timedelta(minutes=1)
    assert officer.check_password(GOOD)


@pytest.mark.parametrize(
    ("profile", "age_days", "too_old"),
    [("mlps3", 89, False), ("mlps3", 91, True), ("mlps3", None, True), ("asvs", 4000, False)],
)
def test_a_password_ages_in_mlps3_alone(officer, settings, profile, age_days, too_old):
    settings.PASSWORD_PROFILE = profile
    now = timezone.now()
    officer.password_set_at = None if age_days is None else now - timedelta(days=age_days)
    assert is_too_old(officer, now) is too_old
