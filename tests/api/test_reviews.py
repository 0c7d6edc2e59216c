"""Reviews, proposals and standards at the REST door."""

from datetime import UTC, datetime

import pytest

from households.models import Standard
from households.rules import Kind, State
from officers.rules import Scope
from reviews.models import Answer, ReviewState
from tests import factories as make
from tests.api.world import GIVEN, grow

pytestmark = pytest.mark.django_db
NOON = datetime(2020, 6, 2, 4, tzinfo=UTC)


@pytest.fixture
def reader(open_door):
    """A client of COUNTY that reads cases and reviews."""
    return open_door(make.COUNTY, Scope.CASES)


@pytest.fixture
def world(tree):
    return grow()


class TestReviews:
    """The reviews that touch the posting, and what they add up to there."""

    def test_own_reviews_and_those_above_are_listed(self, reader, world):
        above = make.make_review(make.PROVINCE, 2018)
        make.make_review(make.OTHER_COUNTY, 2018)
        found = reader.get("reviews/").body["results"]
        assert [one["id"] for one in found] == [world.review.pk, above.pk]

    def test_a_dry_run_under_a_draft_above_is_not_found(self, reader, tree):
        draft = make.make_draft()
        hidden = make.make_review(make.PROVINCE, 2019, standard=draft, dry_run=True)
        assert reader.get("reviews/").body["results"] == []
        assert reader.get(f"reviews/{hidden.pk}/").status_code == 404

    def test_they_are_narrowed_by_place_year_and_state(self, reader, world):
        other = make.make_review(make.TOWNSHIP, 2020)
        for query, wanted in (
            (f"division={make.VILLAGE}", [world.review.pk, other.pk]),
            (f"division={make.OTHER_TOWNSHIP}", [world.review.pk]),
            (f"division={make.OTHER_COUNTY}", []),
            ("year=2020", [other.pk]),
            ("state=committed", [world.review.pk]),
        ):
            found = reader.get(f"reviews/?{query}").body["results"]
            assert [one["id"] for one in found] == wanted, query

    def test_counts_of_few_households_are_not_told(self, reader, open_door, world):
        totals = {"households": 40, "persons": 90, "kinds": {"4": 38, "5": 2}, "states": {}}
        world.review.totals, world.review.facts_at = totals, NOON
        world.review.save()
        found = reader.get(f"reviews/{world.review.pk}/").body
        assert found["facts_at"] == "2020-06-02T04:00:00Z"
        assert found["figures"]["division"] == make.COUNTY
        assert found["figures"]["households"] == 40
        assert found["figures"]["proposals"]["exit"] is None

    def test_figures_wait_for_the_end(self, reader, tree):
        review = make.make_review(state=ReviewState.RUNNING)
        figures = reader.get(f"reviews/{review.pk}/").body["figures"]
        assert (figures["households"], figures["proposals"]["exit"]) == (None, None)


class TestProposals:
    """What a review proposes within the posting."""

    def test_a_proposal_tells_its_reasons_and_masks_the_householder(self, reader, world):
        answer = reader.get(f"reviews/{world.review.pk}/proposals/")
        [found] = answer.body["results"]
        assert GIVEN not in answer.content.decode()
        assert {name: found[name] for name in (
            "household", "householder", "proposal", "status", "net_income",
            "per_capita_net_income", "needed", "answer", "case",
        )} == {
            "household": world.household.number,
            "householder": "陈**",
            "proposal": "exit",
            "status": "0",
            "net_income": "5000.00",
            "per_capita_net_income": "2500.00",
            "needed": "6436.00",
            "answer": "waiting",
            "case": None,
        }  # fmt: skip

    def test_of_a_review_above_the_own_part_alone_is_told(self, reader, world):
        above = make.make_review(make.PROVINCE, 2018)
        foreign = make.make_household(make.OTHER_COUNTY_VILLAGE)
        make.make_proposal(above, world.household)
        make.make_proposal(above, foreign)
        found = reader.get(f"reviews/{above.pk}/proposals/").body["results"]
        assert [one["household"] for one in found] == [world.household.number]
        asked = f"reviews/{above.pk}/proposals/?division={make.OTHER_COUNTY}"
        assert reader.get(asked).body["results"] == []

    def test_they_are_narrowed_by_kind_status_reason_and_answer(self, reader, world):
        lacking = make.make_household(state=State.ORDINARY)
        make.make_proposal(
            world.review, lacking, Kind.COMPLETE, lacks=1, gaps=1, net_fen=None,
            answer=Answer.SENT_BACK, answered_by=make.the_operator(), answered_at=NOON,
            answer_reason="…",
        )  # fmt: skip
        for query in ("proposal=complete", "status=4", "answer=sent_back", "division=970123100200"):
            found = reader.get(f"reviews/{world.review.pk}/proposals/?{query}").body["results"]
            numbers = {one["household"] for one in found}
            assert lacking.number in numbers, query
            assert (world.household.number in numbers) == query.startswith("division"), query
        [one] = reader.get(f"reviews/{world.review.pk}/proposals/?answer=sent_back").body["results"]
        for sort in ("lack", "gap"):
            [name] = one[f"{sort}s"]
            asked = f"reviews/{world.review.pk}/proposals/?{sort}={name}"
            assert [row["household"] for row in reader.get(asked).body["results"]] == [
                lacking.number
            ]

    def test_a_fault_is_told_in_plain_words(self, reader, world):
        household = make.make_household()
        error = "DataError: 陈望舒岚 97012319650319041X"
        make.make_proposal(world.review, household, Kind.ATTENTION, error=error)
        answer = reader.get(f"reviews/{world.review.pk}/proposals/?proposal=attention")
        [found] = answer.body["results"]
        assert found["fault"] == (
            "A figure of the survey is no number that can be calculated with."
        )
        assert GIVEN not in answer.content.decode()

    def test_superseded_proposals_are_not_listed(self, reader, world):
        type(world.proposal).everywhere.update(superseded_at=NOON)
        assert reader.get(f"reviews/{world.review.pk}/proposals/").body["results"] == []

    def test_a_page_costs_the_same_for_few_and_for_many(
        self, reader, world, django_assert_num_queries
    ):
        for _ in range(3):
            make.make_proposal(world.review, make.make_household())
        reader.get("codes/")
        for limit in (1, 4):
            with django_assert_num_queries(5):  # key, posting, review, proposals, heads
                reader.get(f"reviews/{world.review.pk}/proposals/?limit={limit}")


class TestStandards:
    """The published lines, for every live key."""

    def test_a_standard_carries_its_number_and_digest(self, open_door, tree):
        own = make.make_standard(2019, line="3300.00")
        found = open_door(make.COUNTY, Scope.TEAMS).get("standards/?year=2019").body["results"]
        national, published = found
        assert national["division"] == "0"
        assert (published["number"], published["hash"]) == (own.number, own.content_hash)
        assert (published["line"], published["monitoring_line"]) == ("3300.00", "4950.00")

    def test_drafts_and_standards_of_other_provinces_are_not_told(self, reader, tree):
        make.make_draft(2019)
        shipped = Standard.objects.published().count()
        assert len(reader.get("standards/").body["results"]) == shipped

    def test_those_of_a_place_are_its_provinces_and_the_nations(self, reader, tree):
        own = make.make_standard(2019)
        found = reader.get(f"standards/?division={make.VILLAGE}&year=2019").body["results"]
        assert [one["number"] for one in found][-1] == own.number
        assert reader.get(f"standards/?division={make.OTHER_COUNTY}").body["results"] == []
