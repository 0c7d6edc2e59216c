"""Facts out, proposals in: a chunk as one frame. pandas and numpy are imported where they work,

so that the site, which only nudges the workers, never loads them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import connection

from households.rules import Kind, State, fen, find, propose
from reviews.models import Review
from reviews.queries.facts import AMONG, COLUMNS, PERSONS, facts_statement, in_force
from reviews.rules import HIGHEST_BAND, LOWEST_BAND, band

if TYPE_CHECKING:
    from pandas import DataFrame

NOTHING = -(2**63)  # how NULL is written in an integer column
NUMBER_BYTES = 20
KNOWN = ("household", "number", "village", "state", "survey", "persons")
PROPOSAL_COLUMNS = (
    "review_id, household_id, village_code, survey_id, state, kind, lacks, gaps, persons, net_fen"
)
VILLAGE_COLUMNS = (
    "review_id, village_code, households, persons, by_kind, by_state, bands, "
    "input_hash, result_hash"
)
KIND_KEYS = tuple(str(kind.value) for kind in Kind)
STATE_KEYS = tuple(f"{state:d}.{kind:d}" for state in State for kind in Kind)
BAND_KEYS = tuple(
    f"{state:d}.{place}" for state in State for place in range(LOWEST_BAND, HIGHEST_BAND + 1)
)
INPUT = ("survey", "state", "persons")
RESULT = ("state", "kind", "lacks", "gaps", "persons", "known", "net")


def read_facts(review: Review, where: str, **parameters: Any) -> "DataFrame":
    """The facts of the review's year and moment, one row per household that meets `where`."""
    known = {"year": review.year, "facts_at": review.facts_at} | parameters
    return copied_out(facts_statement(where), known, COLUMNS)


def copied_out(statement: str, parameters: dict[str, Any], columns: Sequence[str]) -> "DataFrame":
    """What the statement gives, by COPY; all `columns` are integers but number and village."""
    import pandas as pd  # noqa: PLC0415

    out = BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        query = cursor.mogrify(statement, parameters).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", out)
    out.seek(0)
    types = dict.fromkeys(columns, "int64") | {"number": "object", "village": "object"}
    return pd.read_csv(out, names=columns, dtype=types, na_filter=False)


def judge(facts: "DataFrame", review: Review) -> "DataFrame":
    """The facts with kind, lacks, gaps, known and net; kind NONE where nothing is proposed."""
    standard = review.standard
    finding = find(
        facts,
        line_fen=fen(standard.line),
        monitoring_fen=fen(standard.monitoring_line),
        guarantees=standard.guarantees,
    )
    return facts[list(KNOWN)].assign(
        kind=propose(facts["state"], finding, surveyed=facts["surveyed"]),
        lacks=finding.lacks,
        gaps=finding.gaps,
        known=finding.incomes_known,
        net=finding.net_fen * finding.incomes_known,
    )


def decide(facts: "DataFrame", review: Review) -> "DataFrame":
    """The same without the households for which nothing is proposed."""
    judged = judge(facts, review)
    return judged[judged["kind"] != Kind.NONE]


def read_identity(review: Review, household_id: int, *, facts_at: datetime) -> dict[str, Any]:
    """What is known of a household without touching its figures."""
    columns = f"h.id, h.number, h.village_code, h.state, coalesce(s.id, 0), {PERSONS}"
    parameters: dict[str, Any] = {
        "year": review.year,
        "facts_at": facts_at,
        "households": [household_id],
    }
    with connection.cursor() as cursor:
        cursor.execute(in_force(AMONG, columns), parameters)
        return dict(zip(KNOWN, cursor.fetchone(), strict=True))


def attention(identity: dict[str, Any]) -> "DataFrame":
    """The row of a household that could not be decided, as `decide` would have given it."""
    import pandas as pd  # noqa: PLC0415

    undecided = dict.fromkeys(("lacks", "gaps", "known", "net"), 0)
    return pd.DataFrame([identity | {"kind": int(Kind.ATTENTION)} | undecided])


def write_proposals(review: Review, decided: "DataFrame") -> None:
    """The proposals of `decided`, by COPY."""
    rows = zip(
        decided["household"].tolist(),
        decided["village"].tolist(),
        decided["survey"].mask(decided["survey"] == 0, NOTHING).tolist(),
        decided["state"].tolist(),
        decided["kind"].tolist(),
        decided["lacks"].tolist(),
        decided["gaps"].tolist(),
        decided["persons"].tolist(),
        decided["net"].mask(decided["known"] == 0, NOTHING).tolist(),
        strict=True,
    )
    line = f"{review.pk},%d,%s,%d,%d,%d,%d,%d,%d,%d\n"
    _copy_in("reviews_proposal", PROPOSAL_COLUMNS, "".join([line % row for row in rows]))


def write_villages(review: Review, decided: "DataFrame") -> None:
    """Totals and hashes of each village of `decided`, which is in the order of the facts."""
    import numpy as np  # noqa: PLC0415

    if decided.empty:
        return
    place, starts = _villages(decided)
    rows = zip(
        decided["village"].to_numpy()[starts].tolist(),
        np.diff(np.r_[starts, len(decided)]).tolist(),
        np.add.reduceat(decided["persons"].to_numpy(), starts).tolist(),
        *_tallies(review, decided, place),
        _hashes(decided, INPUT, starts),
        _hashes(decided, RESULT, starts),
        strict=True,
    )
    line = f'{review.pk},%s,%d,%d,"{{%s}}","{{%s}}","{{%s}}",%s,%s\n'
    _copy_in("reviews_reviewvillage", VILLAGE_COLUMNS, "".join([line % row for row in rows]))


def village_proofs(decided: "DataFrame") -> list[tuple[str, str, str]]:
    """Code, input hash and result hash of each village of `decided`, in the order of the facts."""
    if decided.empty:
        return []
    _place, starts = _villages(decided)
    codes = decided["village"].to_numpy()[starts].tolist()
    hashes = _hashes(decided, INPUT, starts), _hashes(decided, RESULT, starts)
    return list(zip(codes, *hashes, strict=True))


def _villages(decided: "DataFrame") -> tuple[Any, Any]:
    """For each row the place of its village among the villages, and where each village starts."""
    import numpy as np  # noqa: PLC0415

    villages = decided["village"].to_numpy()
    first = np.r_[True, villages[1:] != villages[:-1]]
    return np.cumsum(first) - 1, np.flatnonzero(first)


def _tallies(review: Review, decided: "DataFrame", place: Any) -> Iterator[list[str]]:
    """By kind, by state and kind, by state and band: the members of each village's JSON object."""
    state, kind = decided["state"].to_numpy(), decided["kind"].to_numpy()
    villages = place[-1] + 1
    yield _tally(place, kind, KIND_KEYS, villages)
    yield _tally(place, state * len(Kind) + kind, STATE_KEYS, villages)
    known = decided["known"].to_numpy() == 1
    net, persons = decided["net"].to_numpy()[known], decided["persons"].to_numpy()[known]
    bands = band(net, fen(review.standard.line) * persons) - LOWEST_BAND
    codes = state[known] * (HIGHEST_BAND - LOWEST_BAND + 1) + bands
    yield _tally(place[known], codes, BAND_KEYS, villages)


def _tally(place: Any, codes: Any, keys: tuple[str, ...], villages: int) -> list[str]:
    """How many rows of each village have which of `keys`, as members of a JSON object in a CSV."""
    import numpy as np  # noqa: PLC0415

    found, counts = np.unique(place * len(keys) + codes, return_counts=True)
    quoted = [f'""{key}"":' for key in keys]
    members = [
        f"{quoted[code]}{count}"
        for code, count in zip((found % len(keys)).tolist(), counts.tolist(), strict=True)
    ]
    borders = np.searchsorted(found, np.arange(villages + 1) * len(keys)).tolist()
    return [",".join(members[begin:end]) for begin, end in pairwise(borders)]


def _hashes(decided: "DataFrame", columns: tuple[str, ...], starts: Any) -> list[str]:
    """sha256 of each village over household number and integer columns, row by row."""
    import numpy as np  # noqa: PLC0415

    rows = np.empty(
        len(decided), dtype=[("number", f"S{NUMBER_BYTES}"), ("values", "<i8", (len(columns),))]
    )
    rows["number"] = decided["number"].to_numpy(dtype=f"S{NUMBER_BYTES}")
    rows["values"] = decided[list(columns)].to_numpy(dtype="<i8")
    whole, width = memoryview(rows.tobytes()), rows.itemsize
    borders = [*(starts * width).tolist(), len(whole)]
    return [sha256(whole[begin:end]).hexdigest() for begin, end in pairwise(borders)]


def _copy_in(table: str, columns: str, text: str) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL '{NOTHING}')", StringIO(text)
        )
