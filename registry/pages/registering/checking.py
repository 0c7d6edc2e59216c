"""The page before submitting: every answer, what is odd, and the finding that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from households.entry import fields
from households.entry.content import StepContent
from households.entry.drafts import content_of, judge_draft
from households.entry.judged import Judged, figures_of_entry
from households.explain import Explanation, explain
from households.importing.reasons import say
from households.models import Draft, Standard
from households.quality.reading import facts_of_entry
from households.quality.rules import RULES, check
from households.rules import GAPS, State, fen
from officers.models import Officer
from registry.pages.quality.queries import MUST_MEND
from registry.pages.registering.explaining import Explained, field_name
from registry.pages.registering.forms.base import labelled
from registry.pages.registering.mending import target_of
from registry.pages.registering.queries import StepState, step_states
from registry.pages.registering.showing import field_of, masked
from trail.dates import business_date

HIDDEN = frozenset({"person_number"})


@dataclass(frozen=True)
class Card:
    """One step in words: its state, its answers, its rows of answers."""

    state: StepState
    lines: list[tuple[str, str]]
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Odd:
    """What a soft rule found in the draft: to be mended at its step, or explained.

    `name` is that of the field of its explanation, `typed` what was sent in it, `fault` what stands
    against that; `target` is the id of the fact's own field on the page of its step.
    """

    rule: str
    severity: int
    name: str
    typed: str
    fault: str
    whom: str
    sentence: str
    advice: str
    step: str
    target: str

    @property
    def can_be_explained(self) -> bool:
        """Whether an explanation is enough."""
        return self.severity > MUST_MEND


@dataclass(frozen=True)
class Check:
    """All that is looked at before submitting. `account` is None while nothing can be judged."""

    cards: list[Card]
    warnings: list[str]
    odd: list[Odd]
    account: Explanation | None
    standard: Standard | None
    judged: Judged

    @property
    def refused(self) -> list[Odd]:
        """The findings whose explanation cannot be kept as it was typed."""
        return [one for one in self.odd if one.fault]

    @property
    def is_sound(self) -> bool:
        """Whether nothing stands against submitting."""
        return not self.judged.faults

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(step, sentence) of all that must be corrected first."""
        found = []
        for fault in self.judged.faults:
            one = field_of(fault.step, fault.name)
            said = labelled(one.label, fault.sentence) if one else fault.sentence
            found.append((fault.step, said))
        return found


def check_of(officer: Officer, draft: Draft, explained: Explained) -> Check:
    """The whole draft in words, judged now."""
    content, judged = content_of(draft), judge_draft(draft, by=officer)
    states = step_states(content, judged)
    standard = Standard.objects.holding(draft.village_id, draft.year).first()
    return Check(
        cards=[_card(state, content.step(state.step.name)) for state in states],
        warnings=_warnings(judged),
        odd=odd_in(draft, judged, explained),
        account=_account(judged, standard),
        standard=standard,
        judged=judged,
    )


def odd_in(draft: Draft, judged: Judged, explained: Explained) -> list[Odd]:
    """What the soft rules find in a faultless draft, what must be mended first."""
    state = draft.household.state if draft.household else State.ORDINARY
    facts = facts_of_entry(judged, state=state, today=business_date())
    if facts is None:
        return []
    rows = judged.entry.step(fields.MEMBERS).rows
    named = [(hit, field_name(hit.rule, hit.person)) for hit in check(facts)]
    found = [
        Odd(
            rule=hit.rule,
            severity=RULES[hit.rule].severity,
            name=name,
            typed=explained.texts.get(name, ""),
            fault=explained.faults.get(name, ""),
            whom=rows[hit.person].get("name", "") if hit.person is not None else "",
            sentence=_(RULES[hit.rule].sentence) % hit.params,
            advice=_(RULES[hit.rule].advice),
            step=RULES[hit.rule].step,
            target=target_of(RULES[hit.rule].step, RULES[hit.rule].field, hit.person),
        )
        for hit, name in named
    ]
    return sorted(found, key=lambda one: one.severity)


def _card(state: StepState, content: StepContent) -> Card:
    step = state.step.name
    return Card(
        state,
        lines=[*_answers(step, content.values)],
        rows=[
            (_row_title(step, row, number), _("; ").join(f"{a}: {b}" for a, b in _rest(step, row)))
            for number, row in enumerate(_in_order(step, content.rows), start=1)
        ],
    )


def _in_order(step: str, rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The rows as they are read: income lines by their kind, people as entered."""
    if step != fields.INCOMES:
        return [*rows]
    rank = {kind: place for place, kind in enumerate(fields.BY_STEP[step])}
    return sorted(rows, key=lambda row: rank.get(row.get("kind", ""), len(rank)))


def _answers(step: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each answer, in the order of the form; what has no field, last."""
    order = [*fields.BY_STEP[step], *(fields.LINES if step == fields.INCOMES else ())]
    found = []
    for name in sorted(values, key=lambda n: order.index(n) if n in order else len(order)):
        if name in HIDDEN or (one := field_of(step, name)) is None:
            continue
        text = masked(step, name, values[name])
        found.append((str(one.label), f"{text} {one.unit}".strip() if one.unit else text))
    return found


def _row_title(step: str, row: Mapping[str, str], number: int) -> str:
    title = row.get("name") or masked(step, "item", row.get("item", "")) or row.get("text")
    return title or _("Row %(serial)s") % {"serial": number}


def _rest(step: str, row: Mapping[str, str]) -> list[tuple[str, str]]:
    told = ("name", "item")
    return _answers(step, {name: text for name, text in row.items() if name not in told})


def _warnings(judged: Judged) -> list[str]:
    if judged.verdict is None:
        return []
    return [say(one.code, one.params) for one in judged.verdict.warnings]


def _account(judged: Judged, standard: Standard | None) -> Explanation | None:
    if judged.verdict is None or standard is None:
        return None
    persons = len(judged.verdict.people.active_values())
    if not persons:
        return None
    facts = {"persons": persons}
    figures = figures_of_entry(judged)
    for name in GAPS:
        value = figures[name]
        facts |= {name: value or 0, f"no_{name}": int(value is None)}
    return explain(
        facts,
        line_fen=fen(standard.line),
        monitoring_fen=fen(standard.monitoring_line),
        guarantees=standard.guarantees,
    )
