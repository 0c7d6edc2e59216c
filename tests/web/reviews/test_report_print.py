"""The report as it is printed: the lines for two signatures."""

import pytest

from households.rules import State
from tests.web.reviews.pages import page_of

pytestmark = pytest.mark.django_db


def test_the_report_ends_with_a_line_for_each_of_the_two_officers(
    cast, signed_in, household_of, committed, in_english
):
    household_of(State.POOR)
    text = page_of(signed_in(cast.county_clerk), "report", committed()).text
    signatures = text[text.index('class="print-only signatures"') :]
    for officer in (cast.county_clerk, cast.county_approver):
        assert f"<bdi>{officer.name}</bdi>" in signatures
    assert signatures.count("Date") == 2


def test_before_the_commitment_the_second_line_names_nobody(
    cast, signed_in, household_of, proposed, in_english
):
    household_of(State.POOR)
    text = page_of(signed_in(cast.county_clerk), "report", proposed()).text
    signatures = text[text.index('class="print-only signatures"') :]
    assert "Committed by <span>&nbsp;" in signatures
