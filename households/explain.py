"""The finding in sentences, as people would check it by hand. Pure: values in, words out.

Money in fen; the words follow the active language.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from households.rules import (
    EXPENSE,
    GAPS,
    GUARANTEES,
    INCOMES,
    LACKS,
    MONEY,
    NOT_APPLICABLE,
    NOT_MET,
    Finding,
    Kind,
    State,
    find,
    named,
    per_capita_fen,
    propose,
)

LABELS: dict[str, Promise] = {
    "income": gettext_lazy("Income"),
    "wage_income": gettext_lazy("Wage income"),
    "business_income": gettext_lazy("Business income, gross"),
    "property_income": gettext_lazy("Property income"),
    "transfer_income": gettext_lazy("Transfer income"),
    "business_expense": gettext_lazy("Business expense"),
    "food": gettext_lazy("Food"),
    "clothing": gettext_lazy("Clothing"),
    "education": gettext_lazy("Compulsory education"),
    "medical": gettext_lazy("Basic medical care"),
    "housing": gettext_lazy("Safe housing"),
    "water": gettext_lazy("Safe drinking water"),
}
OFFICIAL_ORDER = tuple(LABELS)
GOOD, BAD, OPEN, NEITHER = "good", "bad-mark", "open", "none"


@dataclass(frozen=True)
class Figure:
    """One amount of the year; `fen` is None while it is unknown."""

    name: str
    label: Promise
    fen: int | None


@dataclass(frozen=True)
class Point:
    """One thing that was judged: its mark (GOOD, BAD, OPEN, NEITHER) and the sentence why."""

    name: str
    label: Promise
    mark: str
    sentence: str


@dataclass(frozen=True)
class Explanation:
    """The whole account of one year. Sums are None while a figure is unknown."""

    persons: int
    incomes: list[Figure]
    expense: Figure
    gross_fen: int | None
    net_fen: int | None
    per_capita_fen: int | None
    line_fen: int
    needed_fen: int
    monitoring_fen: int
    monitoring_needed_fen: int
    points: list[Point]
    verdict: str
    mark: str
    remarks: list[str]
    finding: Finding


def facts_of(survey: Any) -> dict[str, int]:
    """The facts of a survey (anything with its columns) as `households.rules` reads them."""
    facts = {"persons": survey.persons}
    for name in GAPS:
        value = getattr(survey, name)
        facts[f"no_{name}"] = int(value is None)
        facts[name] = 0 if value is None else int(value * 100 if name in MONEY else value)
    return facts


def explain(
    facts: Mapping[str, int],
    *,
    line_fen: int,
    monitoring_fen: int,
    guarantees: Collection[str] = GUARANTEES,
) -> Explanation:
    """The account of `facts` (see `households.rules.find`) against the two lines, in fen."""
    finding = find(facts, line_fen=line_fen, monitoring_fen=monitoring_fen, guarantees=guarantees)
    persons = facts["persons"]
    known = bool(finding.incomes_known)
    incomes = [_figure(facts, name) for name in INCOMES]
    needed = line_fen * persons
    return Explanation(
        persons=persons,
        incomes=incomes,
        expense=_figure(facts, EXPENSE),
        gross_fen=None
        if any(one.fen is None for one in incomes)
        else sum(facts[n] for n in INCOMES),
        net_fen=finding.net_fen if known else None,
        per_capita_fen=per_capita_fen(finding.net_fen, persons) if known else None,
        line_fen=line_fen,
        needed_fen=needed,
        monitoring_fen=monitoring_fen,
        monitoring_needed_fen=monitoring_fen * persons,
        points=[
            _income_point(facts, finding, needed),
            *(_point(facts, name, guarantees) for name in GUARANTEES),
        ],
        verdict=_verdict(finding, needed),
        mark=_verdict_mark(finding),
        remarks=_remarks(finding, monitoring_fen * persons),
        finding=finding,
    )


def proposal_sentence(state: int, finding: Finding, *, surveyed: int) -> str:
    """What an annual review proposes on this finding for a household in `state`."""
    sentences = {
        Kind.NONE: _("A review makes no proposal for this household."),
        Kind.COMPLETE: _("A review proposes to complete the facts first."),
        Kind.IDENTIFY: _("A review proposes to identify the household as poor."),
        Kind.WATCH: _("A review proposes to watch the household, so that it does not fall back."),
        Kind.KEEP: _("A review proposes to keep the state as it is."),
        Kind.EXIT: _("A review proposes the exit from poverty."),
        Kind.REINCLUDE: _("A review proposes to take the household back on the register."),
    }
    return sentences[Kind(propose(State(state), finding, surveyed=surveyed))]


def amount(fen: int) -> str:
    """Fen as yuan with unit, in the active language."""
    return _("%(amount)s yuan") % {"amount": plain_amount(fen)}


def plain_amount(fen: int) -> str:
    """Fen as grouped yuan with two places; exact, no float."""
    sign, fen = ("−" if fen < 0 else ""), abs(fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def in_order(names: Iterable[str]) -> list[str]:
    """Names of LABELS in the order of the register's form, for people to read."""
    return sorted(names, key=OFFICIAL_ORDER.index)


def names_of(bits: int, names: tuple[str, ...]) -> str:
    """The labels that a bitmap of lacks or gaps holds, as a list in words, in official order."""
    return _(", ").join(str(LABELS[name]) for name in in_order(named(bits, names)))


def _figure(facts: Mapping[str, int], name: str) -> Figure:
    return Figure(name, LABELS[name], None if facts[f"no_{name}"] else facts[name])


def _income_point(facts: Mapping[str, int], finding: Finding, needed: int) -> Point:
    label = LABELS["income"]
    if not finding.incomes_known:
        missing = _(", ").join(str(LABELS[name]) for name in MONEY if facts[f"no_{name}"])
        text = _(
            "cannot be judged, because these figures are unknown: %(missing)s. Unknown is not zero."
        )
        return Point("income", label, OPEN, text % {"missing": missing})
    words = {
        "net": amount(finding.net_fen),
        "needed": amount(needed),
        "gap": amount(abs(finding.net_fen - needed)),
    }
    if finding.net_fen < needed:
        text = _("net income %(net)s is %(gap)s short of the %(needed)s that the line asks for.")
        return Point("income", label, BAD, text % words)
    if finding.net_fen == needed:
        text = _(
            "net income %(net)s lies exactly on the line: not poor by income,"
            " but not above it either."
        )
        return Point("income", label, NEITHER, text % words)
    text = _("net income %(net)s is %(gap)s above the %(needed)s that the line asks for.")
    return Point("income", label, GOOD, text % words)


def _point(facts: Mapping[str, int], name: str, guarantees: Collection[str]) -> Point:
    if name not in guarantees:
        return Point(name, LABELS[name], NEITHER, _("not demanded by the standard of the year."))
    if facts[f"no_{name}"]:
        return Point(name, LABELS[name], OPEN, _("unknown. Ask the household and record it."))
    if facts[name] == NOT_MET:
        return Point(name, LABELS[name], BAD, _("not met."))
    if facts[name] == NOT_APPLICABLE:
        return Point(name, LABELS[name], NEITHER, _("does not apply to this household."))
    return Point(name, LABELS[name], GOOD, _("met."))


def _verdict(finding: Finding, needed: int) -> str:
    lacks, gaps = names_of(finding.lacks, LACKS), names_of(finding.gaps, GAPS)
    if finding.gaps and finding.lacks:
        text = _("Not complete. The household lacks: %(lacks)s. Still unknown: %(gaps)s.")
    elif finding.gaps:
        text = _("Not complete. Still unknown: %(gaps)s.")
    elif finding.lacks:
        text = _("The household lacks: %(lacks)s.")
    elif finding.exit_ready:
        text = _("Nothing is lacking, nothing is unknown, and the income is above the line.")
    else:
        text = _("Nothing is lacking, but the income is not above the line.")
    return text % {"lacks": lacks, "gaps": gaps}


def _verdict_mark(finding: Finding) -> str:
    if finding.lacks:
        return BAD
    if finding.gaps:
        return OPEN
    return GOOD if finding.exit_ready else NEITHER


def _remarks(finding: Finding, monitoring_needed: int) -> list[str]:
    if not finding.at_risk:
        return []
    text = _("At risk: %(net)s is %(gap)s short of the monitoring line.")
    words = {"net": amount(finding.net_fen), "gap": amount(monitoring_needed - finding.net_fen)}
    return [text % words]


def contradictions(
    facts: Mapping[str, int], *, housing_grade: str, without_medical_insurance: int
) -> list[str]:
    """What else is on record against a stated guarantee. It stands all the same; these warn.

    Source: register template, "The finding".
    """
    found = []
    stated_housing, stated_medical = (
        facts[name] == 1 and not facts[f"no_{name}"] for name in ("housing", "medical")
    )
    if stated_housing and housing_grade in ("C", "D"):
        found.append(
            _("Safe housing is stated as met, but the house is graded %(grade)s. Check on site.")
            % {"grade": housing_grade}
        )
    if stated_medical and without_medical_insurance:
        found.append(
            ngettext(
                "Basic medical care is stated as met, but %(count)s member has no basic medical"
                " insurance.",
                "Basic medical care is stated as met, but %(count)s members have no basic medical"
                " insurance.",
                without_medical_insurance,
            )
            % {"count": without_medical_insurance}
        )
    return found
