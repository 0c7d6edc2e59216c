"""What an entry tells of persons outside of the posting of whoever enters it.

An officer is told what the kernel found: he is known, and looks into one household at a time. A
machine is told one thing whatever is on record of such a person, and how many it was told of is
counted (`officers.actions.telling`).
"""

from collections.abc import Iterable

from households.entry.judged import Judged
from households.importing.judging import Verdict

ELSEWHERE = "active_elsewhere"
TWO_PERSONS = "keys_differ"
OTHER_NUMBER = "number_stays"


def in_one_word(verdict: Verdict) -> None:
    """Let the verdict say the same of everybody outside of the posting, and warn of nobody."""
    outside = verdict.people.outside
    if not outside:
        return
    rows = {row.record: row for row in verdict.filed.rows}
    verdict.faults = [
        rows[one.record].fault(next(iter(outside[one.record])), ELSEWHERE)
        if one.code == TWO_PERSONS and one.record in outside
        else one
        for one in verdict.faults
    ]
    verdict.warnings = [
        one for one in verdict.warnings if one.code != OTHER_NUMBER or one.record not in outside
    ]


def outside_of(judged: Iterable[Judged]) -> frozenset[str]:
    """The persons outside of the posting of whom these tell, by number."""
    return frozenset(
        number
        for one in judged
        if one.verdict
        for named in one.verdict.people.outside.values()
        for number in named.values()
    )
