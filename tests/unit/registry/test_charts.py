from xml.etree import ElementTree as ET

import pytest

from registry.pages.charts import line_chart, scale_for, stacked_bars


def drawing(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own chart


def size(shape: ET.Element, name: str) -> float:
    return float(shape.attrib[name])


YEARS = [2018, 2019, 2020]


@pytest.mark.parametrize("highest", [1, 80, 399, 400, 401, 2_995, 38_496, 1_250_000])
def test_a_scale_holds_the_highest_bar_and_wastes_less_than_two_thirds(highest):
    top = scale_for(highest).top
    assert highest <= top
    assert top <= max(3 * highest, 40)


def test_the_bars_of_a_year_stand_on_each_other():
    svg = drawing(stacked_bars("t", [2020], [[10_000], [20_000], [None], [0]], "table"))
    low, high = svg.findall("rect")
    assert size(high, "y") + size(high, "height") == pytest.approx(size(low, "y"))
    assert size(high, "height") == pytest.approx(2 * size(low, "height"), rel=0.02)


def test_an_unknown_year_is_left_out_of_the_line():
    svg = drawing(line_chart("t", YEARS, [100_000, None, 300_000], [1, 1, 1], "table"))
    assert len(svg.findall("circle")) == 2


def test_a_chart_names_itself_and_the_table_that_holds_its_figures():
    svg = drawing(line_chart("Net income", YEARS, [1, 2, 3], [1, 1, 1], "years"))
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "Net income")
    assert svg.get("aria-describedby") == "years"


def test_a_chart_of_ten_years_stays_light():
    years = list(range(2014, 2024))
    layers = [[1_234_500 + i for i in years] for _ in range(4)]
    assert len(stacked_bars("t", years, layers, "table")) < 15_000
