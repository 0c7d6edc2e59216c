"""The facts that help is judged by: of a few households as ints, of a range of them as columns.

One statement reads both, so that they cannot differ. A disability certificate is sealed with the
ID number: it is opened only for members whose health is "disabled", and its kind and grade leave
here as numbers. pandas is imported where it works, so that the site never loads it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.db import connection

from assistance.rules.facts import CAUSES, HOUSEHOLD, HOUSEHOLD_FACTS, UNKNOWN
from divisions.models import DIGITS, Level
from divisions.scope import code_range
from households.models import Household
from households.models.members import ID_FIELD
from households.rules import GUARANTEES, ON_REGISTER, State
from teams.queries.policies import policies_in
from trail.sealing import unseal

if TYPE_CHECKING:
    from pandas import DataFrame

CHUNK_HOUSEHOLDS = 10_000
COUNTY_DIGITS = DIGITS[Level.COUNTY]
CERTIFICATE_LENGTH, KIND_PLACE, GRADE_PLACE = 20, 18, 19
Place = tuple[str, int]
NEEDS = tuple(name.removeprefix("wants_") for name in HOUSEHOLD_FACTS if name[:6] == "wants_")
STANDING = f"h.withdrawn_at IS NULL AND h.state <> {State.CANCELLED.value}"
AMONG = "h.id = ANY(%(households)s)"
PART = (
    "h.village_code >= %(low_village)s AND h.village_code <= %(high_village)s"
    " AND (h.village_code, h.id) >= (%(low_village)s, %(low_id)s)"
    " AND (h.village_code, h.id) <= (%(high_village)s, %(high_id)s)"
)


@dataclass(frozen=True)
class Moment:
    """The year and the day by which is judged, and how long support lasts, by county."""

    year: int
    today: date
    support: Mapping[str, int]

    @property
    def parameters(self) -> dict[str, Any]:
        """As the statements name them."""
        return {
            "year": self.year,
            "today": self.today,
            "counties": list(self.support),
            "support": list(self.support.values()),
        }


def moment_in(codes: Iterable[str], *, year: int, today: date) -> Moment:
    """The moment for everything at or below the divisions `codes`; a query or two for each."""
    found: dict[str, int] = {}
    for code in dict.fromkeys(code[:COUNTY_DIGITS] for code in codes):
        policies = policies_in(code, year).items()
        found |= {county: policy.support_years for county, policy in policies}
    return Moment(year, today, found)


def _code(column: str) -> str:
    """A code as its number, 0 for unknown."""
    return f"coalesce(nullif({column}, '')::int, 0)"


def _number(column: str) -> str:
    """A measured number, a begun one as a whole one; -1 for unknown."""
    return f"coalesce(ceil({column})::int, {UNKNOWN})"


def _flag(condition: str) -> str:
    """A condition as 0 or 1, 0 for unknown."""
    return f"coalesce({condition}, false)::int"


AGE = "extract(year FROM age(%(today)s::date, m.birth_date))::int"
STUDENT = "(m.in_school NOT IN ('', '01'))"
ABLE = f"(m.labour IN ('01', '02') AND NOT {STUDENT})"
PERSON_SQL: dict[str, str] = {
    "age": AGE,
    "sex": _code("m.sex"),
    "relation": _code("m.relation"),
    "in_school": _code("m.in_school"),
    "student": _flag(STUDENT),
    "out_of_school_reason": _code("m.out_of_school_reason"),
    "education": _code("m.education"),
    "health": _code("m.health"),
    "labour": _code("m.labour"),
    "able": _flag(ABLE),
    "weak": _flag("m.labour = '05'"),
    "work_place": _code("m.work_place"),
    "work_months": _number("m.work_months"),
    "uninsured": _flag("NOT m.medical_insurance"),
    "insured": _flag("m.medical_insurance"),
    "unpensioned": _flag("NOT m.pension_insurance"),
    "allowance": _flag("m.allowance"),
}
"""Each fact of a person as SQL on the member `m`; kind and grade of a certificate come after."""

COUNTED = {
    "persons": "true",
    "workers": ABLE,
    "weak_workers": "m.labour = '05'",
    "idle_workers": f"{ABLE} AND m.work_months = 0",
    "credit_adults": f"{AGE} BETWEEN 18 AND 65 AND (m.labour = '05' OR {ABLE})",
    "ill": "m.health IN ('02', '03')",
    "disabled": "m.health = '04'",
    "pupils": f"{AGE} BETWEEN 6 AND 15",
    "dropouts": f"{AGE} BETWEEN 6 AND 15 AND NOT {STUDENT}"
    " AND m.out_of_school_reason NOT IN ('01', '02')",
    "advanced_students": "m.in_school BETWEEN '10' AND '16'",
    "uninsured_members": "NOT m.medical_insurance",
}
"""What a household counts among its active members `m`."""

REGISTERED = f"h.state IN ({', '.join(str(one.value) for one in ON_REGISTER)})"
HOUSEHOLD_SQL: dict[str, str] = {
    "registered": _flag(REGISTERED),
    "supported": _flag(
        f"{REGISTERED} OR h.state = {State.EXITED.value}"
        " AND h.exit_year >= %(year)s - support.years"
    ),
    "watched": _flag(
        "EXISTS (SELECT FROM workflow_case c WHERE c.kind = 'watch' AND c.subject = h.number"
        " AND c.closed_at IS NULL)"
    ),
    "state": "h.state",
    "attribute": _code("h.attribute"),
    **{
        f"cause_{one}": _flag(f"h.main_cause = '{one}' OR '{one}' = ANY(h.other_causes)")
        for one in CAUSES
    },
    **{f"wants_{one}": _flag(f"'{one}' = ANY(h.needs)") for one in NEEDS},
    **{name: f"people.{name}::int" for name in COUNTED},
    "few_workers": _flag("people.persons > 0 AND people.workers * 4 <= people.persons"),
    "housing_grade": "CASE h.housing_grade WHEN 'A' THEN 1 WHEN 'B' THEN 2 WHEN 'C' THEN 3"
    " WHEN 'D' THEN 4 ELSE 0 END",
    **{f"{name}_not_met": _flag(f"survey.{name} = 0") for name in GUARANTEES},
    "forest_mu": _number("living.forest_mu"),
    "arable_mu": _number("living.arable_mu"),
    "grassland_mu": _number("living.grassland_mu"),
    "road_metres": _number("living.road_km * 1000"),
    "overdue_loans": "(SELECT count(*)::int FROM assistance_item i"
    " JOIN assistance_loan l ON l.item_id = i.id WHERE i.household_id = h.id"
    " AND l.settled_on IS NULL AND coalesce(l.extended_to, l.due_on) < %(today)s)",
}
"""Each fact of a household as SQL; how many have a certificate of grade 1 or 2 comes after."""

ACTIVE = "m.end_reason = '' AND m.withdrawn_at IS NULL"
COUNTS = ", ".join(f"count(*) FILTER (WHERE {test}) AS {name}" for name, test in COUNTED.items())
SURVEY = ", ".join(("id", *GUARANTEES))
HOUSEHOLD_COLUMNS = ("household", "number", "village", *HOUSEHOLD_SQL)
PERSON_COLUMNS = ("person", "household", *PERSON_SQL)


def _households(where: str) -> str:
    """HOUSEHOLD_COLUMNS of standing households, by village and id."""
    return f"""
        SELECT h.id, h.number, h.village_code, {", ".join(HOUSEHOLD_SQL.values())}
        FROM households_household h
        LEFT JOIN unnest(%(counties)s::text[], %(support)s::int[]) AS support (county, years)
            ON support.county = left(h.village_code, {COUNTY_DIGITS})
        LEFT JOIN LATERAL (
            SELECT {SURVEY} FROM households_survey
            WHERE household_id = h.id AND withdrawn_at IS NULL AND year <= %(year)s
            ORDER BY year DESC, recorded_at DESC, id DESC LIMIT 1
        ) survey ON true
        LEFT JOIN households_livingconditions living ON living.survey_id = survey.id
        CROSS JOIN LATERAL (
            SELECT {COUNTS} FROM households_member m WHERE m.household_id = h.id AND {ACTIVE}
        ) people
        WHERE {STANDING} AND {where} ORDER BY h.village_code, h.id
    """  # noqa: S608 - constants of this module


def _persons(where: str, columns: str, which: str = ACTIVE) -> str:
    """Columns of the active members of the same households, in their order, then the head first."""
    return f"""
        SELECT {columns} FROM households_household h
        JOIN households_member m ON m.household_id = h.id AND {which}
        WHERE {STANDING} AND {where} ORDER BY h.village_code, h.id, m.relation, m.id
    """  # noqa: S608 - constants of this module


PERSON_VALUES = ", ".join(("m.id, h.id", *PERSON_SQL.values()))
DISABLED = f"{ACTIVE} AND m.health = '04' AND m.id_sealed IS NOT NULL"


@dataclass(frozen=True)
class Facts:
    """One household: its facts, and by its members' keys theirs with his as "household.<name>"."""

    household: dict[str, int]
    persons: dict[int, dict[str, int]]


def facts_of(households: Iterable[Household], *, year: int, today: date) -> dict[int, Facts]:
    """The facts of a few households by key, without those that were cancelled or taken back.

    Three queries, and one for each county among them.
    """
    wanted = list(households)
    moment = moment_in([one.village_id for one in wanted], year=year, today=today)
    known = moment.parameters | {"households": [one.pk for one in wanted]}
    certificates = _certificates(AMONG, known)
    members: dict[int, dict[int, dict[str, int]]] = {}
    for person, household, *values in _rows(_persons(AMONG, PERSON_VALUES), known):
        facts = dict(zip(PERSON_SQL, values, strict=True))
        facts["cert_type"], facts["cert_grade"] = certificates.get(person, (0, 0))
        members.setdefault(household, {})[person] = facts
    found = {}
    for household, _number, _village, *values in _rows(_households(AMONG), known):
        people = members.get(household, {})
        own = dict(zip(HOUSEHOLD_SQL, values, strict=True))
        own["severely_disabled"] = sum(_severe(one["cert_grade"]) for one in people.values())
        shared = {HOUSEHOLD + name: value for name, value in own.items()}
        persons = {person: facts | shared for person, facts in people.items()}
        found[household] = Facts(own, persons)
    return found


def _rows(statement: str, known: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, known)
        return cursor.fetchall()


def _certificates(where: str, known: Mapping[str, Any]) -> dict[int, tuple[int, int]]:
    """Kind and grade of the disability certificates of disabled members, by their keys."""
    found = {}
    for person, row, sealed in _rows(_persons(where, "m.id, m.uuid, m.id_sealed", DISABLED), known):
        number = unseal(bytes(sealed), field=ID_FIELD, row=row)
        if len(number) >= CERTIFICATE_LENGTH:
            found[person] = (_digit(number[KIND_PLACE]), _digit(number[GRADE_PLACE]))
    return found


def _digit(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _severe(grade: Any) -> Any:
    """1 for a certificate of grade 1 or 2, alike for one and for a column."""
    return (grade >= 1) * (grade <= 2) * 1


@dataclass(frozen=True)
class Chunk:
    """Households in the order of village and key, from the first to the last of them."""

    first: Place
    last: Place

    @property
    def parameters(self) -> dict[str, Any]:
        """As PART names them."""
        (low, low_id), (high, high_id) = self.first, self.last
        return {"low_village": low, "low_id": low_id, "high_village": high, "high_id": high_id}


def chunks_in(code: str, *, most: int = CHUNK_HOUSEHOLDS) -> Iterator[Chunk]:
    """The standing households at or below a division, in chunks of at most `most`."""
    low, high = code_range(code)
    rows = _rows(
        f"""
        SELECT (array_agg(village_code ORDER BY n))[1], (array_agg(id ORDER BY n))[1],
            (array_agg(village_code ORDER BY n DESC))[1], (array_agg(id ORDER BY n DESC))[1]
        FROM (
            SELECT village_code, id, n, (n - 1) / %(most)s AS chunk, count(*) OVER () AS total
            FROM (
                SELECT h.village_code, h.id,
                    row_number() OVER (ORDER BY h.village_code, h.id) AS n
                FROM households_household h
                WHERE {STANDING} AND h.village_code >= %(low)s AND h.village_code < %(high)s
            ) AS numbered
        ) AS ends
        WHERE n %% %(most)s IN (0, 1 %% %(most)s) OR n = total
        GROUP BY chunk ORDER BY chunk
        """,  # noqa: S608 - constants of this module
        {"low": low, "high": high, "most": most},
    )
    for first_village, first_id, last_village, last_id in rows:
        yield Chunk((first_village, first_id), (last_village, last_id))


@dataclass(frozen=True)
class Frames:
    """The facts of a chunk as columns: a row for each household, a row for each person.

    Beside the facts `households` has household (key), number and village, `persons` has person and
    household (keys) and each fact of the household as "household.<name>". Both in the order of
    villages and keys of households. Facts are integers.
    """

    households: "DataFrame"
    persons: "DataFrame"


def frames_of(chunk: Chunk, moment: Moment) -> Frames:
    """The facts of a chunk by COPY; three queries. About 50 MiB for 10,000 households."""
    import pandas as pd  # noqa: PLC0415

    known = moment.parameters | chunk.parameters
    households = copied_out(_households(PART), known, HOUSEHOLD_COLUMNS)
    persons = copied_out(_persons(PART, PERSON_VALUES), known, PERSON_COLUMNS)
    persons = persons[persons["household"].isin(households["household"])]
    of = pd.Index(households["household"]).get_indexer(persons["household"])
    certificates = _certificates(PART, known)
    keys = persons["person"].to_numpy()
    own = {name: persons[name].to_numpy() for name in persons}
    for place, name in enumerate(("cert_type", "cert_grade")):
        column = pd.Series({key: both[place] for key, both in certificates.items()}, dtype="int64")
        own[name] = column.reindex(keys, fill_value=0).to_numpy()
    severe = pd.Series(_severe(own["cert_grade"])).groupby(of).sum()
    households["severely_disabled"] = severe.reindex(range(len(households)), fill_value=0)
    shared = {HOUSEHOLD + name: households[name].to_numpy()[of] for name in HOUSEHOLD_FACTS}
    return Frames(households, pd.DataFrame(own | shared, copy=False))


def copied_out(statement: str, known: Mapping[str, Any], columns: Sequence[str]) -> "DataFrame":
    """What a statement gives, by COPY; all `columns` are integers but number and village."""
    import pandas as pd  # noqa: PLC0415

    out = BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        query = cursor.mogrify(statement, known).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", out)
    out.seek(0)
    types = dict.fromkeys(columns, "int64") | {"number": "object", "village": "object"}
    return pd.read_csv(out, names=list(columns), dtype=types, na_filter=False)
