"""Decisions that another system reports in tests."""

from datetime import date

from divisions.models import Division
from exchange.actions.decisions import Report
from officers.actions import KeyTerms, create_client
from officers.models import Officer
from officers.rules import Scope
from tests import factories as make
from workflow.models import PolicyParameter

SIGNERS = [{"name": "周审批", "office": "县乡村振兴局", "day": "2020-11-02"}]


def decides(username: str, division: str = make.COUNTY) -> None:
    """Let that system decide in a county."""
    PolicyParameter.objects.create(
        division_id=division,
        key="exchange.deciding_system",
        year=2014,
        value=username,
        source="省级通知",
        set_by=make.the_operator(),
    )


def report(**values: object) -> Report:
    return Report(
        **{
            "reference": "P-1",
            "kind": "exit",
            "year": 2019,
            "decided_on": date(2020, 11, 2),
            "foreign_case": "2020-000117",
            "signers": SIGNERS,
            "evidence_hash": "ab" * 32,
        }
        | values
    )


def platform() -> Officer:
    """The provincial platform, with a key to report decisions."""
    key = create_client(
        username="province-platform",
        name="省级平台",
        division=Division.objects.get(pk=make.PROVINCE),
        terms=KeyTerms([Scope.DECISIONS], 30),
        by=make.the_operator(),
    ).key
    return Officer.objects.get(pk=key.client_id)
