"""The list of proposals, and one proposal with the account of what it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from households.explain import Explanation, explain, facts_of, names_of
from households.models import Member, Survey
from households.models.members import HEAD
from households.rights import masked_name, reads_names
from households.rules import (
    ACCEPTABLE,
    GAP_BIT,
    GAPS,
    LACK_BIT,
    LACKS,
    Kind,
    fen,
    per_capita_fen,
    unknown_facts,
)
from officers.models import Officer
from reviews.models import KIND_NAMES, Proposal, Review

PAGE_ROWS = 50
COUNT_CAP = 10_000
Position = tuple[str, int]


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an empty value does not narrow. Names of lacks and gaps."""

    division: str = ""
    kind: int | None = None
    lack: str = ""
    gap: str = ""


@dataclass(frozen=True)
class Row:
    """One proposal as the list shows it; amounts in fen, None while an income is unknown."""

    proposal: Proposal
    head: str
    kind: str
    lacks: str
    gaps: str
    needed_fen: int
    per_capita_fen: int | None
    distance_fen: int | None


@dataclass(frozen=True)
class ProposalPage:
    """One page; `count` stops at COUNT_CAP + 1."""

    rows: list[Row]
    count: int
    previous: Position | None
    next: Position | None

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_CAP


def proposals(officer: Officer, review: Review, wanted: Wanted) -> QuerySet[Proposal]:
    """Proposals in force of a review within the posting, in no order yet."""
    found = Proposal.objects.visible_to(officer).in_force().filter(review=review)
    if wanted.division:
        found = found.within(wanted.division)
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind)
    if wanted.lack:
        found = found.annotate(lacking=F("lacks").bitand(LACK_BIT[wanted.lack])).filter(
            lacking__gt=0
        )
    if wanted.gap:
        found = found.annotate(open=F("gaps").bitand(GAP_BIT[wanted.gap])).filter(open__gt=0)
    return found


def proposal_page(
    officer: Officer,
    review: Review,
    wanted: Wanted,
    *,
    after: Position | None,
    before: Position | None,
) -> ProposalPage:
    """One page in the order (village, household): behind `after`, before `before`, or the first."""
    found = proposals(officer, review, wanted)
    page, earlier, later = _slice(found, after, before)
    return ProposalPage(
        rows_of(officer, review, page),
        count=found[: COUNT_CAP + 1].count(),
        previous=_position(page[0]) if earlier and page else None,
        next=_position(page[-1]) if later and page else None,
    )


def _position(proposal: Proposal) -> Position:
    return proposal.village_id, proposal.household_id


def _slice(
    found: QuerySet[Proposal], after: Position | None, before: Position | None
) -> tuple[list[Proposal], bool, bool]:
    """The page's proposals, and whether there are some before and behind."""
    found = found.select_related("village", "household").defer(
        "household__search", "household__phone_sealed"
    )
    if before:
        village, key = before
        ahead = found.filter(
            Q(village_id__lt=village) | Q(household_id__lt=key), village_id__lte=village
        )
        page = list(ahead.order_by("-village_id", "-household_id")[: PAGE_ROWS + 1])
        return page[:PAGE_ROWS][::-1], len(page) > PAGE_ROWS, True
    if after:
        village, key = after
        found = found.filter(
            Q(village_id__gt=village) | Q(household_id__gt=key), village_id__gte=village
        )
    page = list(found.order_by("village_id", "household_id")[: PAGE_ROWS + 1])
    return page[:PAGE_ROWS], after is not None, len(page) > PAGE_ROWS


def rows_of(officer: Officer, review: Review, page: Iterable[Proposal]) -> list[Row]:
    """The proposals with names, words and distances."""
    found = list(page)
    line = fen(review.standard.line)
    heads = _heads(officer, [one.household_id for one in found])
    return [_row(one, heads.get(one.household_id, ""), line) for one in found]


def _row(proposal: Proposal, head: str, line_fen: int) -> Row:
    net, persons = proposal.net_fen, proposal.persons
    needed = line_fen * persons
    return Row(
        proposal=proposal,
        head=head,
        kind=str(KIND_NAMES[Kind(proposal.kind)]),
        lacks=names_of(proposal.lacks, LACKS),
        gaps=names_of(proposal.gaps, GAPS),
        needed_fen=needed,
        per_capita_fen=None if net is None else per_capita_fen(net, persons),
        distance_fen=None if net is None else net - needed,
    )


def _heads(officer: Officer, households: list[int]) -> dict[int, str]:
    """Names of the heads by household; the family name alone for roles that see no names."""
    found = (
        Member.objects.active()
        .filter(household_id__in=households, relation=HEAD)
        .values_list("household_id", "name")
    )
    shown = (lambda name: name) if reads_names(officer) else masked_name
    return {household: shown(name) for household, name in found}


@dataclass(frozen=True)
class Account:
    """One proposal, what it rests on, and the finding in sentences."""

    row: Row
    survey: Survey | None
    explanation: Explanation

    @property
    def can_be_accepted(self) -> bool:
        """Whether this kind opens a case and nobody has accepted it yet."""
        proposal = self.row.proposal
        return (
            proposal.kind in ACCEPTABLE
            and proposal.accepted_at is None
            and proposal.superseded_at is None
        )


def visible_proposals(officer: Officer, review: Review) -> QuerySet[Proposal]:
    """Every proposal of a review within the posting, superseded ones too, with its household."""
    found = Proposal.objects.visible_to(officer).filter(review=review)
    return found.select_related("household", "village", "accepted_by", "case")


def account_of(officer: Officer, review: Review, proposal: Proposal) -> Account:
    """The account of one proposal, on the very survey that it names."""
    survey = (
        Survey.objects.select_related("recorded_by").get(pk=proposal.survey_id)
        if proposal.survey_id
        else None
    )
    facts = facts_of(survey) if survey else unknown_facts(proposal.persons)
    [row] = rows_of(officer, review, [proposal])
    return Account(
        row=row,
        survey=survey,
        explanation=explain(
            facts,
            line_fen=fen(review.standard.line),
            monitoring_fen=fen(review.standard.monitoring_line),
            guarantees=review.standard.guarantees,
        ),
    )
