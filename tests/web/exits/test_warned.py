"""What warns of an exit: a flag with its figure, on the case, in the inbox and in the batch."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from exits.queries.warnings import warnings_of_cases
from households.models import IncomeLine
from tests import factories as make
from tests.procedures import (
    carry,
    open_for,
    take,
)
from tests.web.exits import test_household as exits
from tests.web.exits.test_household import ready

household = exits.household


def hugging(tree):
    return ready(wage_income=Decimal("6500.00"))


def transfers(tree):
    return ready(wage_income=Decimal(8_000), transfer_income=Decimal(12_000))


def allowance(tree):
    household = ready(wage_income=Decimal(5_000), transfer_income=Decimal(3_000))
    IncomeLine.objects.create(
        survey=household.surveys.get(), position=1, kind="transfer_income", item="allowance",
        amount=Decimal(3_000),
    )  # fmt: skip
    return household


def lumped(tree):
    """As a spreadsheet brings it: one figure of all transfers, and a member with the allowance."""
    household = ready(wage_income=Decimal(6_000), transfer_income=Decimal(3_000))
    household.members.filter(relation="01").update(allowance=True)
    return household


def elderly(tree):
    household = ready()
    household.members.update(birth_date=date(1959, 12, 31))
    return household


def jump(tree):
    household = ready()
    make.make_survey(household, 2018, wage_income=Decimal(13_333))
    return household


WARNED = {one.__name__: one for one in (hugging, transfers, allowance, lumped, elderly, jump)}


class TestWarnings:
    """What is looked at twice: on the page with its figure, as a flag, and out of every batch."""

    @staticmethod
    def codes(case):
        case.refresh_from_db()
        return set(case.flags)

    @pytest.mark.parametrize("code", WARNED)
    def test_each_warning_is_a_flag_that_holds(self, cast, calendar, tree, code):
        case = open_for(WARNED[code](tree), "exit", by=cast.county_clerk)
        [warning] = warnings_of_cases([case])[case.pk]
        assert warning.code == code
        assert code in self.codes(case)

    @pytest.mark.parametrize(("item", "codes"), [("pension", set()), ("allowance", {"allowance"})])
    def test_an_itemised_account_is_believed(self, cast, calendar, tree, item, codes):
        household = lumped(tree)
        IncomeLine.objects.create(
            survey=household.surveys.get(), position=1, kind="transfer_income", item=item,
            amount=Decimal(3_000),
        )  # fmt: skip
        assert self.codes(open_for(household, "exit", by=cast.county_clerk)) == codes

    def test_an_account_of_the_wages_alone_says_nothing_of_the_transfers(
        self, cast, calendar, tree
    ):
        household = lumped(tree)
        IncomeLine.objects.create(
            survey=household.surveys.get(), position=1, kind="wage_income", item="local",
            amount=Decimal(6_000),
        )  # fmt: skip
        assert self.codes(open_for(household, "exit", by=cast.county_clerk)) == {"lumped"}

    def test_a_refusal_in_an_earlier_exit_is_remembered(self, cast, calendar, household):
        first = open_for(household, "exit", by=cast.county_clerk)
        carry(first, cast, "plan", "appraise", "verify", "refuse")
        take(first, "withdraw", by=cast.county_clerk, note="撤回")
        again = open_for(household, "exit", by=cast.county_clerk)
        assert "refused" in self.codes(again)

    def test_the_page_of_the_case_shows_the_figure(
        self, cast, calendar, tree, signed_in, in_english
    ):
        case = open_for(hugging(tree), "exit", by=cast.county_clerk)
        page = signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
        assert "The income is only 1.0 % above the line" in page.text

    def test_a_warned_exit_cannot_be_ticked_in_a_batch(self, cast, calendar, tree, signed_in):
        sound = open_for(ready(), "exit", by=cast.county_clerk)
        odd = open_for(elderly(tree), "exit", by=cast.county_clerk)
        address = reverse("pages:batch", args=[make.VILLAGE, "exit", "proposed"])
        client = signed_in(cast.county_approver)
        batch = client.get(address).context["batch"]
        assert [row.case.pk for row in batch.rows] == [sound.pk]
        assert [row.case.pk for row in batch.flagged] == [odd.pk]
        client.post(address, {"case": [f"{odd.pk}:1"], "note": ""})
        odd.refresh_from_db()
        assert odd.state == "proposed"

    def test_the_tab_of_flagged_cases_lists_it(self, cast, calendar, tree, signed_in):
        open_for(ready(), "exit", by=cast.county_clerk)
        odd = open_for(jump(tree), "exit", by=cast.county_clerk)
        page = signed_in(cast.county_approver).get(reverse("pages:inbox") + "?tab=flagged")
        assert [row.case.pk for row in page.context["page"].rows] == [odd.pk]

    def test_warnings_of_many_exits_take_as_many_queries(
        self, cast, calendar, tree, django_assert_max_num_queries
    ):
        cases = [open_for(ready(), "exit", by=cast.county_clerk) for _ in range(4)]
        with django_assert_max_num_queries(6):
            warnings_of_cases(cases)
