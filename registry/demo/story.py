"""What a visitor finds going on in the weeks after the field work of the last year surveyed.

The year before is done: a review committed, its proposals of one village decided, the year frozen
there, and the years before it in the whole province. Of the last year one review is committed and
its cases have begun, another waits for its second hand, a third county has none yet, and the
province tries a higher line.

Everything goes through the actions that officers use, on the business date that was theirs: the
clock of the demonstration is moved, and left in December of the last year.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from divisions.models import Division
from households.actions.freezing import freeze_year
from households.models import Standard
from households.rules import GUARANTEES, Kind
from officers.models import Officer
from registry.demo import seeding
from registry.demo.accounts import COUNTY, DEMO_ACCOUNTS, VILLAGE
from registry.demo.care import tend
from registry.demo.courses import COURSES, be_on, carry_to_the_end, take
from registry.demo.exits.chapters import exits_of
from registry.demo.foreign import OPERATOR
from registry.demo.places import PROVINCE
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import CHUNK_HOUSEHOLDS, commit_review, propose_review
from reviews.actions.standards import Content, prepare_standard, preview_standard
from reviews.models import Proposal, Review
from workflow.models import Case, PolicyParameter

SECOND_COUNTY = "970322"
ACCEPTED = {Kind.EXIT: 12, Kind.WATCH: 6, Kind.IDENTIFY: 4, Kind.REINCLUDE: 4}
"""How many proposals of each kind the clerk accepts; the others are the visitor's."""

DECIDED = {Kind.WATCH: 3, Kind.IDENTIFY: 1}
"""How many of the year before were accepted in the village, and have been decided since."""

HIGHER_LINE = Decimal(200)
MOST_DRIVEN_HERE = 20_000
SMALL_CHUNK = 300


def has_begun() -> bool:
    """Whether a review of the demonstration's counties is there already."""
    return Review.everywhere.filter(root_id__in=(COUNTY, SECOND_COUNTY)).exists()


def tell(years: range, *, seed: int) -> list[Case]:
    """Let what happened in the years surveyed happen, in their order.

    Needs the demo accounts. Returns the cases opened for the last year.
    """
    names = [account.username for account in DEMO_ACCOUNTS]
    cast = {one.username: one for one in Officer.objects.filter(username__in=names)}
    exits = exits_of(years, by=Officer.objects.get(username=OPERATOR), seed=seed)
    exits.remember()
    _cut_small(years[0])
    for year in years[:-2]:
        be_on(date(year, 12, 31), by=cast["province-approver"])
        _freeze(PROVINCE, year, by=cast["province-approver"])
    exits.before_the_last_review()
    if len(years) > 1:
        _close(years[-2], cast)
    exits.in_the_last_year()
    be_on(date(years[-1], 12, 10), by=cast["clerk"])
    cases = _begin(years[-1], cast)
    tend(years[-1], cast)
    _try_a_higher_line(years[-1], by=cast["province"])
    return cases


def _close(year: int, cast: Mapping[str, Officer]) -> None:
    """The year before: reviewed, decided and frozen."""
    be_on(date(year, 11, 25), by=cast["clerk"])
    review = _reviewed(COUNTY, year, by=cast["clerk"])
    commit_review(review.pk, by=cast["approver"])
    chosen = _chosen(review, DECIDED, VILLAGE)
    if chosen:
        cases = accept_proposals(review.pk, chosen, by=cast["clerk"]).cases
        carry_to_the_end(cases, cast)
    be_on(date(year, 12, 31), by=cast["approver"])
    _freeze(COUNTY, year, by=cast["approver"])


def _begin(year: int, cast: Mapping[str, Officer]) -> list[Case]:
    """The last year: one review committed with cases under way, another one finished."""
    review = _reviewed(COUNTY, year, by=cast["clerk"])
    _reviewed(SECOND_COUNTY, year, by=cast["province"])
    commit_review(review.pk, by=cast["approver"])
    chosen = _chosen(review, ACCEPTED, COUNTY)
    cases = accept_proposals(review.pk, chosen, by=cast["clerk"]).cases
    _carry_on([case for case in cases if case.division_id == VILLAGE], cast)
    return cases


def _cut_small(year: int) -> None:
    """Small parts of the work where the register is small, so that their progress is seen.

    No officer sets this size: as for the nation, it comes with the rows themselves.
    """
    if seeding.households_there() <= MOST_DRIVEN_HERE:
        PolicyParameter.objects.create(
            division_id=PROVINCE, key=CHUNK_HOUSEHOLDS, year=year, value=SMALL_CHUNK,
            source="演示用",
        )  # fmt: skip


def _freeze(place: str, year: int, *, by: Officer) -> None:
    division = Division.objects.get(pk=place)
    freeze_year(division, year=year, reason="年度数据核定完毕", by=by)


def _try_a_higher_line(year: int, *, by: Officer) -> None:
    """A draft with its preview made; in a large register the workers make it, at the next sweep."""
    standing = Standard.objects.holding(PROVINCE, year)[0]
    line = standing.line + HIGHER_LINE
    content = Content(
        year, line, line * 3 / 2, GUARANTEES, f"示例省扶贫标准（{year} 年）征求意见稿"
    )
    draft = prepare_standard(content, by=by)
    runs = preview_standard(draft.pk, by=by).runs
    if seeding.households_there() <= MOST_DRIVEN_HERE:
        for run in runs:
            drive(run.pk)


def _reviewed(root: str, year: int, *, by: Officer) -> Review:
    """A review driven to its end in this process; no worker is needed."""
    review = propose_review(root=Division.objects.get(pk=root), year=year, by=by)
    drive(review.pk)
    return review


def _chosen(review: Review, wanted: Mapping[Kind, int], place: str) -> list[int]:
    """The first proposals of each kind, half of them at most, in the order of the list."""
    proposals = Proposal.everywhere.in_force().within(place).filter(review=review)
    chosen = []
    for kind, most in wanted.items():
        own = proposals.filter(kind=kind).order_by("village_id", "pk")
        keys = list(own.values_list("pk", flat=True))
        chosen += keys[: min(most, -(-len(keys) // 2))]
    return chosen


def _carry_on(cases: list[Case], cast: Mapping[str, Officer]) -> None:
    """Bring the cases of each procedure to different steps: the first the furthest."""
    for kind, course in COURSES.items():
        own = [case for case in cases if case.kind == kind]
        for place, case in enumerate(own):
            for act in course[: len(course) - place] if place < len(course) else ():
                take(case, act, cast)
