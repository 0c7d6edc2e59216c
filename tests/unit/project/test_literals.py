"""No word that people read escapes translation."""

import re

import pytest

from tests.unit.architecture.source import ROOT, modules
from tests.unit.project.literals import HAN, template_paths, words_of_module, words_of_template

WORDS = {
    "English",  # each language is called by its own name in every language
    "__s__",  # the serial that the script puts there
}
DATA = (
    "assistance/importing/template.py",  # the columns of the file of measures, with examples
    "exits/importing/sample.py",  # the columns of the sample of an evaluation
    "exits/importing/template.py",  # the columns of village records
    "households/importing/template.py",  # the columns of the files, in their own words
    "households/names.py",  # how family names are read
    "officers/passwords.py",  # words that no password may be made of
    "registry/demo",  # invented people and places
    "teams/importing/template.py",  # the columns of the roster's file, in their own words
    "registry/pages/parameters/forms.py",  # how days are written in Chinese
)
EXAMPLES = ("/api/examples.py", "/api/batch_examples.py", "/api/feed_examples.py")
"""What a description of the REST door shows: invented people and places."""


def test_no_template_shows_a_word_that_is_not_translated():
    found = {
        str(path.relative_to(ROOT)): words
        for path in template_paths(ROOT)
        if (words := set(words_of_template(path.read_text(encoding="utf-8"))) - WORDS)
    }
    assert found == {}


def test_no_module_shows_a_sentence_that_is_not_translated():
    found = {
        str(module.path): words
        for module in modules()
        if not (str(module.path).startswith(DATA) or str(module.path).endswith(EXAMPLES))
        if (words := words_of_module((ROOT / module.path).read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ name }} years</p>",
        '<img alt="A mark">',
        "<td data-label='Name'>",
        "<p>{% if a %}yes{% endif %}</p>",
        "<p>共{{ count }}户</p>",
        '{% tag "good" "All is well" %}',
        "{% firstof name '没有' %}",
    ],
)
def test_the_walk_sees_a_word_of_a_template(source):
    assert words_of_template(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p class="lead">{% translate "Hello" %}</p>',
        "<p>{% blocktranslate %}{{ n }} years{% endblocktranslate %}</p>",
        "{# a remark #}<p>{{ name }} · 12</p>",
        "{% include 'parts/some page.html' with name=other %}",
        "<p><kbd>Ctrl</kbd></p>",
        '{% tag "good" label %}',
    ],
)
def test_the_walk_takes_what_is_translated_or_no_word(source):
    assert words_of_template(source) == []


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused("This is not allowed.")',
        'messages.error(request, f"Row {n} is faulty")',
        'forms.CharField(label="Full name")',
        'NAME = "贫困户"',
        'form.add_error("name", "Write a name.")',
    ],
)
def test_the_walk_sees_a_sentence_of_a_module(source):
    assert words_of_module(source)


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused(_("This is not allowed."))',
        '"""扶贫手册"""',
        'forms.CharField(label=_("Full name"), help_text="")',
        'logger.warning("a line", extra={})',
    ],
)
def test_the_walk_takes_a_sentence_that_is_translated_or_not_shown(source):
    assert words_of_module(source) == []


def test_no_script_brings_words_of_its_own():
    shown = re.compile(
        r"(textContent|innerText|title|ariaLabel|alert\()\s*=?\s*[\"'][^\"']*[A-Za-z]"
    )
    found = [
        path.name
        for path in (ROOT / "static").glob("*.js")
        if HAN.search(text := path.read_text(encoding="utf-8")) or shown.search(text)
    ]
    assert found == []
