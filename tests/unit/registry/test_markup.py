from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from households.rules import State
from registry.templatetags import markup


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, ""), (Decimal("12384"), "12,384.00"), (Decimal("-0.5"), "−0.50")],
)
def test_money_has_two_places_and_grouped_thousands(amount, text):
    assert markup.money(amount) == text


def test_fen_are_shown_as_exact_yuan():
    assert markup.fen(1_234_567_89) == "1,234,567.89"
    assert markup.fen(None) == ""


@pytest.mark.parametrize(("language", "text"), [("en", "2020-01-05"), ("zh-hans", "2020年1月5日")])
def test_a_date_is_written_as_officials_of_the_language_write_it(language, text):
    with translation.override(language):
        assert markup.day(date(2020, 1, 5)) == text


def test_a_moment_is_shown_in_shanghai():
    with translation.override("en"):
        assert markup.moment(datetime(2020, 1, 4, 17, 30, tzinfo=UTC)) == "2020-01-05 01:30"


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_shown_as_icon_and_word(state):
    with translation.override("en"):
        tag = markup.status(state.value)
    assert "<svg" in tag
    assert tag.split("</svg>")[1].strip("</span>")


def test_a_label_cannot_bring_markup_into_a_tag():
    assert "<b>" not in markup.tag("good", "<b>")


@pytest.mark.parametrize(("earlier", "latest"), [(None, 1), (1, None), (5, 5)])
def test_no_arrow_stands_where_nothing_can_be_compared(earlier, latest):
    assert markup.trend(earlier, latest) == ""


def test_the_arrow_is_also_said_in_words():
    with translation.override("en"):
        assert "more than before" in markup.trend(1, 2)
        assert "less than before" in markup.trend(2, 1)
