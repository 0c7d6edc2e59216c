"""Accounts: who may make, stop and open them, and what stays behind in the trace."""

import pytest
from django.core.exceptions import ValidationError

from divisions.models import Division
from officers.actions import (
    activate_officer,
    create_officer,
    deactivate_officer,
    issue_reset_link,
)
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from tests import factories as make
from trail.errors import NotAllowed
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def place(code: str) -> Division:
    return Division.objects.get(pk=code)


@pytest.fixture
def admin(cast) -> Officer:
    return cast.account_admin


def last_change() -> Change:
    return Change.objects.latest("id")


def test_a_new_account_has_no_password_and_no_posting(admin):
    officer = create_officer(username="zhang.wei", name="张伟", home=place(make.COUNTY), by=admin)
    assert not officer.has_usable_password()
    assert officer.posting is None
    change = last_change()
    assert (change.action, change.actor_id, change.role) == (
        "create_officer",
        admin.pk,
        "account_admin",
    )
    assert "张伟" not in str(change.after)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "Zhang Wei"}, "username"),
        ({"username": "张伟"}, "username"),
        ({"username": "zhang\n"}, "username"),
        ({"username": "x" * 41}, "username"),
        ({"name": ""}, "name"),
        ({"phone": "ask her"}, "phone"),
    ],
)
def test_a_faulty_account_is_refused_at_its_field(admin, fields, field):
    good = {"username": "zhang.wei", "name": "张伟", "home": place(make.COUNTY)}
    with pytest.raises(ValidationError) as refusal:
        create_officer(**good | fields, by=admin)
    assert field in refusal.value.error_dict


def test_a_user_name_is_taken_whatever_its_case(admin):
    Officer.objects.create(username="Old.Name", name="旧", home_id=make.COUNTY)
    with pytest.raises(ValidationError, match="taken"):
        create_officer(username="old.name", name="新", home=place(make.COUNTY), by=admin)


@pytest.mark.parametrize("home", [make.OTHER_COUNTY, make.CITY, make.PROVINCE, "0"])
def test_no_account_is_made_outside_the_administrators_posting(admin, home):
    with pytest.raises(NotAllowed):
        create_officer(username="zhang.wei", name="张伟", home=place(home), by=admin)


def test_a_stopped_account_acts_no_more(cast, admin):
    deactivate_officer(cast.county_clerk, reason="遗失手机", by=admin)
    with pytest.raises(NotAllowed):
        require(cast.county_clerk, Role.COUNTY_CLERK)
    assert last_change().after == {"is_active": False}
    activate_officer(cast.county_clerk, reason="找回", by=admin)
    assert require(cast.county_clerk, Role.COUNTY_CLERK)


@pytest.mark.parametrize("act", [deactivate_officer, activate_officer])
def test_stopping_needs_a_reason(cast, admin, act):
    with pytest.raises(ValidationError):
        act(cast.county_clerk, reason=" ", by=admin)


def test_nobody_manages_his_own_account(admin):
    with pytest.raises(NotAllowed):
        deactivate_officer(admin, reason="x", by=admin)
    with pytest.raises(NotAllowed):
        issue_reset_link(admin, by=admin)


def test_no_link_for_an_account_that_reaches_further_than_the_administrator(cast, admin):
    make.make_posting(cast.nobody, Role.PROVINCE_OFFICER, make.PROVINCE)
    with pytest.raises(NotAllowed, match="outside your division"):
        issue_reset_link(cast.nobody, by=admin)


def test_no_link_for_an_account_of_the_system(cast):
    national = make.make_officer(Role.ACCOUNT_ADMIN, "0")
    with pytest.raises(NotAllowed, match="system itself"):
        issue_reset_link(cast.operator, by=national)


def test_no_link_for_a_stopped_account(cast, admin):
    Officer.objects.filter(pk=cast.county_clerk.pk).update(is_active=False)
    with pytest.raises(NotAllowed, match="stopped"):
        issue_reset_link(Officer.objects.get(pk=cast.county_clerk.pk), by=admin)


def test_a_link_leaves_a_trace_and_not_the_link(cast, admin):
    link = issue_reset_link(cast.county_clerk, by=admin)
    change = last_change()
    assert change.action == "issue_reset_link"
    assert link.token not in str(change.__dict__)


@pytest.mark.parametrize("part", ["county_approver", "auditor"])
def test_a_link_to_a_role_of_trust_comes_from_the_level_above(cast, admin, part):
    holder = getattr(cast, part)
    with pytest.raises(NotAllowed, match="level above"):
        issue_reset_link(holder, by=admin)
    assert issue_reset_link(holder, by=cast.second_account_admin)


def test_no_administrator_opens_the_account_of_another_of_his_level(cast, admin):
    other = make.make_officer(Role.ACCOUNT_ADMIN, make.COUNTY)
    with pytest.raises(NotAllowed, match="level above"):
        issue_reset_link(other, by=admin)
