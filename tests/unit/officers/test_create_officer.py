"""The console command that makes an account with its first posting."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from officers.models import Officer
from officers.rules import Role
from trail.models import Change

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "in_english"),
]


def create(*arguments: str) -> None:
    call_command("create_officer", *arguments)


def test_it_posts_the_officer_and_prints_a_link_that_works(capsys):
    create("li.na", "李娜", "--role", "account_admin", "--division", "970123000000")
    officer = Officer.objects.get(username="li.na")
    assert (officer.posting.role, officer.posting.division_id) == (Role.ACCOUNT_ADMIN, "970123")
    link = capsys.readouterr().out.split()[-1]
    page = Client().get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert page.context["validlink"]


def test_it_takes_the_password_from_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("Nine quiet rivers 9\n"))
    create("li.na", "李娜", "--role", "reader", "--division", "97", "--password-stdin")
    assert Officer.objects.get(username="li.na").check_password("Nine quiet rivers 9")
    assert "One-time link" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["operator", "某", "--role", "reader", "--division", "97"], "taken"),
        (["li.na", "李娜", "--role", "reader", "--division", "98"], "no division 98"),
        (["li.na", "李娜", "--role", "county_clerk", "--division", "97"], "county"),
        (["li.na", "李娜", "--role", "reader", "--division", "97", "--by", "x"], "no officer"),
    ],
)
def test_a_fault_makes_nothing_and_exits_with_2(arguments, why):
    with pytest.raises(CommandError, match=why) as stopped:
        create(*arguments)
    assert stopped.value.returncode == 2
    assert not Officer.objects.filter(username="li.na").exists()
    assert not Change.objects.exists()


def test_a_weak_password_makes_nothing(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("12345678\n"))
    with pytest.raises(CommandError):
        create("li.na", "李娜", "--role", "reader", "--division", "97", "--password-stdin")
    assert not Officer.objects.filter(username="li.na").exists()


@pytest.mark.parametrize("role", ["operator", "machine_client"])
def test_accounts_without_a_person_are_not_made_here(role):
    with pytest.raises(CommandError, match="invalid choice"):
        create("li.na", "李娜", "--role", role, "--division", "0")
