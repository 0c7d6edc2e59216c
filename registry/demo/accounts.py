"""A sign-in for each role, two for approvers, in the part of province 97 that is filled."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from officers.models import Officer, Posting
from officers.rules import Role
from registry.demo.places import PROVINCE
from trail.actions import record

CITY, COUNTY, TOWNSHIP, VILLAGE = "9703", "970321", "970321100", "970321100200"
SAMPLE_COUNTY, OTHER_SAMPLE_COUNTY = "970123", "970124"
POSTED_FROM = date(2014, 1, 1)


@dataclass(frozen=True)
class DemoAccount:
    """Who signs in as what, where; further divisions are further postings in the same role."""

    username: str
    name: str
    role: Role
    division: str
    further: tuple[str, ...] = ()


DEMO_ACCOUNTS = (
    DemoAccount("village", "田小禾", Role.VILLAGE_OFFICIAL, VILLAGE),
    DemoAccount("secretary", "林望舒", Role.TEAM_MEMBER, VILLAGE),
    DemoAccount("helper", "方一诺", Role.HELPER, VILLAGE),
    DemoAccount("township", "石磊", Role.TOWNSHIP_REVIEWER, TOWNSHIP),
    DemoAccount("clerk", "沈文静", Role.COUNTY_CLERK, COUNTY, (SAMPLE_COUNTY,)),
    DemoAccount("approver", "高远", Role.COUNTY_APPROVER, COUNTY, (SAMPLE_COUNTY,)),
    DemoAccount("second-approver", "梁慎行", Role.COUNTY_APPROVER, COUNTY, (SAMPLE_COUNTY,)),
    DemoAccount("city", "江澄", Role.CITY_REVIEWER, CITY),
    DemoAccount("province", "顾明远", Role.PROVINCE_OFFICER, PROVINCE),
    DemoAccount("province-approver", "陆守正", Role.PROVINCE_APPROVER, PROVINCE),
    DemoAccount("reader", "叶知秋", Role.READER, COUNTY),
    DemoAccount("auditor", "严慎", Role.AUDITOR, PROVINCE),
    DemoAccount("accounts", "白洁", Role.ACCOUNT_ADMIN, COUNTY),
    DemoAccount("sysadmin", "钟诚", Role.SYSTEM_ADMIN, "0"),
    DemoAccount("stranger", "韩路", Role.COUNTY_CLERK, OTHER_SAMPLE_COUNTY),
)


@transaction.atomic
def open_accounts(*, by: Officer) -> list[Officer]:
    """The accounts that are missing, with settings.DEMO_PASSWORD; those there stay as they are."""
    there = set(Officer.objects.values_list("username", flat=True))
    missing = [account for account in DEMO_ACCOUNTS if account.username not in there]
    password = make_password(settings.DEMO_PASSWORD) if missing else ""
    return [_open(account, password, by=by) for account in missing]


def _open(account: DemoAccount, password: str, *, by: Officer) -> Officer:
    officer = Officer.objects.create(
        username=account.username,
        name=account.name,
        home_id=account.division[:6],
        password=password,
        password_set_at=timezone.now(),
    )
    for division in (account.division, *account.further):
        posting = Posting.objects.create(
            officer=officer,
            role=account.role,
            division_id=division,
            starts_on=POSTED_FROM,
            granted_by=by,
        )
        record(by=by, action="grant", subject=posting, division=division)
    return officer
