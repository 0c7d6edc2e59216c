"""Many entries at once against the same entries one by one: the same rows, the same faults.

Each household of an example has people of its own; two that share one are told of in
`tests/web/households/entry/test_many.py`.
"""

import os
from datetime import date
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from households.actions.quality import recheck
from households.entry.content import StepContent
from households.entry.judged import Entry
from households.entry.many import Bundle, enter_many
from households.entry.saving import EntryRefused, enter_household
from households.models import Household, Member, QualityIssue, Survey
from households.rules import GUARANTEES, MONEY
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from trail.errors import NotAllowed
from trail.models import Change

EXAMPLES = 400 if os.environ.get("FAULTS") == "full" else 30
HOUSEHOLDS, PEOPLE = 5, 3
NUMBERS = [
    [make.make_id_number(born=date(1960 + place, 5, 1)) for place in range(PEOPLE)]
    for _ in range(HOUSEHOLDS)
]
GONE, ELSEWHERE = make.make_id_number(), make.make_id_number()
ODDS = 25


def few(good: list[Any], *faulty: Any) -> st.SearchStrategy[Any]:
    """One of the good values, seldom one of the others."""
    return st.sampled_from(good * (ODDS // len(good)) + [*faulty])


person = st.fixed_dictionaries(
    {
        "id_number": few([1, 2], 0, "gone", "elsewhere", "no", ""),
        "name": few(["李秀英", "周文海", "赵大山"], ""),
        "relation": few(["02", "03"], "01", "99"),
        "health": few(["", "01", "02"]),
        "allowance": few(["", "1", "0"]),
        "birth_date": few([""], "1961-05-01"),
        "no_id_reason": few([""], "1"),
        "sex": few([""], "1"),
        "end": few(["", "", "", "2019-02-03"], "2019"),
    }
)
household = st.fixed_dictionaries(
    {
        "group": few(["", "一组", "二组"]),
        "address": few(["", "村东 12 号", "村西 3 号"]),
        "phone": few(["", "13800000001", "13900000002"], "139"),
        "bank_account": few(["", "62284800001", "62284800002"]),
        "main_cause": few(["", "01", "02"], "12"),
        "needs": few([[], ["HEA"], ["HEA", "EDU"]]),
        "housing_grade": few(["", "A", "D"]),
    }
)
year = st.fixed_dictionaries(
    {
        "wage_income": few(["", "0", "1200.00", "9000"], "-1"),
        "lines": few([(), ("500",), ("500", "700.50")], ("x",)),
        "reason": few(["外出务工"], "", ""),
        "food": few(["", "1", "0"]),
        "arable_mu": few(["", "3.5", "4"]),
        "toilet": few(["", "1"]),
    }
)
one = st.fixed_dictionaries(
    {
        "known": st.booleans(),
        "village": few([make.VILLAGE], make.NEXT_VILLAGE, make.OTHER_COUNTY_VILLAGE),
        "household": household,
        "headed": few([True], False),
        "people": st.lists(person, min_size=0, max_size=2),
        "years": st.dictionaries(st.sampled_from([2017, 2018, 2019]), year, min_size=1, max_size=2),
    }
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(wanted=st.lists(one, min_size=1, max_size=HOUSEHOLDS))
def test_many_entries_leave_what_the_same_entries_leave_one_by_one(tree, wanted):
    with transaction.atomic():
        clerk = make.make_officer(Role.COUNTY_CLERK, make.COUNTY)
        _found(wanted)
        bundles = [_bundle(place, each) for place, each in enumerate(wanted)]
        alone = _taken_back(lambda: (_one_by_one(bundles, clerk), _rows()))
        together = _taken_back(lambda: (_at_once(bundles, clerk), _rows()))
        transaction.set_rollback(True)
    assert together == alone


def _taken_back(act: Any) -> Any:
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


def _found(wanted: list[dict[str, Any]]) -> None:
    """The register before: the known households, somebody who left, somebody of elsewhere."""
    away = make.make_household()
    make.make_member(away, id_number=ELSEWHERE)
    make.make_member(away, id_number=GONE, end_reason="01", end_date="2018-05-01")
    for place, each in enumerate(wanted):
        if each["known"]:
            known = make.make_household(number=f"K{place}", address="村东 12 号")
            make.make_member(known, id_number=NUMBERS[place][0], health="01", allowance=True)
            make.make_survey(known, 2018, wage_income="1200.00")


def _bundle(place: int, each: dict[str, Any]) -> Bundle:
    number = {"number" if each["known"] else "wanted": f"K{place}"}
    kept = {name: value for name, value in each["household"].items() if value}
    people = [_person(place, row) for row in each["people"]]
    head = {"name": "陈大山", "relation": "01"}
    if each["known"]:
        born = Member.objects.get(household__number=f"K{place}", relation="01").birth_date
        people.append(head | {"birth_date": born.isoformat()})
    elif each["headed"]:
        people.insert(0, head | {"id_number": NUMBERS[place][0]})
    steps = {
        "household": _only(kept, "group", "address", "phone", "bank_account"),
        "causes": _only(kept, "main_cause", "needs"),
        "members": StepContent(0, {}, tuple(people)),
    }
    return Bundle(
        tuple(
            Entry(each["village"], when, steps=steps | _year(kept, facts), **number)
            for when, facts in sorted(each["years"].items())
        )
    )


def _only(values: dict[str, Any], *names: str) -> StepContent:
    return StepContent(0, {name: values[name] for name in names if name in values})


def _person(place: int, row: dict[str, Any]) -> dict[str, str]:
    known = {"gone": GONE, "elsewhere": ELSEWHERE, "no": "97012319", "": ""}
    number = row["id_number"]
    told = NUMBERS[place][number] if isinstance(number, int) else known[number]
    if number in known and number not in ("no", ""):
        told = told if place == 0 else ""
    ended = {"member_end_reason": "01", "member_end_date": row["end"]} if row["end"] else {}
    values = {name: text for name, text in row.items() if name != "end"} | ended
    return {name: text for name, text in (values | {"id_number": told}).items() if text}


def _year(kept: dict[str, Any], facts: dict[str, Any]) -> dict[str, StepContent]:
    rows = tuple(
        {"kind": "business_income", "item": "other_business", "amount": amount}
        for amount in facts["lines"]
    )
    incomes = {"wage_income": facts["wage_income"], "reason_wage_income": facts["reason"]}
    living = {name: facts[name] for name in ("food", "arable_mu", "toilet") if facts[name]}
    living |= {name: kept[name] for name in ("housing_grade",) if name in kept}
    return {
        "incomes": StepContent(0, {name: text for name, text in incomes.items() if text}, rows),
        "living": StepContent(0, living),
    }


def _one_by_one(bundles: list[Bundle], by: Officer) -> list[Any]:
    found = []
    for bundle in bundles:
        try:
            with transaction.atomic():
                found.append(_alone(bundle, by))
        except EntryRefused as refused:
            found.append({(fault.path, fault.code) for fault in refused.faults})
        except NotAllowed:
            found.append("outside")
    return found


def _alone(bundle: Bundle, by: Officer) -> int:
    """The version after the entries; whose end the first one told is not told of again."""
    steps: dict[str, StepContent] = {}
    for entry in bundle.entries:
        before = Household.everywhere.filter(number=bundle.number).first()
        own = Entry(
            entry.village,
            entry.year,
            bundle.number if before else "",
            {**entry.steps, **steps},
            wanted="" if before else bundle.number,
        )
        enter_household(own, by=by, seen=before.version if before else None, act="push", door="d")
        people = entry.step("members").rows
        staying = tuple(row for row in people if "member_end_reason" not in row)
        steps = {"members": StepContent(0, {}, staying)}
    return Household.everywhere.get(number=bundle.number).version


def _at_once(bundles: list[Bundle], by: Officer) -> list[Any]:
    outcomes = enter_many(bundles, by=by, act="push", door="d")
    for year in (2017, 2018, 2019):
        entered = [
            outcome.household
            for outcome, bundle in zip(outcomes, bundles, strict=True)
            if outcome.household and year in [entry.year for entry in bundle.entries]
        ]
        recheck(entered, year=year)
    return [
        _first_faults(outcome.faults) if outcome.faults else outcome.version for outcome in outcomes
    ]


def _first_faults(faults: list[Any]) -> Any:
    """Those of the first faulty year: alone, nobody comes to the next one."""
    if [fault.code for _place, fault in faults] == ["village_outside"]:
        return "outside"
    first = min(place for place, _fault in faults)
    return {(fault.path, fault.code) for place, fault in faults if place == first}


def _rows() -> dict[str, Any]:
    """Everything that entering writes, without keys and what is drawn or sealed anew."""
    members = list(Member.objects.select_related("household").order_by("pk"))
    names = {one.person_number: str(one.id_blind or one.name) for one in members}
    keys = {str(one.pk): names[one.person_number] for one in members}
    homes = {str(one.pk): one.number for one in Household.everywhere.all()}
    return {
        "households": sorted(map(_household, Household.everywhere.all()), key=str),
        "members": sorted((_member(one) for one in members), key=str),
        "surveys": sorted(map(_survey, Survey.objects.select_related("household")), key=str),
        "trace": sorted(
            (
                [one.action, one.subject_kind, _plain(one.before), _plain(one.after), one.origin,
                 one.division_code, homes.get(one.subject_id) or keys.get(one.subject_id)]
                for one in Change.objects.filter(action="push")
            ),
            key=str,
        ),
        "issues": sorted(
            QualityIssue.everywhere.values_list("household__number", "year", "rule", "state")
        ),
    }  # fmt: skip


def _household(row: Household) -> list[Any]:
    names = (
        "number", "village_id", "group", "address", "phone_blind", "bank_account_blind", "state",
        "attribute", "main_cause", "other_causes", "cause_text", "needs", "housing_grade",
        "search", "version",
    )  # fmt: skip
    return [getattr(row, name) for name in names]


def _member(row: Member) -> list[Any]:
    names = (
        "id_blind", "id_digest", "name", "relation", "sex", "birth_date", "health", "allowance",
        "no_id_reason", "end_reason", "end_date", "version",
    )  # fmt: skip
    return [row.household.number, *(getattr(row, name) for name in names)]


def _survey(row: Survey) -> list[Any]:
    conditions = getattr(row, "conditions", None)
    return [
        row.household.number, row.year, row.persons, row.corrects_id is not None,
        [getattr(row, name) for name in (*MONEY, *GUARANTEES)],
        [*row.lines.values_list("position", "kind", "item", "amount")],
        [*row.notes.values_list("name", "text")],
        [getattr(conditions, name, None) for name in ("arable_mu", "toilet", "fuel")],
    ]  # fmt: skip


def _plain(image: Any) -> Any:
    """An image of the trace; what is sealed there is sealed anew each time."""
    if isinstance(image, dict):
        kept = {name: value for name, value in image.items() if name != "sealed"}
        return sorted((name, str(_plain(value))) for name, value in kept.items())
    return image
