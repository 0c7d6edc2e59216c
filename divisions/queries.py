"""Finding a division by what people type: a code, a padded code, a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from divisions.models import DIGITS, Division, DivisionQuerySet, Level
from divisions.rules import PADDED_DIGITS, candidates
from divisions.scope import NATION, Posted, in_range, in_reach
from trail.errors import Refused

SHOWN_AT_MOST = 200
NAMED_AT_MOST = 6


class UnknownDivision(Refused):
    """No division has this code or name, or several have the name."""

    code = "unknown_division"


@dataclass(frozen=True)
class Place:
    """A division with the names of those above it, from its own province down."""

    division: Division
    above: tuple[str, ...]

    def __str__(self) -> str:
        return " · ".join((*self.above, self.division.name))


def resolve(text: str) -> Division:
    """The division that a code names: natural (2, 4, 6, 9, 12 digits) or padded to 12 digits.

    Of several that a padded code may mean the highest level wins; a village's own code is always
    exact. Ended divisions count. Raises UnknownDivision.
    """
    wanted = candidates(text.strip())
    found = Division.objects.filter(pk__in=wanted).order_by("level").first()
    if found is None:
        raise UnknownDivision(
            _("There is no division %(code)s. Look the code up in the list of divisions.")
            % {"code": text.strip()}
        )
    return found


def in_posting(officer: Posted, on: date) -> DivisionQuerySet:
    """The divisions in force on `on` that lie within the officer's acting posting."""
    return Division.objects.in_force(on).filter(in_reach("code", officer.reach))


def find(officer: Posted, text: str, *, on: date, levels: Iterable[int]) -> Division:
    """The one division within the posting that a code or a whole name means.

    Raises UnknownDivision, naming the codes to choose from when several have the name.
    """
    text = text.strip()
    here = in_posting(officer, on).filter(level__in=levels)
    if text.isascii() and text.isdecimal():
        found = list(here.filter(pk__in=candidates(text)).order_by("level")[:1])
    else:
        found = list(here.filter(name=text)[: NAMED_AT_MOST + 1])
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownDivision(
            _("Several divisions have this name. Write the code: %(places)s.")
            % {"places": "; ".join(f"{place.division.pk} {place}" for place in places(found))}
        )
    raise UnknownDivision(
        _(
            "No division that you can choose has this code or name. It must lie within your "
            "posting, be in force and be of the right level."
        )
    )


def search(officer: Posted, text: str, *, on: date) -> list[Place]:
    """Divisions within the posting whose code or name begins with `text`, the first in code order.

    A padded code finds all that it may mean.
    """
    text = text.strip()
    here = in_posting(officer, on).order_by("code")
    if text.isascii() and text.isdecimal():
        natural = len(text) < PADDED_DIGITS and text != NATION
        found = here.filter(in_range("code", text) if natural else Q(pk__in=candidates(text)))
    else:
        found = here.filter(name__startswith=text)
    return places(list(found[:SHOWN_AT_MOST]))


def choices(officer: Posted, *, on: date, levels: Iterable[int]) -> list[Place]:
    """The divisions to offer beside a field: within the posting, the highest levels first.

    Goes down level by level until enough are found, so that a nation costs no more than a county.
    """
    wanted = frozenset(levels)
    found: list[Division] = []
    level = list(Division.objects.in_force(on).filter(pk__in=officer.reach).order_by("code"))
    while level and len(found) < SHOWN_AT_MOST:
        found += [one for one in level if one.level in wanted]
        parents = [one.pk for one in level if one.level < Level.VILLAGE]
        below = Division.objects.in_force(on).filter(parent__in=parents)
        level = list(below.order_by("parent_id", "code")[:SHOWN_AT_MOST])
    return places(found[:SHOWN_AT_MOST])


def places(divisions: Iterable[Division]) -> list[Place]:
    """The divisions with the names of those above, in one query."""
    divisions = list(divisions)
    codes = {code for one in divisions for code in codes_above(one.pk)}
    names = dict(Division.objects.filter(pk__in=codes).values_list("code", "name"))
    return [Place(one, tuple(names[code] for code in codes_above(one.pk))) for one in divisions]


def codes_above(code: str) -> list[str]:
    """The codes above `code`, province first; none for a province and the nation."""
    return [
        code[:digits] for digits in list(DIGITS.values())[Level.PROVINCE :] if digits < len(code)
    ]


def path_to(code: str) -> list[Division]:
    """The divisions from the province down to `code` itself; the nation alone for the nation."""
    return list(Division.objects.filter(pk__in=[*codes_above(code), code]).order_by("level"))
