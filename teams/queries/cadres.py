"""The records of cadres as a list, and one of them as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.scope import in_reach, reaches
from officers.models import Officer
from teams.models import POST_NAMES, Cadre, Candidacy, Pairing, Term, Unit
from teams.queries.serving import not_over
from teams.rights import CASE_READERS, reads_days
from teams.rules.terms import Post
from workflow.models import Case

ROWS = 50
COUNT_CAP = 10_000
LATELY = timedelta(days=30)
SERVING, HELPING, FREE = "serving", "helping", "free"
STATES: dict[str, Promise] = {
    "": gettext_lazy("everybody"),
    SERVING: gettext_lazy("serves in a village"),
    HELPING: gettext_lazy("helper of households"),
    FREE: gettext_lazy("free"),
}


@dataclass(frozen=True)
class Wanted:
    """Which records to list: by what they do today, and by name or number."""

    state: str = ""
    term: str = ""
    number: int = 1


@dataclass(frozen=True)
class CadreRow:
    """One record; `post` and `village` are empty for somebody who serves nowhere today.

    The village is empty too where it lies outside the posting of whoever reads.
    """

    cadre: Cadre
    post: str
    village: str
    households: int


@dataclass(frozen=True)
class CadrePage:
    """One page of records; `count` stops at COUNT_CAP + 1."""

    rows: list[CadreRow]
    count: int
    number: int

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_CAP

    @property
    def last_number(self) -> int:
        """The number of the last page that can be reached."""
        return max(1, -(-min(self.count, COUNT_CAP) // ROWS))


def cadre_page(officer: Officer, wanted: Wanted, *, today: date) -> CadrePage:
    """One page of the records that the officer sees, by number."""
    found = _in_state(Cadre.objects.visible_to(officer), wanted.state, today)
    term = wanted.term.strip()
    if term:
        by_name = found.filter(name__startswith=term)
        found = by_name | found.filter(number=term.upper())
    count = found.order_by()[: COUNT_CAP + 1].count()
    start = (wanted.number - 1) * ROWS
    rows = found.select_related("unit").defer("id_sealed", "phone_sealed")[start : start + ROWS]
    return CadrePage(_rows(officer, list(rows), today), count, wanted.number)


def _in_state(found: QuerySet[Cadre], state: str, today: date) -> QuerySet[Cadre]:
    serves = Exists(Term.everywhere.in_force(today).filter(cadre=OuterRef("pk")))
    helps = Exists(Pairing.everywhere.in_force(today).filter(cadre=OuterRef("pk")))
    if state == SERVING:
        return found.filter(serves)
    if state == HELPING:
        return found.filter(helps)
    if state == FREE:
        busy = Exists(Term.everywhere.filter(not_over(today), cadre=OuterRef("pk")))
        return found.exclude(busy)
    return found


def _rows(officer: Officer, cadres: list[Cadre], today: date) -> list[CadreRow]:
    keys = [one.pk for one in cadres]
    running = Term.everywhere.in_force(today).filter(cadre__in=keys).select_related("village")
    terms = {one.cadre_id: one for one in running}
    helped = Pairing.everywhere.in_force(today).filter(cadre__in=keys).order_by()
    counts = dict(helped.values_list("cadre").annotate(count=Count("pk")))
    return [
        CadreRow(
            one,
            str(POST_NAMES[Post(terms[one.pk].post)]) if one.pk in terms else "",
            _village(officer, terms.get(one.pk)),
            counts.get(one.pk, 0),
        )
        for one in cadres
    ]


def _village(officer: Officer, term: Term | None) -> str:
    return term.village.name if term and reaches(officer, term.village_id) else ""


def is_near(officer: Officer, cadre: Cadre, today: date) -> bool:
    """Whether somebody is the concern of the officer's posting today.

    Its county keeps the record; or he serves, helps or is proposed there, is to, or did so within
    LATELY. Whose service ended earlier is read as history: without phone and private entries.
    """
    if reaches(officer, cadre.division_id):
        return True
    here = in_reach("village_id", officer.reach)
    lately = Q(last_day=None) | Q(last_day__gte=today - LATELY)
    return (
        Term.everywhere.filter(here, lately, cadre=cadre).exists()
        or Pairing.everywhere.filter(here, lately, cadre=cadre).exists()
        or Candidacy.objects.filter(here, cadre=cadre, case__closed_at=None).exists()
    )


def facts_of(officer: Officer, cadre: Cadre, *, today: date) -> list[tuple[str, Any]]:
    """What a record says: unit, position and rank to every office, the rest to the field alone.

    The field reads the rest of those who are near it.
    """
    rows: list[tuple[str, Any]] = [
        (_("Sponsoring unit"), cadre.unit.name if cadre.unit else _("none")),
        (_("Position in the unit"), cadre.title),
        (_("Rank"), cadre.get_rank_display()),
        (_("Recorded at"), cadre.division.name),
    ]
    return [(label, value) for label, value in rows + _in_the_field(officer, cadre, today) if value]


def _in_the_field(officer: Officer, cadre: Cadre, today: date) -> list[tuple[str, Any]]:
    if not (reads_days(officer) and is_near(officer, cadre, today)):
        return []
    answer = {True: _("yes"), False: _("no"), None: _("not known")}
    return [
        (_("Account"), cadre.account.username if cadre.account else _("none")),
        (_("Sex"), cadre.get_sex_display()),
        (_("Education"), cadre.get_education_display()),
        (_("Born in"), str(cadre.born.year) if cadre.born else _("not known")),
        (_("Working since"), cadre.working_since or _("not known")),
        (_("Full Party member since"), cadre.party_member_since or _("no, or not known")),
        (_("In good health"), answer[cadre.is_healthy]),
    ]


def open_dispatch(officer: Officer, cadre: Cadre) -> Case | None:
    """The dispatch that is under way for somebody, where the officer follows it."""
    if officer.acting_role not in CASE_READERS:
        return None
    return Case.objects.visible_to(officer).open().about("dispatch", cadre.number).first()


def units_for(officer: Officer, *, also: int | None = None) -> list[tuple[int, str]]:
    """The units that a record can name: those that send people, and the one it names already."""
    found = Unit.objects.visible_to(officer)
    standing = found.standing() | found.filter(pk=also)
    return list(standing.order_by("name", "pk").values_list("pk", "name"))


def people_of_unit(officer: Officer, unit: Unit, *, today: date) -> list[CadreRow]:
    """The first people of a unit that the officer sees, by number."""
    found: Iterable[Cadre] = Cadre.objects.visible_to(officer).filter(unit=unit)[:ROWS]
    return _rows(officer, list(found), today)
