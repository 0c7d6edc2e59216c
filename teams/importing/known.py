"""What the register holds about the rows of a file: eight queries, however many rows they are."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from divisions.models import Division, Level
from divisions.scope import contains
from officers.models import Officer
from teams.importing.rows import Row
from teams.models import Cadre, Term, Unit
from teams.models.units import ID_FIELD, PHONE_FIELD
from teams.queries.serving import Busy, busy_until
from teams.rules.terms import Post
from trail.masking import mask_id, mask_phone
from trail.sealing import blind, unseal

VALID, UNKNOWN, ENDED, OUTSIDE = "", "village_unknown", "village_ended", "village_outside"


@dataclass(frozen=True)
class Person:
    """Somebody on record. `busy` is asked only of those whom another county keeps."""

    cadre: Cadre
    phone: str
    hidden_id: str
    busy: Busy | None = None

    @property
    def hidden_phone(self) -> str:
        """The phone number as a file shows it."""
        return mask_phone(self.phone) if self.phone else ""


@dataclass(frozen=True)
class Account:
    """An account of the county, and the number of the record that has it."""

    officer: Officer
    holder: str = ""


@dataclass
class Known:
    """The register, as far as a file speaks of it."""

    county: str
    villages: Mapping[str, str] = field(default_factory=dict)
    by_number: Mapping[str, Person] = field(default_factory=dict)
    by_id: Mapping[uuid.UUID, Person] = field(default_factory=dict)
    by_hidden_id: Mapping[tuple[str, str], list[Person]] = field(default_factory=dict)
    terms: Mapping[int, Sequence[Term]] = field(default_factory=dict)
    secretaries: Mapping[str, Sequence[Term]] = field(default_factory=dict)
    units: Mapping[str, Sequence[Unit]] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)


def blind_of(row: Row) -> uuid.UUID | None:
    """The blind index of the row's ID number."""
    return blind(row.identity.person, field=ID_FIELD) if row.identity else None


def cadres_of(rows: Sequence[Row], county: str) -> list[int]:
    """The keys of everybody on record whom a row may mean, in their order."""
    numbers = {row.values["number"] for row in rows if "number" in row.values}
    blinds = {found for row in rows if (found := blind_of(row))}
    names = {row.values["name"] for row in rows if row.hidden_id and "name" in row.values}
    found = Cadre.everywhere.filter(division_id=county, number__in=numbers)
    found |= Cadre.everywhere.filter(id_blind__in=blinds)
    found |= Cadre.everywhere.filter(division_id=county, name__in=names)
    return sorted(found.values_list("pk", flat=True))


def known_about(rows: Sequence[Row], *, by: Officer, county: str, today: date) -> Known:
    """What the register holds of these rows, as the officer of the county may know it."""
    persons = _persons(cadres_of(rows, county), county)
    villages = {row.values["village_code"] for row in rows if "village_code" in row.values}
    own = [one for one in persons if one.cadre.division_id == county]
    hidden: dict[tuple[str, str], list[Person]] = {}
    for one in own:
        hidden.setdefault((one.cadre.name, one.hidden_id), []).append(one)
    return Known(
        county=county,
        villages=_villages(villages, county, today),
        by_number={one.cadre.number: one for one in own},
        by_id={one.cadre.id_blind: one for one in persons if one.cadre.id_blind},
        by_hidden_id=hidden,
        terms=_grouped("cadre_id", Term.everywhere.filter(cadre__in=[p.cadre for p in persons])),
        secretaries=_grouped(
            "village_id",
            Term.everywhere.filter(village_id__in=villages, post=Post.FIRST_SECRETARY),
        ),
        units=_units(rows, by),
        accounts=_accounts(rows, county),
    )


def _persons(keys: Sequence[int], county: str) -> list[Person]:
    found = Cadre.everywhere.filter(pk__in=keys).select_related("account").order_by("pk")
    persons = []
    for cadre in found:
        number = _open(cadre.id_sealed, ID_FIELD, cadre)
        busy = busy_until(cadre) if cadre.division_id != county else None
        phone = _open(cadre.phone_sealed, PHONE_FIELD, cadre)
        persons.append(Person(cadre, phone, mask_id(number) if number else "", busy))
    return persons


def _open(sealed: bytes | memoryview | None, name: str, cadre: Cadre) -> str:
    return unseal(sealed, field=name, row=cadre.uuid) if sealed else ""


def _villages(codes: Iterable[str], county: str, today: date) -> dict[str, str]:
    """What is wrong with each code, VALID for none; outside the county nothing more is told."""
    there = Division.objects.filter(pk__in=set(codes), level=Level.VILLAGE)
    known = set(there.values_list("pk", flat=True))
    valid = set(there.in_force(today).values_list("pk", flat=True))
    found = {}
    for code in codes:
        if code not in known:
            found[code] = UNKNOWN
        elif not contains(county, code):
            found[code] = OUTSIDE
        else:
            found[code] = VALID if code in valid else ENDED
    return found


def _grouped(key: str, terms: Iterable[Term]) -> dict:
    found: dict = {}
    for term in terms.select_related("cadre", "village", "unit"):  # type: ignore[attr-defined]
        found.setdefault(getattr(term, key), []).append(term)
    return found


def _units(rows: Sequence[Row], by: Officer) -> dict[str, list[Unit]]:
    """The units that the officer can choose, by name; those of his own county come first."""
    names = {row.values["unit"] for row in rows if "unit" in row.values}
    found: dict[str, list[Unit]] = {}
    for unit in Unit.objects.visible_to(by).filter(name__in=names).order_by("-division_id", "pk"):
        found.setdefault(unit.name, []).append(unit)
    return found


def _accounts(rows: Sequence[Row], county: str) -> dict[str, Account]:
    names = {row.values["account"].lower() for row in rows if "account" in row.values}
    if not names:
        return {}
    here = Officer.objects.filter(home_id=county, is_active=True, username__in=names)
    holders = dict(Cadre.everywhere.filter(account__in=here).values_list("account_id", "number"))
    return {one.username: Account(one, holders.get(one.pk, "")) for one in here}
