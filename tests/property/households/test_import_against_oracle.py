"""Random register files, imported and reviewed by the product and by the oracle.

A seed makes the same files everywhere. FAULTS=full takes many seeds and larger files.
"""

import os
from itertools import zip_longest
from operator import eq

import pytest

from divisions.models import Division
from households.models import Household, Member, StateChange, Survey
from officers.models import Officer
from officers.rules import Role
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_review
from reviews.queries.report import report_lines
from tests import factories as make
from tests.oracle.files import write_csv
from tests.oracle.people import Draw
from tests.oracle.review import HEADER, review
from tests.oracle.scenarios import first_file, second_file
from tests.oracle.world import COUNTY_CLERK, Importer, Register
from tests.property.households.both import THE_OPERATOR, Both

STANDARDS = {2015: (285_500, 428_250), 2018: (299_500, 449_250), 2019: (321_800, 500_000)}
SEEDS, FULL_SEEDS = 4, 80
HOUSEHOLDS = 60
FAULTY = 0.2
VILLAGES = ["970123100200", "970123100201", "970123201200", "970124100200"]
ROOTS = ["97", "97", "9701", "970123", "970123100", "970123100200"]
CLERK = Importer(COUNTY_CLERK, make.COUNTY)
FULL = os.environ.get("FAULTS") == "full"


def counts() -> tuple[int, ...]:
    models = (Household.everywhere, Member.objects, Survey.objects, StateChange.objects)
    return tuple(rows.count() for rows in models)


@pytest.mark.parametrize("seed", range(FULL_SEEDS if FULL else SEEDS))
def test_random_files_come_out_as_the_contract_says(both: Both, seed: int) -> None:
    make.make_officer(Role.COUNTY_CLERK, make.COUNTY, username=COUNTY_CLERK)
    assert play(both, Draw(seed), HOUSEHOLDS) == []


def play(both: Both, draw: Draw, households: int) -> list[str]:
    """New households, the same file again, two more about them, a review: all differences."""
    year = draw.choice(list(STANDARDS))
    lines = STANDARDS[year]
    first = first_file(draw, VILLAGES, year, lines, households=households, share=FAULTY)
    content = write_csv(draw, first.records)
    both.take(content, first.records, year)
    stored = counts()
    again, _ = both.take(content, first.records, year)
    if again.changed or counts() != stored:
        both.differences.append(f"again: changes {again.changed}, rows {stored} → {counts()}")
    for later, importer in ((year, THE_OPERATOR), (draw.choice(list(STANDARDS)), CLERK)):
        file, _ = second_file(draw, both.register, later, lines, share=FAULTY)
        by = Officer.objects.get(username=importer.role)
        content = write_csv(draw, file.records)
        both.take(content, file.records, later, by=by, importer=importer)
    root = draw.choice(ROOTS)
    homes = both.register.households.values()
    if any(home.surveys.get(year) for home in homes if home.village.startswith(root)):
        both.differences += review_differences(both.register, root, year)
    return both.differences


def review_differences(register: Register, root: str, year: int) -> list[str]:
    """Lines of the two reports that are not the same."""
    got = product_review(root, year).split("\r\n")
    expected = oracle_review(register, root, year).split("\r\n")
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
