"""One review under everything at once: kills, a failing broker, a crashing database, bad facts."""

import sys
import time
from collections import Counter

import pytest
from django.db import connection

from divisions.models import Division
from households.models import Household
from households.rules import Kind
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run, propose_review
from reviews.models import Proposal, Review
from reviews.queries.report import report_lines
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.reviews import country, poison
from tests.faults.reviews.campaign import Campaign
from tests.servers import Servers

END_SECONDS = 60


@pytest.fixture
def cast(servers: Servers, full_counts: bool) -> Cast:
    """A hundred thousand households in a thousand villages, or a twentieth of them."""
    make.plant_tree()
    country.settle(country.plant_villages(1000 if full_counts else 50))
    return hire_all()


def test_a_review_under_two_hundred_kills_and_every_other_fault(
    cast, servers, own_processes, full_counts, tmp_path
):
    province = Division.objects.get(pk=make.PROVINCE)
    expected = country.expected_lines()
    undisturbed = propose_dry_run(root=province, year=country.YEAR, by=cast.operator)
    drive(undisturbed.pk)
    poisoned = poison.choose(100 if full_counts else 5)
    review = propose_review(root=province, year=country.YEAR, by=cast.province_officer)
    poison.spoil(poisoned)
    campaign = Campaign(servers, own_processes, review.pk, tmp_path)
    with poison.Devourer(servers, campaign.living) as devourer:
        if full_counts:
            campaign.run(campaign.faults(kills=50, broker=5, database=5))
        else:
            campaign.run(campaign.faults(kills=3, broker=1, database=1))
        tail = campaign.wait_for_the_end(END_SECONDS)
    own_processes.kill_all()
    connection.close()  # cut off by the crashes of the server
    report(campaign, review, len(devourer.devoured), tail)
    assert_nothing_is_lost_doubled_or_wrong(review, expected, poisoned)
    assert_sound_villages_have_the_undisturbed_hashes(review, undisturbed, poisoned)


def assert_nothing_is_lost_doubled_or_wrong(
    review: Review, expected: dict[str, str], poisoned: dict[int, str]
) -> None:
    kept = Proposal.everywhere.filter(review=review)
    several = Counter(kept.values_list("household_id", flat=True))
    assert [household for household, number in several.items() if number > 1] == []
    review.refresh_from_db()
    lines = dict(line.split(",", 1) for line in list(report_lines(review))[1:])
    numbers = dict(Household.everywhere.filter(pk__in=poisoned).values_list("number", "pk"))
    attention = {number for number, rest in lines.items() if rest.endswith(",attention")}
    assert attention == numbers.keys()
    assert expected.keys() - lines.keys() == set()
    assert lines.keys() - expected.keys() == set()
    found = {f"{number},{rest}" for number, rest in lines.items()}
    wrong = found - set(expected.values())
    assert wrong == {f"{number},,,,,,attention" for number in numbers}
    assert review.totals["households"] == len(expected)
    assert review.totals["kinds"][str(int(Kind.ATTENTION))] == len(poisoned)


def assert_sound_villages_have_the_undisturbed_hashes(
    review: Review, undisturbed: Review, poisoned: dict[int, str]
) -> None:
    spoilt = set(Household.everywhere.filter(pk__in=poisoned).values_list("village_id", flat=True))
    assert len(spoilt) == len(poisoned)
    assert hashes_of(review, spoilt) == hashes_of(undisturbed, spoilt)


def hashes_of(review: Review, leaving_out: set[str]) -> list[tuple[str, str, str]]:
    villages = review.villages.exclude(village_id__in=leaving_out).order_by("village_id")
    return list(villages.values_list("village_id", "input_hash", "result_hash"))


def report(campaign: Campaign, review: Review, devoured: int, tail: float) -> None:
    """The figures of the run, for `pytest -s` and for docs/operations.md."""
    started = Counter(campaign.deliveries.read_text().split())
    twice = sum(number > 1 for number in started.values())
    attempts = Counter(review.chunks.values_list("attempts", flat=True))
    sys.stdout.write(
        f"\n{dict(campaign.made)}; {devoured} processes devoured by facts;"
        f" {len(started)} messages started, {twice} of them more than once;"
        f" attempts of chunks {dict(sorted(attempts.items()))};"
        f" {time.monotonic() - campaign.begun:.0f} s, {tail:.1f} s of them after the last fault\n"
    )
