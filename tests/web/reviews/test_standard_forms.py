"""The forms of standards: who fills them in, what they begin with, what their fields refuse."""

from decimal import Decimal

import pytest

from households.models import Standard
from households.rules import GUARANTEES
from reviews.standard_forms import content_of
from tests import factories as make
from tests.web.reviews.standards import LIST, TYPED, at, text
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_the_form_begins_with_what_holds_but_for_the_source(cast, signed_in):
    form = signed_in(cast.province_officer).get("/standards/prepare/?year=2019").context["form"]
    assert form.initial == {
        "year": 2019,
        "line": Decimal("3218.00"),
        "monitoring_line": Decimal("5000.00"),
        "guarantees": [*GUARANTEES],
    }


def test_a_year_without_standard_begins_with_the_last_one_before(cast, signed_in):
    form = signed_in(cast.province_officer).get("/standards/prepare/").context["form"]
    assert form.initial["year"] == business_date().year
    assert form.initial["line"] == Decimal("4000.00")


def test_the_province_officer_prepares_a_draft(cast, signed_in):
    answer = signed_in(cast.province_officer).post("/standards/prepare/", TYPED)
    draft = Standard.objects.drafts().get()
    assert answer.headers["Location"] == at(draft)
    assert (draft.year, draft.line, draft.monitoring_line) == (2019, 4500, Decimal("6000.50"))
    assert (draft.guarantees, draft.source) == (["food", "water"], TYPED["source"])
    assert (draft.division_id, draft.prepared_by) == (make.PROVINCE, cast.province_officer)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("line", "", "Write the amount in yuan."),
        ("line", "four", "with digits"),
        ("line", "0", "more than nothing"),
        ("line", "-1", "more than nothing"),
        ("line", "4500.005", "at most two digits"),
        ("line", "NaN", "with digits"),
        ("line", "123456789", "below 100 million yuan"),
        ("monitoring_line", "4499.99", "at least the poverty line"),
        ("monitoring_line", "", "Write the amount in yuan."),
        ("guarantees", [], "at least one guarantee"),
        ("guarantees", ["roof"], "must have: choose one of those offered."),
        ("source", " ", "Name the document"),
        ("source", "公" * 301, "at most 300"),
        ("year", "1890", "Choose a year."),
        ("year", str(business_date().year + 2), "Choose a year."),
    ],
)
def test_a_faulty_field_says_so_and_what_was_typed_stays(cast, signed_in, field, typed, sentence):
    client = signed_in(cast.province_officer)
    answer = client.post("/standards/prepare/", TYPED | {field: typed})
    assert answer.status_code == 400
    [(name, [error])] = answer.context["form"].errors.items()
    assert name == field
    assert sentence in error
    assert answer.context["form"][field].value() == typed
    assert not Standard.objects.drafts().exists()


@pytest.mark.parametrize("part", ["county_clerk", "province_approver", "auditor"])
def test_nobody_else_gets_the_form_or_the_buttons(cast, signed_in, part):
    client = signed_in(getattr(cast, part))
    assert client.get("/standards/prepare/").status_code == 403
    assert client.post("/standards/prepare/", TYPED).status_code == 403
    assert "/standards/prepare/" not in text(client, LIST)


def test_a_change_makes_a_new_draft_and_the_old_page_leads_to_it(cast, signed_in, draft):
    client = signed_in(cast.province_officer)
    assert client.get(at(draft, "change")).context["form"].initial == content_of(draft)
    client.post(at(draft, "change"), TYPED)
    new = Standard.objects.drafts().get()
    assert (new.replaces, new.source) == (draft, TYPED["source"])
    assert at(new) in text(client, at(draft))
    assert at(draft) in text(client, at(new))


def test_the_approver_sees_the_draft_but_does_not_change_it(cast, signed_in, draft):
    client = signed_in(cast.province_approver)
    assert at(draft, "change") not in text(client, at(draft))
    assert client.get(at(draft, "change")).status_code == 403
    assert client.post(at(draft, "change"), TYPED).status_code == 403


def test_discarding_needs_a_reason_and_ends_every_act(cast, signed_in, draft):
    client = signed_in(cast.province_officer)
    assert client.post(at(draft, "discard"), {"reason": ""}).status_code == 400
    client.post(at(draft, "discard"), {"reason": "另行研究"})
    page = text(client, at(draft))
    assert "另行研究" in page
    assert at(draft, "preview") not in page
    for act in ("change", "discard"):
        assert client.get(at(draft, act)).status_code == 409
    for act in ("change", "discard", "preview", "publish"):
        assert client.post(at(draft, act), TYPED | {"reason": "x"}).status_code in (403, 409)
