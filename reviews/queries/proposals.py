"""The list of proposals, and one proposal with the account of what it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.queries.helped import never_helped
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
    ON_REGISTER,
    Kind,
    fen,
    find,
    per_capita_fen,
    unknown_facts,
)
from officers.models import Officer
from reviews.models import KIND_NAMES, Answer, Proposal, Review
from reviews.queries.totals import totals_within
from reviews.rights import own_part
from reviews.rules import (
    HIGHEST_BAND,
    LINE_BANDS,
    LOWEST_BAND,
    band_range,
    distance_hundredths,
)

PAGE_ROWS = 50
COUNT_CAP = 10_000
FEW = 1000
Position = tuple[str, int]
ANSWERS: dict[str, tuple[Promise, Q]] = {
    "waiting": (_("waits"), Q(accepted_at=None, answer=None)),
    "accepted": (_("accepted"), Q(accepted_at__isnull=False)),
    "refused": (_("refused"), Q(answer=Answer.REFUSED)),
    "sent_back": (_("sent back for data"), Q(answer=Answer.SENT_BACK)),
}
"""What an officer said to a proposal, by the name in the address."""


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an empty value does not narrow. Names of lacks and gaps.

    `state` is the state then, `answer` a name of ANSWERS, `near` the bands "low:high" of the
    distance to the line (reviews.rules.band).
    """

    division: str = ""
    kind: int | None = None
    lack: str = ""
    gap: str = ""
    state: int | None = None
    answer: str = ""
    near: str = ""


@dataclass(frozen=True)
class Row:
    """One proposal as the list shows it; amounts in fen, None while an income is unknown.

    `distance_hundredths` is the distance in hundredths of a percent of line × people. The year
    before is filled in for lists near the line alone; None also where that year is not known.
    `never_helped` is filled in for the list, its file and an account, of who stood on the register.
    """

    proposal: Proposal
    head: str
    kind: str
    lacks: str
    gaps: str
    needed_fen: int
    per_capita_fen: int | None
    distance_fen: int | None
    distance_hundredths: int | None
    per_capita_before_fen: int | None = None
    never_helped: bool = False

    @property
    def change_fen(self) -> int | None:
        """What a person has more than in the year before; None unless both years are known."""
        if self.per_capita_fen is None or self.per_capita_before_fen is None:
            return None
        return self.per_capita_fen - self.per_capita_before_fen

    @property
    def decision(self) -> Promise:
        """What an officer said to it, or that it waits."""
        proposal = self.proposal
        if proposal.accepted_at:
            return ANSWERS["accepted"][0]
        if proposal.answer is None:
            return ANSWERS["waiting"][0]
        return Answer(proposal.answer).label


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
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.answer:
        found = found.filter(ANSWERS[wanted.answer][1])
    if wanted.near:
        found = near_line(found, *band_range(wanted.near), line_fen=fen(review.standard.line))
    return found


def near_line(
    found: QuerySet[Proposal], low: int, high: int, *, line_fen: int
) -> QuerySet[Proposal]:
    """Those whose income lies in the bands `low` to `high` of reviews.rules.band, both included.

    The band is compared without division: a share of 40 bands lies at or above a band exactly when
    net income × 40 reaches line × persons × (40 + band).
    """
    needed = Cast("persons", BigIntegerField()) * line_fen
    found = found.filter(net_fen__isnull=False).alias(shares=F("net_fen") * LINE_BANDS)
    if low > LOWEST_BAND:
        found = found.filter(shares__gte=needed * (LINE_BANDS + low))
    if high < HIGHEST_BAND:
        found = found.filter(shares__lt=needed * (LINE_BANDS + high + 1))
    return found


def proposal_page(
    officer: Officer,
    review: Review,
    wanted: Wanted,
    *,
    after: Position | None,
    before: Position | None,
) -> ProposalPage:
    """One page in the order (village, household): behind `after`, before `before`, or the first.

    Where only FEW match, they are found first and ordered here: the index in the order of the list
    would lead past every proposal of the place to find them, each at another page of the disk.
    """
    found = proposals(officer, review, wanted)
    keys = sorted(found.values_list("village_id", "household_id", "pk")[: FEW + 1])
    if len(keys) > FEW:
        page, earlier, later = slice_of(found, after, before)
        summed = sum_of_villages(officer, review, wanted)
        count = found[: COUNT_CAP + 1].count() if summed is None else min(summed, COUNT_CAP + 1)
    else:
        page, earlier, later = slice_of_few(found, keys, after, before)
        count = len(keys)
    rows = with_help(rows_of(officer, review, page))
    return ProposalPage(
        with_year_before(review, rows) if wanted.near else rows,
        count=count,
        previous=position_of(page[0]) if earlier and page else None,
        next=position_of(page[-1]) if later and page else None,
    )


def sum_of_villages(officer: Officer, review: Review, wanted: Wanted) -> int | None:
    """How many the villages of a review count under a filter; None where they cannot tell.

    They know states, kinds and distances: of a large place that is a moment's work, where counting
    the proposals reads half of them.
    """
    if wanted.lack or wanted.gap or wanted.answer or (wanted.near and wanted.kind is not None):
        return None
    part = wanted.division or own_part(officer, review)
    whole = part == review.root_id and "bands" in review.totals
    totals = review.totals if whole else totals_within(review, part)
    if wanted.near:
        counts, (low, high) = totals["bands"], band_range(wanted.near)
    else:
        counts, low, high = totals["states"], wanted.kind or 0, wanted.kind or max(Kind)
    return sum(
        number
        for key, number in counts.items()
        for state, _dot, place in [key.partition(".")]
        if low <= int(place) <= high and wanted.state in (None, int(state))
    )


def position_of(proposal: Proposal) -> Position:
    """Where a proposal stands in the order of the list."""
    return proposal.village_id, proposal.household_id


def slice_of_few(
    found: QuerySet[Proposal],
    keys: Sequence[tuple[str, int, int]],
    after: Position | None,
    before: Position | None,
) -> tuple[list[Proposal], bool, bool]:
    """The same as `slice_of`, from the places of all that match, which are in order."""
    if before:
        ahead = [key for *place, key in keys if tuple(place) < before]
        chosen, earlier, later = ahead[-PAGE_ROWS:], len(ahead) > PAGE_ROWS, True
    else:
        behind = [key for *place, key in keys if after is None or tuple(place) > after]
        chosen, earlier, later = behind[:PAGE_ROWS], after is not None, len(behind) > PAGE_ROWS
    page = _with_household(found.filter(pk__in=chosen))
    return list(page.order_by("village_id", "household_id")), earlier, later


def _with_household(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return found.select_related("village", "household").defer(
        "household__search", "household__phone_sealed"
    )


def slice_of(
    found: QuerySet[Proposal], after: Position | None, before: Position | None
) -> tuple[list[Proposal], bool, bool]:
    """The page's proposals, and whether there are some before and behind."""
    found = _with_household(found)
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


def with_year_before(review: Review, rows: Sequence[Row]) -> list[Row]:
    """The rows with net income per person of the year before, as it is known now."""
    surveys = Survey.objects.in_force().filter(
        year=review.year - 1, household_id__in=[row.proposal.household_id for row in rows]
    )
    before = {survey.household_id: _per_capita_of(survey) for survey in surveys}
    return [
        replace(row, per_capita_before_fen=before.get(row.proposal.household_id)) for row in rows
    ]


def with_help(rows: Sequence[Row]) -> list[Row]:
    """The rows that say of whom on the register no help ever reached: his exit is refused."""
    unhelped = never_helped_of([row.proposal for row in rows])
    return [replace(row, never_helped=row.proposal.household_id in unhelped) for row in rows]


def never_helped_of(proposals: Iterable[Proposal]) -> set[int]:
    """The households of these proposals that stood on the register and were never helped."""
    return never_helped(one.household_id for one in proposals if one.state in ON_REGISTER)


def _per_capita_of(survey: Survey) -> int | None:
    finding = find(facts_of(survey), line_fen=1, monitoring_fen=1)
    return per_capita_fen(finding.net_fen, survey.persons) if finding.incomes_known else None


def _row(proposal: Proposal, head: str, line_fen: int) -> Row:
    net, persons = proposal.net_fen, proposal.persons
    needed = line_fen * persons
    distance = None if net is None else net - needed
    return Row(
        proposal=proposal,
        head=head,
        kind=str(KIND_NAMES[Kind(proposal.kind)]),
        lacks=names_of(proposal.lacks, LACKS),
        gaps=names_of(proposal.gaps, GAPS),
        needed_fen=needed,
        per_capita_fen=None if net is None else per_capita_fen(net, persons),
        distance_fen=distance,
        distance_hundredths=None if distance is None else distance_hundredths(distance, needed),
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
        """Whether this kind opens a case and nobody has accepted or answered it yet."""
        proposal = self.row.proposal
        return (
            proposal.kind in ACCEPTABLE
            and proposal.accepted_at is None
            and proposal.answer is None
            and proposal.superseded_at is None
        )


def visible_proposals(officer: Officer, review: Review) -> QuerySet[Proposal]:
    """Every proposal of a review within the posting, superseded ones too, with its household."""
    found = Proposal.objects.visible_to(officer).filter(review=review)
    return found.select_related("household", "village", "accepted_by", "answered_by", "case")


def account_of(officer: Officer, review: Review, proposal: Proposal) -> Account:
    """The account of one proposal, on the very survey that it names."""
    survey = (
        Survey.objects.select_related("recorded_by").get(pk=proposal.survey_id)
        if proposal.survey_id
        else None
    )
    facts = facts_of(survey) if survey else unknown_facts(proposal.persons)
    [row] = with_help(rows_of(officer, review, [proposal]))
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
