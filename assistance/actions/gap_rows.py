"""What a part of a search found, as rows: new gaps, gaps that stand on, gaps that are gone."""

import json
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from django.db import connection

from assistance.actions.gap_frames import Found
from assistance.models import GapChunk
from assistance.rules.gaps import line_hash, summed

if TYPE_CHECKING:
    from pandas import DataFrame

NEW = """
    CREATE TEMP TABLE found_gap (
        household bigint, member bigint, item bigint, rule text, kind text, category text,
        code text, facts jsonb
    ) ON COMMIT DROP
"""
AGAIN = "gap.gone_run_id IS NOT NULL AND gap.gone_run_id <> excluded.last_run_id"
PASSING = ("age",)
"""Facts that change by themselves; an explanation holds on."""

NAMES = ", ".join(f"'{name}'" for name in PASSING)
OTHERWISE = f"gap.facts - ARRAY[{NAMES}] <> excluded.facts - ARRAY[{NAMES}]"
REOPENED = f"({AGAIN} OR gap.resolution = 'mended' OR gap.resolution = 'explained' AND {OTHERWISE})"
KEEP = f"""
    INSERT INTO assistance_gap AS gap (year, village_id, household_id, member_id, item_id, rule,
        kind, category, code, facts, first_run_id, last_run_id)
    SELECT %(year)s, h.village_code, h.id, nullif(f.member, 0), nullif(f.item, 0), f.rule, f.kind,
        f.category, f.code, f.facts, %(run)s, %(run)s
    FROM found_gap f JOIN households_household h ON h.id = f.household
    ORDER BY h.village_code, h.id
    ON CONFLICT ON CONSTRAINT a_gap_is_named_once DO UPDATE SET
        village_id = excluded.village_id, facts = excluded.facts, category = excluded.category,
        code = excluded.code, last_run_id = excluded.last_run_id, gone_run_id = NULL,
        resolution = CASE WHEN {REOPENED} THEN '' ELSE gap.resolution END,
        due_on = CASE WHEN {REOPENED} THEN NULL ELSE gap.due_on END,
        version = gap.version + (gap.facts <> excluded.facts OR {REOPENED})::int
"""  # noqa: S608 - constants of this module
"""A gap that was called mended, or that was gone, and is found again waits for a word again.

So does one that was explained and rests on other facts now. Its explanation was about the facts
that stand here: a search that changed them made the version of the page stale.
"""

GONE = """
    UPDATE assistance_gap SET gone_run_id = %(run)s, version = version + 1
    WHERE year = %(year)s AND village_id >= %(low)s AND village_id < %(high)s
        AND gone_run_id IS NULL AND last_run_id <> %(run)s
"""


def write_found(chunk: GapChunk, found: Sequence[Found], households: "DataFrame") -> str:
    """Keep what was found in a part and let go what was not; the hash of what was found.

    Called in the transaction that calls the part done. The hash names households by their numbers.
    """
    numbers = dict(zip(households["household"], households["number"], strict=True))
    lines, hashes = StringIO(), []
    for one in found:
        facts = json.dumps(one.facts, sort_keys=True, separators=(",", ":"))
        key = f"{one.member}\t{one.item}\t{one.rule}\t{one.kind}\t{one.category}\t{one.code}"
        lines.write(f"{one.household}\t{key}\t{facts}\n")
        hashes.append(line_hash(f"{numbers.get(one.household, one.household)}\t{key}\t{facts}"))
    lines.seek(0)
    known: dict[str, int | str] = {
        "run": chunk.run_id,
        "year": chunk.run.year,
        "low": chunk.low,
        "high": chunk.high,
    }
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(NEW)
        cursor.copy_expert("COPY found_gap FROM STDIN", lines)
        cursor.execute(KEEP, known)
        cursor.execute(GONE, known)
        cursor.execute("DROP TABLE found_gap")
    return summed(hashes)
