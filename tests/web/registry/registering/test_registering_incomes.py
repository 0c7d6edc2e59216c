"""Step 3, incomes: lines by kind, what they add up to, and last year beside it."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from households.entry.content import StepContent
from households.entry.drafts import content_of, open_draft, open_update
from households.models import Draft
from households.rules import State
from registry.pages.registering.forms.base import Work
from registry.pages.registering.forms.incomes import IncomesForm
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = 2019


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


@pytest.fixture
def draft(cast) -> Draft:
    head = {"name": "陈大山", "id_number": make.make_id_number()}
    return open_draft(make.VILLAGE, by=cast.village_official, year=YEAR, head=head)


def url(draft: Draft) -> str:
    return reverse("registering:step", args=[draft.uuid, "incomes"])


def form_of(*rows: dict[str, str], values: dict[str, str] | None = None, **work) -> IncomesForm:
    made = Work(make.VILLAGE, YEAR, date(2019, 11, 1), **work)
    return IncomesForm(made, StepContent(1, values or {}, rows))


def line(kind: str, item: str, **more: str) -> dict[str, str]:
    return {"kind": kind, "item": item, **more}


def test_a_line_is_kept_as_typed(client, draft):
    sent = {
        "0-kind": "wage_income",
        "0-item": "wage_away",
        "0-quantity": "8",
        "0-unit_price": "2600",
        "version": "0",
        "act": "tasks",
    }
    client.post(url(draft), sent)
    kept = content_of(Draft.everywhere.get()).step("incomes")
    assert kept.rows == (
        {"kind": "wage_income", "item": "wage_away", "quantity": "8", "unit_price": "2600"},
    )


def test_a_line_that_says_nothing_is_not_kept(client, draft):
    sent = {"0-kind": "wage_income", "0-item": "", "version": "0", "act": "tasks"}
    client.post(url(draft), sent | {"none_property_income": "1"})
    assert content_of(Draft.everywhere.get()).step("incomes").rows == ()


def test_the_worked_example_of_the_field_adds_up():
    form = form_of(
        line("wage_income", "wage_away", quantity="8", unit_price="2600"),
        line("business_income", "other_business", amount="9600"),
        line("property_income", "land_rent", amount="1200"),
        line("property_income", "solar", amount="600"),
        line("transfer_income", "allowance", amount="4320"),
        line("transfer_income", "pension", amount="1236"),
        line("transfer_income", "ecology", amount="260"),
        line("transfer_income", "other_transfer", amount="480"),
        line("business_expense", "inputs", amount="3900"),
        line_fen=321_800,
    )
    assert form.figures["transfer_income"] == 629_600
    assert (form.totals.gross, form.totals.net) == (3_849_600, 3_459_600)


def test_a_coefficient_of_the_item_is_taken():
    form = form_of(
        line("business_income", "maize", quantity="1000", unit_price="2.40"),
        coefficients={"maize": 49},
    )
    assert form.figures["business_income"] == 117_600


def test_a_kind_said_to_be_none_is_zero_and_an_untouched_one_unknown():
    form = form_of(values={"none_property_income": "1"})
    assert form.figures["property_income"] == 0
    assert form.figures["wage_income"] is None
    assert form.totals.net is None


def test_what_cannot_be_read_counts_for_nothing_and_stays():
    form = form_of(line("wage_income", "wage_near", amount="about 300"))
    assert form.figures["wage_income"] is None
    assert form.rows[0]["amount"].value() == "about 300"


def test_each_kind_without_lines_offers_one(client, draft):
    page = client.get(url(draft)).text
    assert page.count("data-line>") == 5 * 2  # one shown, one in the pattern for the script


def test_without_scripts_a_button_adds_a_line(client, draft):
    sent = {"0-kind": "wage_income", "0-item": "wage_near", "0-amount": "90", "version": "0"}
    answer = client.post(url(draft), sent | {"act": "add-wage_income"})
    assert answer.url == f"{url(draft)}?add=wage_income#wage_income-title"
    page = client.get(answer.url).text
    assert 'name="1-item"' in page


def test_a_wrong_amount_is_told_at_its_line(client, draft):
    sent = {"0-kind": "wage_income", "0-item": "wage_near", "0-amount": "9o", "version": "0"}
    answer = client.post(url(draft), sent | {"act": "on"})
    assert answer.status_code == 400
    assert 'id="id_0-amount_error"' in answer.text
    assert 'value="9o"' in answer.text


def test_an_item_of_another_kind_is_refused(client, draft):
    sent = {"0-kind": "wage_income", "0-item": "pension", "0-amount": "90", "version": "0"}
    assert client.post(url(draft), sent | {"act": "on"}).status_code == 400


@pytest.fixture
def update(cast) -> Draft:
    household = make.make_household(state=State.POOR)
    make.make_survey(household, YEAR - 1, wage_income=Decimal(8000))
    return open_update(household, by=cast.village_official, year=YEAR)


def test_last_year_stands_beside_each_kind(client, update):
    page = client.get(url(update)).text
    assert "8,000.00" in page


def test_a_jump_asks_for_its_reason_at_the_field(client, update):
    sent = {"0-kind": "wage_income", "0-item": "wage_near", "0-amount": "12000", "version": "0"}
    answer = client.post(url(update), sent | {"act": "on"})
    assert answer.status_code == 400
    assert 'id="id_reason_wage_income_error"' in answer.text
    assert "It changed by 50 %" in answer.text


def test_a_smaller_change_asks_for_nothing(client, update):
    sent = {"0-kind": "wage_income", "0-item": "wage_near", "0-amount": "11999.99", "version": "0"}
    assert client.post(url(update), sent | {"act": "on"}).status_code == 302


def test_the_reason_that_was_written_stays(client, update):
    sent = {"0-kind": "wage_income", "0-item": "wage_near", "0-amount": "12000", "version": "0"}
    answer = client.post(url(update), sent | {"reason_wage_income": "长子外出务工", "act": "on"})
    assert answer.status_code == 302
    assert "长子外出务工" in client.get(url(update)).text


MAIZE = {
    "0-kind": "business_income",
    "0-item": "maize",
    "0-quantity": "1000",
    "0-unit_price": "2.40",
    "0-coefficient_percent": "40",
    "0-amount": "960.00",
    "version": "0",
    "act": "on",
}


def test_a_line_is_saved_again_under_the_coefficient_that_it_was_worked_out_by(client, draft):
    assert client.post(url(draft), MAIZE).status_code == 302
    page = client.get(url(draft)).text
    assert re.search(r'type="hidden" name="0-coefficient_percent" value="40"', page)
    assert client.post(url(draft), MAIZE | {"version": "1"}).status_code == 302


def test_a_corrected_quantity_works_the_amount_out_again(client, draft):
    client.post(url(draft), MAIZE)
    answer = client.post(url(draft), MAIZE | {"0-quantity": "2000", "version": "1"})
    assert answer.status_code == 302
    assert "amount" not in content_of(Draft.everywhere.get()).step("incomes").rows[0]


def test_another_item_has_another_coefficient(client, draft):
    client.post(url(draft), MAIZE)
    client.post(url(draft), MAIZE | {"0-item": "wheat", "version": "1"})
    (row,) = content_of(Draft.everywhere.get()).step("incomes").rows
    assert "coefficient_percent" not in row


def test_none_and_some_of_a_kind_is_told_at_the_tick(client, draft):
    sent = {"0-kind": "wage_income", "0-item": "wage_near", "0-amount": "90", "version": "0"}
    answer = client.post(url(draft), sent | {"none_wage_income": "1", "act": "on"})
    assert answer.status_code == 400
    assert "take the tick away" in answer.text


def test_a_sum_that_no_survey_holds_is_told_at_its_line(client, draft):
    sent = {
        f"{place}-{name}": value
        for place in range(2)
        for name, value in line("wage_income", "wage_near", amount="99999999.99").items()
    }
    answer = client.post(url(draft), sent | {"version": "0", "act": "on"})
    assert 'id="id_1-amount_error"' in answer.text


def test_a_year_further_back_is_shown_and_asks_for_no_reason(cast, client):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, YEAR - 2, wage_income=Decimal(8000))
    update = open_update(household, by=cast.village_official, year=YEAR)
    sent = {"0-kind": "wage_income", "0-item": "wage_near", "0-amount": "20000", "version": "0"}
    assert client.post(url(update), sent | {"act": "on"}).status_code == 302
    page = client.get(url(update)).text
    assert "8,000.00" in page
    assert "It changed by" not in page


def test_the_distance_to_the_line_is_said_in_words(client, draft):
    sent = {"none_business_income": "1", "none_property_income": "1", "none_business_expense": "1"}
    sent |= {"none_transfer_income": "1", "wage_income": "1000", "version": "0", "act": "tasks"}
    client.post(url(draft), sent)
    assert re.search(r"2,218.00\s+short of the line", client.get(url(draft)).text)
