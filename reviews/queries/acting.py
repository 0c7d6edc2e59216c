"""Which proposals of a filter an act would touch, counted for the officer who is to confirm it."""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from divisions.models import Division
from households.rules import ACCEPTABLE, Kind
from officers.models import Officer
from reviews.models import KIND_NAMES, Answer, Proposal, Review
from reviews.queries.proposals import COUNT_CAP, Wanted, proposals
from workflow.models import Case

CASE_KINDS = {
    Kind.IDENTIFY: "identification",
    Kind.REINCLUDE: "reinclusion",
    Kind.WATCH: "watch",
    Kind.EXIT: "exit",
}
CAN_BE_ACCEPTED = Q(kind__in=ACCEPTABLE)
WAITING = Q(superseded_at=None, accepted_at=None, answer=None)


@dataclass(frozen=True)
class Chosen:
    """The waiting proposals that an act would touch, in the order of village and household.

    `seen` is their digest: another proposal, one more or one less gives another one.
    """

    keys: list[int]
    seen: str
    kinds: dict[int, int]
    villages: dict[str, int]


def answerable(answer: Answer) -> Q:
    """Which kinds of proposals have this answer: whatever can be accepted can be refused.

    Any kind can be sent back: data may be missing for each of them.
    """
    return CAN_BE_ACCEPTED if answer == Answer.REFUSED else Q()


def chosen_proposals(officer: Officer, review: Review, wanted: Wanted, which: Q) -> Chosen:
    """The waiting proposals of the filter within the posting that meet `which`."""
    found = proposals(officer, review, wanted).filter(WAITING).filter(which)
    ordered = found.order_by("village_id", "household_id")
    rows = list(ordered.values_list("pk", "kind", "village_id"))
    return Chosen(
        keys=[key for key, _kind, _village in rows],
        seen=sha256(",".join(str(key) for key, *_rest in rows).encode()).hexdigest(),
        kinds=Counter(kind for _key, kind, _village in rows),
        villages=Counter(village for _key, _kind, village in rows),
    )


def waits(proposal: Proposal, answer: Answer) -> bool:
    """Whether the proposal waits for an officer and its kind has this answer."""
    decided = proposal.superseded_at or proposal.accepted_at or proposal.answer is not None
    return not decided and (answer != Answer.REFUSED or proposal.kind in ACCEPTABLE)


@dataclass(frozen=True)
class Confirmation:
    """What an officer confirms: how many proposals, of which kinds and villages, and what is not.

    `accepted` and `answered` ones are decided, `others` are of kinds that this act leaves alone;
    `busy` of the chosen ones have an open case of the kind and will be left out.
    """

    chosen: Chosen
    kinds: list[tuple[Promise, int]]
    villages: list[tuple[str, int]]
    accepted: int
    answered: int
    others: int
    busy: int

    @property
    def count(self) -> int:
        return len(self.chosen.keys)


def confirmation_of(officer: Officer, review: Review, wanted: Wanted, which: Q) -> Confirmation:
    """What the page of confirmation shows."""
    chosen = chosen_proposals(officer, review, wanted, which)
    found = proposals(officer, review, wanted)
    accepted = found.exclude(accepted_at=None).count()
    answered = found.exclude(answer=None).count()
    names = dict(Division.objects.filter(pk__in=chosen.villages).values_list("pk", "name"))
    return Confirmation(
        chosen=chosen,
        kinds=[(KIND_NAMES[Kind(kind)], count) for kind, count in sorted(chosen.kinds.items())],
        villages=[(names[code], count) for code, count in chosen.villages.items()],
        accepted=accepted,
        answered=answered,
        others=found.filter(WAITING).exclude(which).count() if which else 0,
        busy=busy_proposals(officer, found.filter(WAITING)).count(),
    )


@dataclass(frozen=True)
class Waiting:
    """How many proposals of a filter wait: of kinds that can be accepted, and of all kinds.

    Both stop at COUNT_CAP + 1.
    """

    acceptable: int
    all: int

    @property
    def is_capped(self) -> bool:
        return self.acceptable > COUNT_CAP


def waiting_of(officer: Officer, review: Review, wanted: Wanted) -> Waiting:
    """What of the listed proposals within the posting waits for an officer."""
    waiting = proposals(officer, review, wanted).filter(WAITING)
    return Waiting(
        acceptable=waiting.filter(CAN_BE_ACCEPTED)[: COUNT_CAP + 1].count(),
        all=waiting[: COUNT_CAP + 1].count(),
    )


@dataclass(frozen=True)
class Neighbours:
    """The waiting proposals before and behind one, in the order of village and household.

    `first` is the first of all that wait, to begin anew behind the last one.
    """

    previous: int | None
    next: int | None
    first: int | None


def neighbours(officer: Officer, review: Review, wanted: Wanted, proposal: Proposal) -> Neighbours:
    """Which waiting proposals of the filter stand next to this one, decided or not.

    Without a kind in the filter, those of kinds that can be accepted.
    """
    waiting = proposals(officer, review, wanted).filter(WAITING)
    if wanted.kind is None:
        waiting = waiting.filter(CAN_BE_ACCEPTED)
    village, household = proposal.village_id, proposal.household_id
    behind = waiting.filter(
        Q(village_id__gt=village) | Q(household_id__gt=household), village_id__gte=village
    )
    before = waiting.filter(
        Q(village_id__lt=village) | Q(household_id__lt=household), village_id__lte=village
    )
    return Neighbours(
        previous=_first(before.order_by("-village_id", "-household_id")),
        next=_first(behind.order_by("village_id", "household_id")),
        first=_first(waiting.order_by("village_id", "household_id")),
    )


def _first(found: QuerySet[Proposal]) -> int | None:
    return found.values_list("pk", flat=True).first()


def busy_proposals(officer: Officer, found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Those of `found` whose household has an open case of the kind that accepting would open."""
    cases = Case.objects.visible_to(officer).open().filter(subject=OuterRef("household__number"))
    busy = Q(pk__in=[])
    for kind, procedure in CASE_KINDS.items():
        busy |= Q(kind=kind) & Q(Exists(cases.filter(kind=procedure)))
    return found.filter(busy)
