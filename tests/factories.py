"""Rows for tests, made with as little as a test needs to say. Everything else has a sound default.

    plant_tree()                                      the divisions of tests/data/divisions
    make_officer(Role.COUNTY_CLERK, COUNTY)           an account with one posting in force
    make_posting(officer, Role.READER, CITY)          one more posting
    make_household(VILLAGE, state=State.POOR)         a household with a head and no survey
    make_member(household, relation="02")             one more person
    make_survey(household, 2019, wage_income=...)     the facts of a year; else all known and met
    make_standard(2019)                               the province's; migrations bring the nation's
    make_draft(2019)                                  the same before its publication
    make_case(household, "exit")  make_batch(VILLAGE)  make_review(COUNTY, 2019)
    make_proposal(review, household)
    make_unit()  make_cadre()  make_term(cadre, VILLAGE, Post.FIRST_SECRETARY)
    make_team_village(VILLAGE)  make_pairing(household, cadre)
    make_gap(household, "house")  make_gap_run(COUNTY)
    make_plan(household, 2019)  make_item(plan, "IND-OWN")  make_item(plan, "EDU-YULU", member)
    make_help(household)

Rows are written directly, without rights or procedure: to test an action, call the action.
The standing cast of officers is in tests/cast.py.
"""

import csv
import uuid
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from django.utils import timezone

from assistance.models import Gap, GapRun, Item, ItemStatus, Plan, RunState
from assistance.queries.catalogue import catalogue_of
from divisions.models import Division, Level
from households.identity import check_digit
from households.models import Household, ImportBatch, Member, Standard, Survey
from households.models.members import HEAD, ID_FIELD, PERSON_FIELD
from households.names import tokens_of
from households.rules import EXPENSE, GUARANTEES, INCOMES, MET, Kind, State, standard_digest
from officers.models import Officer, Posting
from officers.rules import Role
from reviews.models import BatchAcceptance, Proposal, Review
from teams.models import Cadre, NeedReason, Pairing, TeamVillage, Term, Unit, UnitKind, UnitLevel
from teams.rules.terms import EndReason, Post
from tests.unguarded import unguarded
from trail.dates import business_date
from trail.rules import digest
from trail.sealing import blind, seal
from workflow.models import Case, CaseEvent

TREE = Path(__file__).parent / "data" / "divisions"
FILES = ("provinces", "cities", "areas", "streets", "villages")

PROVINCE, CITY, COUNTY = "97", "9701", "970123"
TOWNSHIP, VILLAGE, NEXT_VILLAGE = "970123100", "970123100200", "970123100201"
OTHER_TOWNSHIP, OTHER_TOWNSHIP_VILLAGE = "970123201", "970123201200"
OTHER_COUNTY, OTHER_COUNTY_VILLAGE = "970124", "970124100200"
OTHER_CITY_COUNTY, OTHER_CITY_VILLAGE = "970221", "970221100200"

PASSWORD = "seven quiet rivers"
POSTED_FROM = date(2014, 1, 1)
serials = count(1)


def plant_tree() -> None:
    """Province 97 with two cities, three counties, four townships and twenty villages."""
    rows = []
    for level, name in zip(list(Level)[1:], FILES, strict=True):
        with (TREE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows += [(int(level), line["code"], line["name"]) for line in csv.DictReader(lines)]
    Division.objects.bulk_create(
        [
            Division(code=code, level=level, name=name, parent_id=parent_code(code))
            for level, code, name in rows
        ],
        ignore_conflicts=True,
    )


def parent_code(code: str) -> str:
    """The code one level up."""
    return {2: "0", 4: code[:2], 6: code[:4], 9: code[:6], 12: code[:9]}[len(code)]


def officer_row(**fields: Any) -> Officer:
    """An account of COUNTY that may sign in with PASSWORD, not saved."""
    serial = next(serials)
    defaults = {"username": f"officer{serial}", "name": f"干部{serial}", "home_id": COUNTY}
    officer = Officer(**defaults | fields)
    officer.set_password(PASSWORD)
    return officer


def make_officer(role: Role | None = None, division: str = COUNTY, **fields: Any) -> Officer:
    """An account managed at its county; no posting without role."""
    officer = officer_row(**{"home_id": division[:6]} | fields)
    officer.save()
    if role is not None:
        make_posting(officer, role, division)
    return officer


def posting_row(officer: Officer, role: Role, division: str, **fields: Any) -> Posting:
    """A posting in force since 2014 without an end, not saved."""
    return Posting(
        officer=officer, role=role, division_id=division, **{"starts_on": POSTED_FROM} | fields
    )


def make_posting(officer: Officer, role: Role, division: str = COUNTY, **fields: Any) -> Posting:
    """A saved posting, in force unless `fields` say otherwise."""
    posting = posting_row(officer, role, division, **fields)
    posting.save()
    return posting


def make_id_number(*, born: date = date(1965, 3, 19)) -> str:
    """A valid resident ID number that no other test row has; the region varies with it."""
    block, serial = divmod(next(serials), 1000)
    first17 = f"{970123 + block}{born:%Y%m%d}{serial:03d}"
    return first17 + check_digit(first17)


def make_household(village: str = VILLAGE, *, persons: int = 1, **fields: Any) -> Household:
    """A standing household with a head and `persons` - 1 further members."""
    state = fields.get("state", State.ORDINARY)
    defaults: dict[str, Any] = {"number": f"T{next(serials):08d}", "group": "一组"}
    if state in (State.EXITED, State.RELAPSED):
        defaults["exit_year"] = 2018
    household = Household.everywhere.create(village_id=village, **defaults | fields)
    make_member(household, relation=HEAD, name="陈大山")
    for _ in range(persons - 1):
        make_member(household)
    return household


def make_member(household: Household, *, id_number: str = "", **fields: Any) -> Member:
    """An active member with a sealed ID number; the household is found by the new name too."""
    number = id_number or make_id_number()
    row = uuid.uuid4()
    defaults: dict[str, Any] = {
        "uuid": row,
        "person_number": f"P{next(serials):08d}",
        "name": "李秀英",
        "relation": "02",
        "sex": "1",
        "birth_date": date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
        "id_sealed": seal(number, field=ID_FIELD, row=row),
        "id_blind": blind(number[:18], field=PERSON_FIELD),
        "id_digest": blind(number, field=ID_FIELD),
    }
    member = Member.objects.create(household=household, **defaults | fields)
    household.search = tokens_of(household.members.active().values_list("name", flat=True))
    household.save(update_fields=["search"])
    return member


def make_survey(household: Household, year: int = 2019, **facts: Any) -> Survey:
    """The facts of one year: incomes zero and all guarantees met unless said; None is unknown."""
    known: dict[str, Any] = {name: Decimal(0) for name in (*INCOMES, EXPENSE)}
    known |= dict.fromkeys(GUARANTEES, MET)
    defaults: dict[str, Any] = {
        "persons": household.members.active().count(),
        "member_digest": uuid.uuid4(),
        "recorded_by": the_operator(),
    }
    return Survey.objects.create(
        household=household, village_id=household.village_id, year=year, **defaults | known | facts
    )


def the_operator() -> Officer:
    """The account without password that the migrations bring."""
    return Officer.objects.get(username="operator")


def make_standard(year: int = 2019, *, line: str = "3218.00", **fields: Any) -> Standard:
    """A published standard of province 97."""
    content: dict[str, Any] = {
        "number": 10_000 + next(serials),
        "division_id": PROVINCE,
        "year": year,
        "line": Decimal(line),
        "monitoring_line": Decimal(line) * 3 / 2,
        "source": "test",
    } | fields
    return Standard.objects.create(
        **content, published_at=timezone.now(), content_hash=standard_digest(**content)
    )


def make_draft(year: int = 2019, *, line: str = "3218.00", **fields: Any) -> Standard:
    """A draft of a standard of province 97."""
    defaults: dict[str, Any] = {
        "division_id": PROVINCE,
        "line": Decimal(line),
        "monitoring_line": Decimal(line) * 3 / 2,
        "source": "test",
    }
    return Standard.objects.create(year=year, **defaults | fields)


def make_case(subject: Household, kind: str = "exit", **fields: Any) -> Case:
    """An open case about a household with its first event, wherever it stands."""
    today, facts = business_date(), {"note": "test", "year": 2019}
    defaults: dict[str, Any] = {
        "division_id": subject.village_id, "state": "proposed", "facts": facts,
        "facts_hash": digest(facts), "proposed_by": the_operator(), "opened_on": today,
        "entered_state_on": today,
    } | fields  # fmt: skip
    with unguarded():
        case = Case.everywhere.create(kind=kind, subject=subject.number, **defaults)
        CaseEvent.objects.create(
            case=case, seq=1, step="open", to_state=case.state, actor_id=case.proposed_by_id,
            actor_name=case.proposed_by.name, role="operator", posted_to="0", on=today,
            facts=case.facts, facts_hash=case.facts_hash,
        )  # fmt: skip
    return case


def make_batch(division: str = VILLAGE, **fields: Any) -> ImportBatch:
    """An uploaded file that nobody has judged yet."""
    defaults: dict[str, Any] = {
        "year": 2019,
        "file_name": "register.csv",
        "file_sha256": "0" * 64,
        "imported_by": the_operator(),
        "role": Role.OPERATOR,
    }
    return ImportBatch.everywhere.create(division_id=division, **defaults | fields)


def make_review(root: str = COUNTY, year: int = 2019, **fields: Any) -> Review:
    """A proposed review against the standard that the nation holds for the year."""
    standard = Standard.objects.holding(root, year).get(division_id="0")
    defaults: dict[str, Any] = {
        "standard": standard,
        "standard_hash": standard.content_hash,
        "proposed_by": the_operator(),
    }
    return Review.everywhere.create(root_id=root, year=year, **defaults | fields)


def make_acceptance(review: Review, **fields: Any) -> BatchAcceptance:
    """A running batch of a review that accepts nothing yet."""
    defaults: dict[str, Any] = {
        "division_id": review.root_id,
        "wanted": {},
        "expected": 0,
        "seen": "",
        "by": the_operator(),
    }
    return BatchAcceptance.everywhere.create(review=review, **defaults | fields)


def make_proposal(
    review: Review, household: Household, kind: Kind = Kind.KEEP, **fields: Any
) -> Proposal:
    """A proposal in force for one household."""
    defaults: dict[str, Any] = {
        "village_id": household.village_id,
        "state": household.state,
        "persons": household.members.active().count(),
    }
    return Proposal.everywhere.create(
        review=review, household=household, kind=kind, **defaults | fields
    )


def make_unit(division: str = COUNTY, **fields: Any) -> Unit:
    """A unit of the county that sends people."""
    defaults = {
        "name": f"第{next(serials)}单位",
        "level": UnitLevel.COUNTY,
        "kind": UnitKind.ORGAN,
    }
    return Unit.everywhere.create(division_id=division, **defaults | fields)


def make_cadre(division: str = COUNTY, **fields: Any) -> Cadre:
    """Somebody recorded at the county who meets every condition; no account unless given."""
    serial = next(serials)
    defaults: dict[str, Any] = {
        "number": f"C{serial:08d}",
        "name": f"驻村干部{serial}",
        "sex": "1",
        "born": date(1985, 5, 20),
        "party_member_since": date(2008, 7, 1),
        "working_since": date(2007, 8, 1),
        "is_healthy": True,
    }
    if "unit" not in fields:
        defaults["unit"] = make_unit(division)
    return Cadre.everywhere.create(division_id=division, **defaults | fields)


def make_term(
    cadre: Cadre | None = None,
    village: str = VILLAGE,
    post: Post = Post.MEMBER,
    *,
    starts_on: date = date(2019, 3, 1),
    **fields: Any,
) -> Term:
    """A term that runs since 2019 and is planned for two years; ended when `last_day` says so."""
    cadre = cadre or make_cadre(village[:6])
    defaults: dict[str, Any] = {
        "unit": cadre.unit,
        "due_on": date(starts_on.year + 2, starts_on.month, starts_on.day),
    }
    if fields.get("last_day"):
        defaults["end_reason"] = EndReason.TERM
    return Term.everywhere.create(
        cadre=cadre, village_id=village, post=post, starts_on=starts_on, **defaults | fields
    )


def make_team_village(village: str = VILLAGE, **fields: Any) -> TeamVillage:
    """A registered poor village since 2014, which must have a team."""
    defaults: dict[str, Any] = {"reason": NeedReason.POOR, "starts_on": POSTED_FROM}
    return TeamVillage.everywhere.create(village_id=village, **defaults | fields)


def make_plan(household: Household | None = None, year: int = 2019, **fields: Any) -> Plan:
    """A household's plan of a year, or with `village_id` alone that of a village."""
    village = household.village_id if household else fields.pop("village_id")
    defaults: dict[str, Any] = {"created_by": the_operator()}
    return Plan.everywhere.create(
        household=household, village_id=village, year=year, **defaults | fields
    )


def make_item(plan: Plan, code: str, member: Member | None = None, **fields: Any) -> Item:
    """A measure of a plan, agreed and not begun, of 1,000 yuan, for the whole year."""
    measure = catalogue_of(plan.village_id, plan.year)[code]
    defaults: dict[str, Any] = {
        "planned": Decimal(1000),
        "starts_on": date(plan.year, 1, 1),
        "due_on": date(plan.year, 12, 31),
        "status": ItemStatus.AGREED,
        "agreed_on": date(plan.year, 1, 1),
        "unit": measure.unit,
    }
    return Item.everywhere.create(
        plan=plan,
        village_id=plan.village_id,
        household=plan.household,
        member=member,
        measure=measure,
        code=code,
        category=measure.category,
        **defaults | fields,
    )


def make_help(household: Household, year: int = 2019) -> Item:
    """One measure that reached the household in a year, finished."""
    plan, ended = make_plan(household, year), date(year, 10, 1)
    fields: dict[str, Any] = {"status": ItemStatus.DONE, "ended_on": ended}
    return make_item(plan, "IND-OWN", delivered=Decimal(1000), **fields)


def make_gap_run(root: str = COUNTY, year: int = 2019, **fields: Any) -> GapRun:
    """A finished search for policy gaps that found nothing."""
    defaults: dict[str, Any] = {
        "as_of": date(year, 12, 31),
        "asked_by": the_operator(),
        "state": RunState.FINISHED,
        "finished_at": timezone.now(),
    }
    return GapRun.everywhere.create(root_id=root, year=year, **defaults | fields)


def make_gap(household: Household, rule: str = "house", **fields: Any) -> Gap:
    """A policy gap of a household that nobody answered."""
    run = fields.pop("run", None) or make_gap_run(household.village_id[:6])
    defaults: dict[str, Any] = {"kind": "missing", "category": "HOU", "facts": {"housing_grade": 4}}
    return Gap.everywhere.create(
        year=run.year,
        village_id=household.village_id,
        household=household,
        rule=rule,
        first_run=run,
        last_run=run,
        **defaults | fields,
    )


def make_pairing(household: Household, cadre: Cadre | None = None, **fields: Any) -> Pairing:
    """A helper of a household since 2019."""
    cadre = cadre or make_cadre(household.village_id[:6])
    defaults: dict[str, Any] = {"starts_on": date(2019, 3, 1), "paired_by": the_operator()}
    if fields.get("last_day"):
        defaults["end_reason"] = Pairing.EndReason.OTHER
    return Pairing.everywhere.create(
        cadre=cadre, household=household, village_id=household.village_id, **defaults | fields
    )
