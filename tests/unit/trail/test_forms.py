"""Faults of a form: each names its field and says how to mend it."""

import pytest
from django import forms
from django.utils import translation

from trail.forms import PlainForm


class Sample(PlainForm):
    reason = forms.CharField(label="Reason", max_length=3)
    kind = forms.TypedChoiceField(label="Kind", choices=[(1, "one")], coerce=int)
    parts = forms.MultipleChoiceField(label="Parts", choices=[("a", "A")], required=False)
    day = forms.DateField(label="Day", required=False, error_messages={"invalid": "Own words."})


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("reason", "", "Reason: fill this in."),
        ("reason", "four", "Reason: write at most 3 characters; now there are 4."),
        ("reason", "a\x00", "Reason: it holds a character that cannot be kept. Write it anew."),
        ("kind", "", "Kind: choose one of those offered."),
        ("kind", "5", "Kind: choose one of those offered."),
        ("parts", ["b"], "Parts: choose one of those offered."),
        ("day", "x", "Own words."),
    ],
)
def test_a_fault_names_its_field_and_says_how_to_mend_it(field, typed, sentence):
    with translation.override("en"):
        form = Sample({"reason": "abc", "kind": "1"} | {field: typed})
        assert form.errors == {field: [sentence]}


def test_a_fault_is_told_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        form = Sample({"reason": "", "kind": "5"})
        assert form.errors["kind"] == ["Kind：请从所列选项中选择。"]
        assert form.errors["reason"] == ["Reason：请填写。"]
