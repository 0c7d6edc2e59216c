"""The charts of terms: what they draw, how they read, what they weigh."""

import re
from datetime import date, timedelta

import pytest

from teams.charts import MOST_ROWS, Bars, share_chart, term_chart
from teams.rules.calendar import Share, months_around
from teams.rules.terms import Span

TODAY = date(2020, 6, 15)
MONTHS = months_around(TODAY)
WINDOW = Span(MONTHS[0].first, MONTHS[-1].last)
MOST_BYTES = 15 * 1024


def terms(*spans, gaps_in=WINDOW):
    return term_chart("在岗", [Bars("长埫村", spans, gaps_in)], MONTHS, TODAY, "table")


def strokes(svg, shade):
    found = re.search(rf'<path d="([^"]*)" stroke="{re.escape(shade)}" stroke-width="16"', svg)
    return found[1].count("M") if found else 0


def test_a_village_with_nobody_is_hatched_as_a_whole():
    assert strokes(terms(), "url(#gap)") == 1


def test_each_term_has_a_bar_and_two_in_a_row_differ():
    svg = terms(Span(date(2019, 1, 1), date(2020, 3, 1)), Span(date(2020, 3, 2), date(2022, 1, 1)))
    assert (strokes(svg, "#0a4c95"), strokes(svg, "#7faedb"), strokes(svg, "url(#gap)")) == (
        1,
        1,
        0,
    )


def test_days_between_two_terms_are_hatched():
    svg = terms(Span(date(2019, 1, 1), date(2020, 3, 1)), Span(date(2020, 4, 1), date(2022, 1, 1)))
    assert strokes(svg, "url(#gap)") == 1


def test_where_no_team_must_be_nothing_is_hatched():
    assert strokes(terms(gaps_in=None), "url(#gap)") == 0


def test_the_chart_has_a_title_its_table_and_today():
    svg = terms()
    assert 'aria-label="在岗"' in svg
    assert 'aria-describedby="table"' in svg
    assert 'stroke-dasharray="5 3"' in svg


def test_names_are_text_and_never_markup():
    svg = term_chart("t", [Bars("<b>", (), WINDOW)], MONTHS, TODAY, "table")
    assert "<b>" not in svg


@pytest.mark.parametrize(
    ("covered", "shade"),
    [(30, "#0a4c95"), (27, "#3f7fbf"), (15, "#9dc0e3"), (1, "#dce8f5"), (0, "url(#gap)")],
)
def test_a_month_is_the_darker_the_more_of_it_is_covered(covered, shade):
    svg = share_chart("t", [("村", [Share(covered, 30)] * len(MONTHS))], MONTHS, TODAY, "table")
    assert strokes(svg, shade) == 1


def test_the_fullest_chart_weighs_at_most_fifteen_kilobytes():
    spans = [
        Span(WINDOW.first + timedelta(days=start), WINDOW.first + timedelta(days=start + 60))
        for start in range(0, 700, 90)
    ]
    rows = [Bars(f"某某某某某村{n}", spans, WINDOW, "83 %") for n in range(MOST_ROWS + 5)]
    svg = term_chart("t", rows, MONTHS, TODAY, "table")
    assert len(svg.encode()) <= MOST_BYTES


def test_the_fullest_shares_weigh_at_most_fifteen_kilobytes():
    shares = [Share(30 * (n % 2), 30) for n in range(len(MONTHS))]
    rows = [(f"某某某某镇{n}", shares) for n in range(MOST_ROWS)]
    svg = share_chart("t", rows, MONTHS, TODAY, "table")
    assert len(svg.encode()) <= MOST_BYTES
