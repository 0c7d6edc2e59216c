"""Single gaps: which ones an officer reads, a page of them, one of them with what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from assistance.models import Gap, GapResolution, GapRun, Item, Plan
from assistance.models.gaps import RESOLUTION_NAMES, WORDS_FIELD, GapQuerySet
from assistance.queries.gap_words import fact_lines, rule_of
from assistance.queries.items import visible_items
from assistance.queries.own import within_own
from assistance.queries.plans import visible_plans
from assistance.rights import GAP_EXPLAINERS
from assistance.rules.gaps import Resolution
from officers.models import Officer
from teams.queries.visits import heads_of
from trail.sealing import unseal

PAGE_ROWS = 50
STANDING, OPEN, LATE, GONE = "standing", "open", "late", "gone"
STATES = (STANDING, OPEN, *Resolution, LATE, GONE)
"""All that stand, those without an answer, by answer, promised and late, those that are gone."""

STATE_NAMES: dict[str, Promise] = {
    STANDING: pgettext_lazy("gaps", "all that stand"),
    OPEN: pgettext_lazy("gap", "without an answer"),
    **RESOLUTION_NAMES,
    LATE: pgettext_lazy("gap", "promised and late"),
    GONE: pgettext_lazy("gap", "gone"),
}


@dataclass(frozen=True)
class Wanted:
    """What a list shows: a place, a year, "" for every rule and kind, one of STATES."""

    division: str
    year: int
    state: str = STANDING
    rule: str = ""
    kind: str = ""


@dataclass(frozen=True)
class GapRow:
    """A gap in words: the rule, its facts, whom it is about, how it stands."""

    gap: Gap
    head: str
    rule: str
    facts: list[tuple[str, str]]
    state: str

    @property
    def tag(self) -> str:
        """The kind of the tag of its state."""
        if self.gap.gone_run_id:
            return "quiet-tag"
        return "good" if self.gap.resolution else "warn"


@dataclass(frozen=True)
class GapPage:
    """A page of a list; `count` are all that it holds."""

    rows: list[GapRow]
    count: int
    has_next: bool


def visible_gaps(officer: Officer) -> GapQuerySet:
    """The gaps that the officer reads; a helper those of the households that he helps today."""
    return within_own(officer, Gap.objects.visible_to(officer))


def wanted_gaps(officer: Officer, wanted: Wanted, *, today: date) -> GapQuerySet:
    """The gaps of a list, by village and household."""
    found = visible_gaps(officer).within(wanted.division).filter(year=wanted.year)
    if wanted.rule:
        found = found.filter(rule=wanted.rule)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    found = found.filter(_state(wanted.state, today))
    return found.order_by("village_id", "household_id", "rule", "pk")


def _state(state: str, today: date) -> Q:
    stands = Q(gone_run=None)
    if state == OPEN:
        return stands & Q(resolution="")
    if state == LATE:
        return stands & Q(resolution=Resolution.PROMISED, due_on__lt=today)
    if state == GONE:
        return ~stands
    return stands if state == STANDING else stands & Q(resolution=state)


def gap_page(officer: Officer, wanted: Wanted, *, today: date, number: int) -> GapPage:
    """Page `number` of a list; four queries."""
    found = wanted_gaps(officer, wanted, today=today)
    first = (number - 1) * PAGE_ROWS
    rows = list(_with_all(found)[first : first + PAGE_ROWS + 1])
    return GapPage(
        described(officer, rows[:PAGE_ROWS], today), found.count(), len(rows) > PAGE_ROWS
    )


def _with_all(found: GapQuerySet) -> GapQuerySet:
    return found.select_related("household", "member", "village", "item__measure")


def described(officer: Officer, gaps: Iterable[Gap], today: date) -> list[GapRow]:
    """Gaps in words, with the names of the heads; their readers read names."""
    listed = list(gaps)
    heads = heads_of({one.household_id for one in listed})
    return [
        GapRow(
            one,
            heads.get(one.household_id, ""),
            rule_of(one),
            fact_lines(officer, one),
            state_of(one, today),
        )
        for one in listed
    ]


def state_of(gap: Gap, today: date) -> str:
    """How a gap stands, in a word."""
    if gap.gone_run_id:
        return str(STATE_NAMES[GONE])
    if gap.resolution == Resolution.PROMISED and gap.due_on and gap.due_on < today:
        return str(STATE_NAMES[LATE])
    return str(STATE_NAMES[gap.resolution or OPEN])


@dataclass(frozen=True)
class Answer:
    """What somebody made of a gap, with his words."""

    kind: str
    resolution: GapResolution
    words: str


@dataclass(frozen=True)
class GapHistory:
    """What became of a gap: the searches that found it first, last and not any more; answers."""

    first: GapRun
    last: GapRun
    gone: GapRun | None
    answers: list[Answer]


def history_of(gap: Gap) -> GapHistory:
    """The history of a gap, its answers in their order."""
    answers = gap.resolutions.select_related("by").order_by("pk")
    return GapHistory(
        first=gap.first_run,
        last=gap.last_run,
        gone=gap.gone_run,
        answers=[Answer(one.get_kind_display(), one, _words(one)) for one in answers],
    )


def latest_words(gaps: Iterable[Gap]) -> dict[int, str]:
    """The words of the latest answer to each gap that has one."""
    answered = [one.pk for one in gaps if one.resolution]
    found = GapResolution.objects.filter(gap__in=answered).order_by("gap_id", "-pk")
    return {one.gap_id: _words(one) for one in found.distinct("gap_id")}


def _words(answer: GapResolution) -> str:
    return unseal(answer.words_sealed, field=WORDS_FIELD, row=answer.uuid)


@dataclass(frozen=True)
class Beside:
    """What a gap leads to: the plan of its year, and the measure that its own clashes with."""

    plan: Plan | None
    other: Item | None


def beside(officer: Officer, gap: Gap) -> Beside:
    """The plan and the other measure, as far as they lie in the officer's reach."""
    plan = visible_plans(officer).filter(household=gap.household_id, year=gap.year).first()
    key = gap.facts.get("other_item", 0)
    items = visible_items(officer).select_related("measure", "household", "plan")
    return Beside(plan, items.filter(pk=key).first() if key else None)


def may_resolve(officer: Officer, gap: Gap) -> bool:
    """Whether the acting role explains a gap that it reads; what is gone asks for no word."""
    return officer.acting_role in GAP_EXPLAINERS and gap.gone_run_id is None
