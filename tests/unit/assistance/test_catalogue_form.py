"""The form of a measure's version: conditions as rows of fields, names one a line."""

import json
from typing import Any

import pytest
from django.utils import translation

from assistance.explain import condition_in_words, value_in_words
from assistance.forms.catalogue import VersionForm, said_before
from assistance.models import Measure
from tests.oracle.recommendation import SHIPPED

YEAR = 2020


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def shipped(code: str, **said: Any) -> Measure:
    row = next(one for one in SHIPPED if one["code"] == code)
    return Measure(division_id="0", year=2014, **row | said)


def form_of(measure: Measure, **changed: Any) -> VersionForm:
    """The form as a browser sends it back, with what is changed."""
    known = {"unit": measure.unit, "years": (YEAR, YEAR + 1), "standing": measure}
    shown = VersionForm(initial=said_before(measure) | {"year": YEAR, "version": 1}, **known)
    typed = {name: shown[name].value() for name in shown.fields}
    sent = {name: value for name, value in typed.items() if value is not None}
    return VersionForm(sent | changed, **known)


def conditions(form: VersionForm) -> list[dict[str, Any]]:
    assert form.is_valid(), form.errors
    return form.entry().conditions


@pytest.mark.parametrize("code", [one["code"] for one in SHIPPED])
def test_what_it_shows_at_first_says_the_same_again(code):
    entry = (form := form_of(shipped(code))).is_valid() and form.entry()
    row = next(one for one in SHIPPED if one["code"] == code)
    for name in ("conditions", "confirmations", "documents", "group", "repeats", "most_months"):
        assert getattr(entry, name) == row[name]


@pytest.mark.parametrize("code", [one["code"] for one in SHIPPED])
def test_it_does_so_in_chinese(code):
    with translation.override("zh-hans"):
        assert conditions(form_of(shipped(code))) == shipped(code).conditions


def test_conditions_are_changed_added_and_taken_away():
    form = form_of(
        shipped("PUB-POST"),
        least_1="18", most_1="", fact_2="", test_2="",
        fact_4="household.housing_grade", test_4="none_of", codes_4="grade C, partly dangerous；D",
        fact_5="weak", test_5="yes",
    )  # fmt: skip
    assert conditions(form) == [
        {"fact": "household.supported", "is": 1},
        {"fact": "age", "least": 18},
        {"fact": "labour", "one_of": [1, 2, 5]},
        {"fact": "household.housing_grade", "none_of": [3, 4]},
        {"fact": "weak", "is": 1},
    ]


@pytest.mark.parametrize("text", ["02, 03", "2，3", "长期慢性病；患有大病", "chronic illness; 03"])
def test_codes_are_written_as_numbers_or_labels(text):
    form = form_of(shipped("HEA-CHRONIC"), codes_1=text)
    assert conditions(form)[1] == {"fact": "health", "one_of": [2, 3]}


def test_the_test_of_a_number_needs_no_choice():
    form = form_of(shipped("PUB-POST"), test_1="")
    assert conditions(form)[1] == {"fact": "age", "least": 16, "most": 69}


NESTED = {"any": [{"fact": "weak", "is": 1}, {"fact": "able", "is": 1}]}


@pytest.mark.parametrize(("boxes", "kept"), [([json.dumps(NESTED, sort_keys=True)], 1), ([], 0)])
def test_a_condition_that_no_row_can_hold_is_kept_or_dropped_by_its_box(boxes, kept):
    measure = shipped("PUB-POST", conditions=[NESTED])
    assert conditions(form_of(measure, conditions=boxes)) == [NESTED] * kept


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"test_1": "one_of", "codes_1": "1"}, "Condition 2: this fact must be"),
        ({"least_1": "", "most_1": ""}, "Condition 2: give the least, the most or both."),
        ({"codes_3": "flying"}, "Condition 4: “flying” is no code of this fact."),
        ({"codes_3": ""}, "Condition 4: name the codes that count."),
        ({"fact_2": ""}, "Condition 3: choose a fact."),
        ({"documents": "只有中文"}, "Documents: write each line as Chinese | English"),
        ({"documents": "\n".join(["一 | one"] * 13)}, "Documents: write at most 12 lines."),
        ({"source": ""}, "Source: fill this in."),
        ({"year": "2014"}, "choose one of those offered"),
    ],
)
def test_what_cannot_be_read_is_named(changed, said):
    form = form_of(shipped("PUB-POST"), **changed)
    assert not form.is_valid()
    assert said in " ".join(text for texts in form.errors.values() for text in texts)


@pytest.mark.parametrize(
    ("condition", "unit", "said"),
    [
        ({"fact": "age", "least": 16, "most": 69}, "person", "age: 16 to 69"),
        ({"fact": "arable_mu", "least": 1}, "household", "arable land (mu): at least 1"),
        ({"fact": "overdue_loans", "most": 0}, "household", "loans overdue: at most 0"),
        ({"fact": "student", "is": 0}, "person", "not: is in school"),
        ({"fact": "cause_01", "is": 1}, "household", "cause of poverty: illness"),
        ({"fact": "wants_REL", "is": 1}, "household", "help wanted: relocation"),
        ({"fact": "water_not_met", "is": 1}, "household",
         "guarantee that is not met: Safe drinking water"),
        ({"fact": "health", "one_of": [2, 3]}, "person",
         "health: chronic illness or serious illness"),
        ({"fact": "attribute", "none_of": [6]}, "household",
         "attribute: not extreme-hardship poor household"),
        ({"fact": "household.workers", "is": 2}, "person",
         "household: members able to work fully and not in school: 2"),
        ({"fact": "state", "is": 0}, "household", "state: poor"),
        ({"not": {"fact": "weak", "is": 1}}, "person", "not (is able to work a little)"),
        ({"all": [{"fact": "weak", "is": 1}, NESTED]}, "person",
         "is able to work a little and is able to work a little or is able to work fully and not in"
         " school"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words(condition, unit, said):
    assert condition_in_words(condition, unit) == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("work_months", -1, "unknown"),
        ("work_months", 3, "3"),
        ("health", 0, "unknown"),
        ("health", 3, "serious illness"),
        ("weak", 1, "yes"),
        ("weak", 0, "no"),
    ],
)
def test_a_value_is_said_in_words(name, value, said):
    assert value_in_words(name, "person", value) == said


def test_a_condition_is_said_in_chinese():
    with translation.override("zh-hans"):
        said = condition_in_words({"fact": "health", "one_of": [2, 3]}, "person")
    assert "长期慢性病" in said
