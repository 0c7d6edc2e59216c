"""One decided case told from its beginning to its end, and made again from what it kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from divisions.scope import in_range
from exits.queries.kept import households_again
from exits.queries.recomputing import places_again
from households.recomputing import Compared, finding_again, recomputed
from officers.models import Officer
from registry.pages.cases.queries import CaseView, case_view
from registry.pages.cases.reading import name_on_notice
from workflow.models import Case, CaseEvent, NoticeLine

EXITS = frozenset({"approved", "seconded"})
"""What an exit may come to on facts that show it ready alone."""


@dataclass(frozen=True)
class Posting:
    """One line of a notice, that was removed too; `householder` as the role may see it."""

    line: NoticeLine
    householder: str


@dataclass(frozen=True)
class Again:
    """One decision made again: every value compared."""

    event: CaseEvent
    label: str
    values: list[Compared]

    @property
    def is_same(self) -> bool:
        """Whether everything came out as it was kept."""
        return all(one.is_same for one in self.values)


@dataclass(frozen=True)
class Explained:
    """A case with its decisions and all its notices."""

    view: CaseView
    decisions: list[CaseEvent]
    postings: list[Posting]


def explained(officer: Officer, case: Case, *, today: date) -> Explained:
    """What is told of a case within the officer's posting."""
    lines = case.notice_lines.select_related("notice__posted_by").order_by("pk")
    return Explained(
        view=case_view(officer, case, today=today),
        decisions=list(case.events.filter(decides=True).order_by("seq").defer("facts")),
        postings=[
            Posting(one, name_on_notice(officer, case.kind, one.householder)) for one in lines
        ],
    )


def made_again(case: Case, view: CaseView) -> list[Again]:
    """The decisions of a case, each made again from its own snapshot."""
    events = list(case.events.filter(decides=True).order_by("seq"))
    labels = {entry.event.pk: entry.label for entry in view.entries}
    return [
        Again(event, labels[event.pk], values)
        for event, values in zip(events, compared(events), strict=True)
    ]


def compared(events: Sequence[CaseEvent]) -> Iterable[list[Compared]]:
    """What comes out again of each decision, its verdict included."""
    found, places, households = recomputed(events), places_again(events), households_again(events)
    return [
        [
            *found[event.pk],
            *places.get(event.pk, []),
            *households.get(event.pk, []),
            *_verdict(event),
        ]
        for event in events
    ]


def _verdict(event: CaseEvent) -> list[Compared]:
    """An approved exit came from facts that allow one."""
    facts = event.facts or {}
    if event.case.kind != "exit" or event.to_state not in EXITS or "finding" not in facts:
        return []
    again = _("yes") if finding_again(facts)["exit_ready"] else _("no")
    return [Compared(_("The facts allow the exit"), _("yes"), again)]


def decisions_of_year(division: str, year: int) -> QuerySet[CaseEvent]:
    """All decisions taken in a place in a year, in the order in which they were taken."""
    found = CaseEvent.objects.filter(
        in_range("case__division_id", division),
        decides=True,
        on__range=(date(year, 1, 1), date(year, 12, 31)),
    )
    return found.select_related("case").order_by("pk")
