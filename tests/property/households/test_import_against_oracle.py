"""Random register files, imported and reviewed by the product and by the oracle.

A seed makes the same files everywhere. FAULTS=full takes many seeds and larger files.
"""

import os
from itertools import zip_longest
from operator import eq

import pytest

from divisions.models import Division
from households.models import Household, Member, StateChange, Survey
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_review
from reviews.queries.report import report_lines
from tests import factories as make
from tests.oracle.files import write_csv
from tests.oracle.people import Draw
from tests.oracle.review import HEADER, review
from tests.oracle.scenarios import first_file, second_file
from tests.oracle.world import Register
from tests.property.households.both import Both

STANDARDS = {2015: (285_500, 428_250), 2018: (299_500, 449_250), 2019: (321_800, 500_000)}
SEEDS, FULL_SEEDS = 4, 80
HOUSEHOLDS = 60
FAULTY = 0.2
VILLAGES = ["970123100200", "970123100201", "970123201200", "970124100200"]
FULL = os.environ.get("FAULTS") == "full"


def counts() -> tuple[int, ...]:
    models = (Household.everywhere, Member.objects, Survey.objects, StateChange.objects)
    return tuple(rows.count() for rows in models)


@pytest.mark.parametrize("seed", range(FULL_SEEDS if FULL else SEEDS))
def test_random_files_come_out_as_the_contract_says(both: Both, seed: int) -> None:
    assert play(both, Draw(seed), HOUSEHOLDS) == []


def play(both: Both, draw: Draw, households: int) -> list[str]:
    """New households, the same file again, a second file about them, a review: all differences."""
    year = draw.choice(list(STANDARDS))
    first = first_file(draw, VILLAGES, year, STANDARDS[year], households=households, share=FAULTY)
    content = write_csv(draw, first.records)
    both.take(content, first.records, year)
    stored = counts()
    again, _ = both.take(content, first.records, year)
    if again.changed or counts() != stored:
        both.differences.append(f"again: changes {again.changed}, rows {stored} → {counts()}")
    second, _ = second_file(draw, both.register, year, STANDARDS[year], share=FAULTY)
    both.take(write_csv(draw, second.records), second.records, year)
    if any(year in home.surveys for home in both.register.households.values()):
        both.differences += review_differences(both.register, year)
    return both.differences


def review_differences(register: Register, year: int) -> list[str]:
    """Lines of the two reports that are not the same."""
    got = product_review("97", year).split("\r\n")
    expected = oracle_review(register, "97", year).split("\r\n")
    found = [f"review: {one}, expected {two}" for one, two in zip_longest(got, expected)]
    return [one for one, same in zip(found, map(eq, got, expected), strict=False) if not same]


def product_review(root: str, year: int) -> str:
    """The report of a review driven in this process."""
    opened = propose_review(root=Division.objects.get(pk=root), year=year, by=make.the_operator())
    drive(opened.pk)
    return "".join(f"{line}\r\n" for line in report_lines(opened))


def oracle_review(register: Register, root: str, year: int) -> str:
    rows = [HEADER, *review(register, root, year, STANDARDS[year])]
    return "".join(",".join(row) + "\r\n" for row in rows)
