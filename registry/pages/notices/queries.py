"""What the pages of notices show. A notice shows serial, group, householder and people only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.models import Division, Level
from divisions.queries import path_to
from divisions.scope import in_range
from exits.queries.place_account import PLACE_KINDS
from households.rights import reads_names
from officers.models import Officer
from officers.rules import Role
from registry.pages.cases.objecting import HEARD_WITH, Heard, heard, heard_until
from registry.pages.cases.reading import name_on_notice
from registry.pages.places import CASE_ROLES
from trail.dates import business_date
from workflow.machine import Way
from workflow.models import Notice, NoticeLine, Objection
from workflow.procedures import machine_of, machines
from workflow.queries import act_label

LISTED = 200
PUBLIC_ROWS = 300
RUNNING, ENDED, DOWN = "running", "ended", "down"
STANDS: dict[str, Promise] = {
    RUNNING: gettext_lazy("hangs"),
    ENDED: gettext_lazy("to be taken down"),
    DOWN: gettext_lazy("taken down"),
}
SEALS: dict[Level, Promise] = {
    Level.VILLAGE: gettext_lazy("seal of the village committee"),
    Level.TOWNSHIP: gettext_lazy("seal of the township government"),
    Level.COUNTY: gettext_lazy("seal of the county’s poverty alleviation office"),
    Level.PROVINCE: gettext_lazy("seal of the province’s poverty alleviation office"),
}


@dataclass(frozen=True)
class Posted:
    """A notice in a list: how far its days are, and what waits at it."""

    notice: Notice
    stage: str
    village: str
    stands: str
    lines: int
    objections: int
    days_passed: int

    @property
    def stands_word(self) -> Promise:
        """Where it stands, in words."""
        return STANDS[self.stands]

    @property
    def tone(self) -> str:
        """Of the tag."""
        return {RUNNING: "info", ENDED: "warn", DOWN: "quiet-tag"}[self.stands]


def seen(officer: Officer) -> QuerySet[Notice]:
    """The notices within the posting; none for a role that has no cases."""
    found = Notice.objects.visible_to(officer)
    return found if officer.acting_role in CASE_ROLES else found.none()


@dataclass(frozen=True)
class Wanted:
    """Which notices to list: how they stand, at which stage, in which village; "" for all."""

    stands: str = ""
    stage: str = ""
    village: str = ""


def stages() -> list[tuple[str, str]]:
    """The steps that post a list, of all procedures, by their labels."""
    labels = {
        f"{machine.kind}.{step.name}": f"{_(machine.label)} · {_(step.label)}"
        for machine in machines()
        for step in machine.steps
        if step.notice
    }
    return list(labels.items())


def villages_with_notices(officer: Officer) -> list[tuple[str, str]]:
    """Where a list was posted that nobody has taken down, by code."""
    found = seen(officer).filter(taken_down_on=None).order_by("division_id")
    return list(found.values_list("division_id", "division__name").distinct())


def posted_list(officer: Officer, wanted: Wanted, *, today: date) -> list[Posted]:
    """The notices of the posting, those that have to come down first, then the first to end."""
    found = seen(officer)
    if wanted.village:
        found = found.filter(division_id=wanted.village)
    if wanted.stage:
        kind, _dot, step = wanted.stage.partition(".")
        found = found.filter(kind=kind, step=step)
    found = _standing(found, wanted.stands, today)
    counted = found.annotate(
        standing=Count("lines", filter=Q(lines__removed_at=None), distinct=True)
    )
    rows = list(
        counted.select_related("division").order_by(
            F("taken_down_on").desc(nulls_first=True), "last_day", "pk"
        )[:LISTED]
    )
    objections = open_objections_of([one.pk for one in rows])
    return [_posted(one, one.standing, objections.get(one.pk, 0), today) for one in rows]


def _standing(found: QuerySet[Notice], stands: str, today: date) -> QuerySet[Notice]:
    if stands == RUNNING:
        return found.filter(taken_down_on=None, last_day__gte=today)
    if stands == ENDED:
        return found.filter(taken_down_on=None, last_day__lt=today)
    if stands == DOWN:
        return found.exclude(taken_down_on=None)
    return found


def to_take_down(officer: Officer) -> QuerySet[Notice]:
    """Notices whose last day has passed and that nobody has taken down."""
    return _standing(seen(officer), ENDED, business_date())


def open_objections_of(notices: Iterable[int]) -> dict[int, int]:
    """How many objections are open, by notice."""
    found = Objection.objects.open().filter(line__notice_id__in=list(notices))
    counted = found.values_list("line__notice_id").annotate(number=Count("id"))
    return dict(counted.order_by())


def _posted(notice: Notice, lines: int, objections: int, today: date) -> Posted:
    passed = min(max((today - notice.counted_from).days, 0), notice.days)
    return Posted(
        notice=notice,
        stage=act_label(notice.kind, notice.step),
        village=notice.division.name,
        stands=_stands(notice, today),
        lines=lines,
        objections=objections,
        days_passed=passed,
    )


def _stands(notice: Notice, today: date) -> str:
    if notice.taken_down_on:
        return DOWN
    return RUNNING if notice.last_day >= today else ENDED


@dataclass(frozen=True)
class Line:
    """A line as the acting role may see it, with its objections."""

    line: NoticeLine
    householder: str
    objections: list[Heard]
    heard_until: date | None


@dataclass(frozen=True)
class NoticePage:
    """The page of one notice; the poster is for who reads the names on it."""

    posted: Posted
    procedure: str
    lines: list[Line]
    removed: int
    may_print: bool
    reads_names: bool

    @property
    def hears(self) -> bool:
        """Whether the officer may record an objection to one of the lines."""
        return any(one.heard_until for one in self.lines)


def notice_page(officer: Officer, notice: Notice, *, today: date) -> NoticePage:
    """The lines of a notice with their objections, and its record."""
    machine = machine_of(notice.kind)
    rows = list(notice.lines.select_related("case", "notice").order_by("serial", "id"))
    said = Objection.objects.filter(line__notice=notice).select_related(*HEARD_WITH)
    objections: dict[int, list[Heard]] = {}
    for one in heard(officer, notice.kind, said):
        objections.setdefault(one.said.line_id, []).append(one)
    standing = [one for one in rows if one.removed_at is None]
    waiting = sum(one.said.resolved_on is None for found in objections.values() for one in found)
    return NoticePage(
        posted=_posted(notice, len(standing), waiting, today),
        procedure=_(machine.label),
        lines=[
            Line(
                one,
                name_on_notice(officer, notice.kind, one.householder),
                objections.get(one.pk, []),
                heard_until(officer, one.case, [one]),
            )
            for one in standing
        ],
        removed=len(rows) - len(standing),
        may_print=may_print(officer, notice),
        reads_names=reads_names(officer),
    )


def may_print(officer: Officer, notice: Notice) -> bool:
    """Whether the role reads every name on the poster; those of places are public."""
    return reads_names(officer) or notice.kind in PLACE_KINDS


@dataclass(frozen=True)
class Poster:
    """A notice as it is printed: four columns and the rule, nothing else of anybody."""

    notice: Notice
    title: str
    place: list[Division]
    issuer: Division
    seal: Promise
    rows: list[NoticeLine]
    number: str
    digest: str


def poster_of(notice: Notice) -> Poster:
    """The poster with its number and a short hash, so that a copy can be compared with it."""
    rows = list(notice.lines.standing().order_by("serial", "id"))
    said = "\n".join(f"{one.serial}\t{one.group}\t{one.householder}\t{one.people}" for one in rows)
    number = f"{notice.division_id}-{notice.posted_on:%Y%m%d}-{notice.pk}"
    place = path_to(notice.division_id)
    issuer = next(one for one in place if one.level == issued_at(notice))
    return Poster(
        notice=notice,
        title=_(machine_of(notice.kind).label),
        place=place,
        issuer=issuer,
        seal=SEALS[Level(issuer.level)],
        rows=rows,
        number=number,
        digest=sha256(f"{number}\n{said}".encode()).hexdigest()[:12],
    )


def issued_at(notice: Notice) -> Level:
    """Whose seal the list bears: the county's for a decision, else that of who takes the step."""
    if is_announcement(notice):
        return Level.COUNTY
    steps = [one for one in machine_of(notice.kind).steps if one.name == notice.step]
    if any(Role.PROVINCE_OFFICER in one.roles for one in steps):
        return Level.PROVINCE
    by_village = any(Role.VILLAGE_OFFICIAL in one.roles for one in steps)
    return Level.VILLAGE if by_village else Level.TOWNSHIP


def is_announcement(notice: Notice) -> bool:
    """Whether the list tells a decision that was taken, and does not ask about one to come."""
    steps = machine_of(notice.kind).steps
    decided = {one.target for one in steps if one.decides and one.way == Way.FORWARD}
    return any(one.name == notice.step and one.source in decided for one in steps)


@dataclass(frozen=True)
class PublicPage:
    """What anybody may read at one place: the places below with notices, or the notices there."""

    here: Division | None
    path: list[Division]
    below: list[tuple[Division, int]]
    notices: list[Any]


def public_page(code: str, *, today: date) -> PublicPage | None:
    """The current notices below a division; None for a place that is none.

    Above the township the places below are listed with the number of their notices, beside the
    notices about the place itself; from there on all notices.
    """
    here = Division.objects.filter(pk=code).first() if code else None
    if code and here is None:
        return None
    current = Notice.objects.public(on=today)
    if here is None:
        return PublicPage(None, [], _below(current, None), [])
    whole = here.level >= Level.TOWNSHIP
    mine = current.filter(in_range("division_id", here.pk) if whole else Q(division=here))
    rows = [(one, act_label(one.kind, one.step)) for one in mine[:PUBLIC_ROWS]]
    below = [] if whole else _below(current.exclude(division=here), here)
    return PublicPage(here, path_to(here.pk), below, rows)


def _below(current: QuerySet[Notice], here: Division | None) -> list[tuple[Division, int]]:
    """The next places down that have a current notice, with how many."""
    prefix = here.pk if here and here.level else ""
    digits = {0: 2, 2: 4, 4: 6, 6: 9}[len(prefix)]
    if prefix:
        current = current.filter(in_range("division_id", prefix))
    counts: dict[str, int] = {}
    for code in current.order_by().values_list("division_id", flat=True):
        counts[code[:digits]] = counts.get(code[:digits], 0) + 1
    places = Division.objects.filter(pk__in=counts).order_by("pk")
    return [(one, counts[one.pk]) for one in places]
