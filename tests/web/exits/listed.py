"""Listed villages and counties with their records, and their exits carried on."""

from datetime import date
from typing import Any

from django.utils.timezone import localdate

from divisions.models import Division, Level
from exits.actions.counties import advance as advance_county
from exits.actions.counties import propose_county
from exits.actions.listing import list_places
from exits.actions.villages import advance, current, propose_village
from exits.models import ExitPlan, Indicator, ListedPlace
from exits.queries.counties import facts_of
from households.actions.village_records import Entry
from households.models import Household, VillageRecord
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.cast import Cast
from tests.procedures import sample_evidence, wait_for_notice
from trail.dates import business_date
from trail.rules import digest
from workflow.actions import confirm_parameter, set_parameter
from workflow.models import Case, CaseEvent
from workflow.procedures import machine_of

YEAR = localdate().year
"""Places exit on figures of this year or the last."""

ADVANCE = {"village_exit": advance, "county_exit": advance_county}
SOUND: dict[str, Any] = {
    "households": 300,
    "population": 1050,
    "rural_population": 1000,
    "road_paved": True,
    "unsafe_water_households": 0,
    "production_power": True,
    "dangerous_house_households": 0,
    "clinics": 1,
    "licensed_doctors": 1,
    "culture_rooms": 1,
    "broadband": True,
    "cooperatives": 1,
    "good_committee": True,
}
"""Every indicator that stops an exit is met; the collective income is unknown."""

HANDS = {
    ("village_exit", "verify"): "county_clerk",
    ("village_exit", "post"): "township_reviewer",
    ("village_exit", "approve"): "county_approver",
    ("village_exit", "announce"): "township_reviewer",
    ("county_exit", "review"): "city_reviewer",
    ("county_exit", "verify"): "province_officer",
    ("county_exit", "post"): "province_officer",
    ("county_exit", "evaluate"): "province_officer",
    ("county_exit", "approve"): "province_approver",
}


def recorded(code: str = make.VILLAGE, year: int = YEAR, **changed: Any) -> VillageRecord:
    """A record of a village, one figure or another changed; None leaves it out."""
    values = {name: value for name, value in (SOUND | changed).items() if value is not None}
    return VillageRecord.everywhere.create(
        village_id=code, year=year, values=values, recorded_by=make.the_operator()
    )


def listed(code: str = make.VILLAGE, **fields: Any) -> ListedPlace:
    """A place on the list of poor ones."""
    known = {"listed_on": date(2014, 6, 1), "source": "省贫困村名单（2014）"}
    return ListedPlace.everywhere.create(
        division_id=code, listed_by=make.the_operator(), **known | fields
    )


def asked(code: str = "TV", **changed: Any) -> Indicator:
    """An indicator that the province asks and somebody judges."""
    said = {"name_zh": "电视信号", "name_en": "television", "source": "省发〔2019〕1号"}
    known = {"division_id": make.PROVINCE, "year": YEAR, "about": "village"}
    return Indicator.objects.create(code=code, **known | said | changed)


def limited(cast: Cast, key: str, value: int) -> None:
    """What counties are judged by, as two officers of the province set it from YEAR on."""
    row = set_parameter(
        make.PROVINCE, key, year=YEAR, value=value, source="省定", by=cast.province_officer
    )
    confirm_parameter(row.pk, by=cast.province_approver)


def reposted(officer: Officer, role: Role, division: str) -> Officer:
    """An officer who left his posting and took another one."""
    officer.postings.all().delete()
    make.make_posting(officer, role, division)
    return Officer.objects.get(pk=officer.pk)


def entry(year: int = YEAR, *, seen: int | None = None, reason: str = "", **changed: Any) -> Entry:
    """An entry of sound figures, one or another changed."""
    return Entry(year, SOUND | changed, seen, reason)


def proposed(by: Officer, code: str = make.VILLAGE, year: int = YEAR) -> Case:
    """The exit of a village, proposed on the figures of now."""
    return propose_village(code, year=year, seen=digest(current(code, year).facts), by=by)


def proposed_county(by: Officer, code: str = make.COUNTY, year: int = YEAR) -> Case:
    """The exit of a county, proposed on the figures of now."""
    return propose_county(code, year=year, seen=digest(facts_of(code, year)), by=by)


def step(case: Case, name: str, by: Officer, *, note: str = "") -> CaseEvent:
    """One step with sound evidence at the case's present version."""
    case.refresh_from_db()
    found = machine_of(case.kind).step(case.state, name)
    event = ADVANCE[case.kind](
        case.pk, name, by=by, version=case.version, note=note, evidence=sample_evidence(found)
    )
    case.refresh_from_db()
    return event


def carry(case: Case, cast: Cast, *names: str) -> None:
    """Several steps, each by the usual hand, waiting out every notice before the next one."""
    for name in names:
        wait_for_notice(case)
        step(case, name, getattr(cast, HANDS[case.kind, name]))


def ready_village(code: str = make.VILLAGE) -> ListedPlace:
    """A listed village whose exit may be proposed: recorded, without poor persons."""
    recorded(code)
    return listed(code)


def exit_of_village(code: str) -> Case:
    """An open exit of a listed village with one indicator that waits for its judgement."""
    ready_village(code)
    facts = current(code, YEAR).facts
    waiting = {"code": "TV", "name_zh": "电视信号", "name_en": "television", "field": "",
               "least": None, "most": None, "vetoes": False, "figure": None}  # fmt: skip
    return _opened("village_exit", code, facts | {"indicators": [*facts["indicators"], waiting]})


def exit_of_county(code: str) -> Case:
    """An open exit of a county that waits for its special evaluation."""
    return _opened("county_exit", code, facts_of(code, YEAR), state="verified")


def _opened(kind: str, code: str, facts: dict[str, Any], **fields: Any) -> Case:
    known = {"division_id": code, "facts": facts, "facts_hash": digest(facts)}
    return make.make_case(Household(number=code), kind, **known | fields)


def eligible_county(cast: Cast) -> ListedPlace:
    """The county on the list, every village of it recorded, its one listed village exited."""
    villages = Division.objects.within(make.COUNTY).filter(level=Level.VILLAGE)
    for code in villages.values_list("pk", flat=True):
        recorded(code)
    listed(exited_on=date(2019, 12, 1), exit_year=2019)
    return list_places(
        [make.COUNTY], listed_on=date(2014, 1, 1), source="名单", by=cast.province_officer
    )[0]


def waiting_plan(cast: Cast) -> ExitPlan:
    """The county's plan of this year, proposed and not yet approved."""
    year = business_date().year
    return ExitPlan.everywhere.create(
        division_id=make.COUNTY, year=year, about="households", count=10, persons=30,
        reason="年度计划", proposed_by=cast.county_clerk,
    )  # fmt: skip
