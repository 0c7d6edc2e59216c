"""The result of a review as a file: one row per proposal in force, by household number."""

from collections.abc import Iterator

from django.db.models import F

from households.rules import GAPS, LACKS, Kind, named, per_capita_fen
from households.snapshot import yuan
from reviews.models import Proposal, Review

HEADER = "household_number,persons,net_income,per_capita,lacks,gaps,proposal"
ROWS_AT_ONCE = 5000


def report_lines(review: Review) -> Iterator[str]:
    """CSV lines without line ends, header first, ordered by household number bytewise.

    Amounts in yuan with two places, empty while an income is unknown. A household that needs
    attention has its number and the word alone.
    """
    yield HEADER
    proposals = (
        Proposal.everywhere.in_force()
        .filter(review=review)
        .order_by("household__number")
        .values_list(F("household__number"), "persons", "net_fen", "lacks", "gaps", "kind")
    )
    for number, persons, net, lacks, gaps, kind in proposals.iterator(chunk_size=ROWS_AT_ONCE):
        if kind == Kind.ATTENTION:
            yield f"{number},,,,,,attention"
            continue
        income, share = ("", "") if net is None else (yuan(net), yuan(per_capita_fen(net, persons)))
        yield ",".join(
            (
                number,
                str(persons),
                income,
                share,
                " ".join(named(lacks, LACKS)),
                " ".join(named(gaps, GAPS)),
                Kind(kind).name.lower(),
            )
        )
