"""What is recommended: for one household with the rows it is about, for a chunk as columns."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistance.explain import obstacle_in_words, row_in_words
from assistance.models import Measure
from assistance.queries.catalogue import catalogue_of, same_catalogue
from assistance.queries.facts import COUNTY_DIGITS, Chunk, Facts, Frames, facts_of
from assistance.queries.holdings import columns_of, held_by, held_in
from assistance.rules.measures import Terms, Unit
from assistance.rules.recommending import Judged, Obstacle, Row, Table, judge, recommend, table_from
from households.models import Household, Member

if TYPE_CHECKING:
    from pandas import DataFrame

DATA = Path(__file__).parents[1] / "data"


@cache
def table() -> Table:
    """The table of recommendations, checked against the measures that the program ships."""
    shipped = json.loads((DATA / "catalogue.json").read_text(encoding="utf-8"))
    rows = json.loads((DATA / "recommendations.json").read_text(encoding="utf-8"))
    return table_from(rows, {one["code"]: one["unit"] for one in shipped})


def row_of(name: str) -> Row | None:
    """The row with that id; None for one that an earlier table had."""
    return next((row for row in table().rows if row.id == name), None)


@dataclass(frozen=True)
class Recommended:
    """A measure for a household, one of its members or its village, recommended where `against`

    is empty. `reasons` are ids of rows of the table; `facts` those of the person, or of the
    household; `names` those of the catalogue by code.
    """

    measure: Measure
    member: Member | None
    priority: int
    reasons: tuple[str, ...]
    against: tuple[Obstacle, ...]
    facts: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def said_reasons(self) -> list[str]:
        """Why the table gives it, in words."""
        return [row_in_words(row) for row in table().rows if row.id in self.reasons]

    @property
    def said_against(self) -> list[str]:
        """What stands against it, in words."""
        return [
            obstacle_in_words(
                one,
                unit=self.measure.unit,
                facts=self.facts,
                rows=table().rows,
                names=self.names,
            )
            for one in self.against
        ]


@dataclass(frozen=True)
class Account:
    """The measures that the table gives a household: what is recommended, best first, then what is

    not; the facts that it rests on and the catalogue of the place and year.
    """

    choices: list[Recommended]
    facts: Facts
    catalogue: dict[str, Measure]


def recommended_for(household: Household, *, year: int, today: date) -> list[Recommended]:
    """What is recommended for a household in a year, best first, then what is not and why.

    Nothing for one that was cancelled or taken back.
    """
    account = account_for(household, year=year, today=today)
    return account.choices if account else []


def account_for(household: Household, *, year: int, today: date) -> Account | None:
    """The same with what it rests on; None for a household that was cancelled or taken back."""
    facts = facts_of([household], year=year, today=today).get(household.pk)
    if facts is None:
        return None
    measures = catalogue_of(household.village_id, year)
    catalogue = [one.terms for one in measures.values()]
    held, village = held_by(household, catalogue, year)
    people = Member.objects.filter(pk__in=facts.persons).in_bulk()
    names = {code: measure.name for code, measure in measures.items()}
    choices = recommend(
        catalogue,
        table(),
        household=facts.household,
        persons=facts.persons,
        held=held,
        village=village,
    )
    found = [
        Recommended(
            measures[one.code],
            people[one.person] if one.person is not None else None,
            one.priority,
            one.reasons,
            one.against,
            facts.household if one.person is None else facts.persons[one.person],
            names,
        )
        for one in choices
    ]
    return Account(found, facts, measures)


JUDGED = ("priority", "reasons", "rank", "fails", "withheld", "enjoyed", "capped", "rival")


def recommended_frame(chunk: Chunk, frames: Frames, *, year: int) -> "DataFrame":
    """What is recommended to the households of a chunk, their members and their villages.

    A row for each: household, person (0 for none), code, priority and reasons (bits of the rows of
    the table); the best of a household first.
    """
    found = judged_frame(chunk, frames, year=year)
    columns = ["household", "person", "code", "priority", "reasons"]
    return found[found["recommended"] == 1][columns].reset_index(drop=True)


def judged_frame(chunk: Chunk, frames: Frames, *, year: int) -> "DataFrame":
    """Every measure that the table gives in a chunk: household, person, code, JUDGED, recommended.

    Each household by the catalogue of its county; in the order of households, the best first.
    """
    import pandas as pd  # noqa: PLC0415

    households, persons = frames.households, frames.persons
    county = households["village"].str[:COUNTY_DIGITS]
    held = held_in(chunk, households["village"].unique().tolist(), year)
    parts = []
    for counties in same_catalogue(county.unique()):
        catalogue = [one.terms for one in catalogue_of(counties[0], year).values()]
        own = households[county.isin(counties)]
        people = persons[persons["household"].isin(own["household"])]
        parts += _judged_by(catalogue, own, people, held)
    if not parts:
        return pd.DataFrame(columns=["household", "person", "code", *JUDGED, "recommended"])
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values(["household", "rank", "person"], ignore_index=True)


def _judged_by(
    catalogue: Sequence[Terms], households: "DataFrame", persons: "DataFrame", held: "DataFrame"
) -> list["DataFrame"]:
    own = households["household"].to_numpy()
    nobody = own * 0
    of, key = persons["household"].to_numpy(), persons["person"].to_numpy()
    found = []
    for unit, facts, keys, subjects in (
        (Unit.HOUSEHOLD, households, own, (own, nobody)),
        (Unit.VILLAGE, households, households["village"], (own, nobody)),
        (Unit.PERSON, persons, key, (of, key)),
    ):
        columns = {name: facts[name].to_numpy() for name in facts}
        has = columns_of(held, unit, keys, catalogue)
        judged = judge(catalogue, table(), columns, has, unit)
        found += [_given(code, one, *subjects) for code, one in judged.items()]
    return found


def _given(code: str, judged: Judged, households: Any, persons: Any) -> "DataFrame":
    """The rows where a measure is given, of its judgement on a whole column."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    def column(name: str) -> Any:
        return np.broadcast_to(getattr(judged, name), households.shape)

    at = np.flatnonzero(column("priority"))
    values = {name: column(name)[at] for name in (*JUDGED, "recommended")}
    return pd.DataFrame({"household": households[at], "person": persons[at], "code": code} | values)
