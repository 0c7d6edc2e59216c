"""From the first page to the number of the household, and what refuses it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from households.entry.drafts import content_of, open_draft, open_update
from households.models import Draft, Household
from tests import factories as make
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ADULT = date(1970, 5, 6)
GUARANTEES = ("food", "clothing", "education", "medical", "housing", "water")
KINDS = (
    "wage_income", "business_income", "property_income", "transfer_income", "business_expense",
)  # fmt: skip


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


@pytest.fixture
def draft(cast):
    head = {"name": "陈大山", "id_number": make.make_id_number(born=ADULT)}
    return open_draft(make.VILLAGE, by=cast.village_official, year=2019, head=head, group="一组")


def url(draft: Draft, page: str) -> str:
    return reverse(f"registering:{page}", args=[draft.uuid])


def fill(client, draft: Draft, step: str, **values: str) -> None:
    version = content_of(Draft.everywhere.get(pk=draft.pk)).step(step).version
    answer = client.post(
        reverse("registering:step", args=[draft.uuid, step]), {"version": version, **values}
    )
    assert answer.status_code == 302, answer.content.decode()


def fill_consent(client, draft: Draft) -> None:
    fill(client, draft, "consent", consent_on="2019-06-01", way="slip", signer="陈大山")


def submit(client, draft: Draft):
    version = Draft.everywhere.get(pk=draft.pk).version
    return client.post(url(draft, "check"), {"version": version})


def test_a_household_is_registered_and_the_next_one_keeps_the_group(client, draft):
    fill_consent(client, draft)
    answer = submit(client, draft)
    assert answer.url == url(draft, "done")
    page = client.get(answer.url).content.decode()
    household = Household.everywhere.get()
    assert household.number in page
    assert household.group == "一组"
    begin = f"{reverse('registering:start')}?after={draft.uuid}"
    assert begin in page
    client.post(begin, {"id_number": make.make_id_number(), "name": "李四", "year": "2026"})
    assert Draft.everywhere.latest("pk").group == "一组"


def test_an_application_opens_its_identification_which_the_last_page_names(client, draft):
    fill(
        client, draft, "consent", consent_on="2019-06-01", way="slip", signer="陈大山",
        applies="1", applied_on="2019-06-01", applicant="head",
    )  # fmt: skip
    submit(client, draft)
    case = Case.everywhere.get()
    assert case.subject == Household.everywhere.get().number
    page = client.get(url(draft, "done")).content.decode()
    assert reverse("pages:case", args=[case.pk]) in page
    assert page.count("another officer than you") == 2  # the visit, and the appraisal


def test_the_photo_of_the_signature_is_added_after_the_step_is_saved(client, draft):
    step = reverse("registering:step", args=[draft.uuid, "consent"])
    answer = client.post(step, {"version": 0, "signer": "陈大山", "act": "photo-consent"})
    assert answer.url.startswith(reverse("pages:evidence", args=["draft", draft.uuid]))
    assert content_of(Draft.everywhere.get()).step("consent").values == {"signer": "陈大山"}


def test_a_refused_application_saves_nothing(client, household, update):
    fill(
        client, update, "consent", consent_on="2019-06-01", way="slip", signer="陈大山",
        applies="1", applied_on="2019-06-01", applicant="head",
    )  # fmt: skip
    answer = submit(client, update)
    assert answer.status_code == 409
    assert "on the register" in answer.content.decode()
    assert Draft.everywhere.get().submitted_at is None
    assert not Case.everywhere.exists()


def test_the_check_page_computes_and_explains_the_finding(client, draft):
    amounts = dict.fromkeys(KINDS, "0") | {"wage_income": "9000"}
    number = content_of(draft).head["id_number"]
    fill(client, draft, "members", **{
        "0-name": "陈大山", "0-relation": "01", "0-id_number": number,
        "1-name": "李四", "1-relation": "02", "1-id_number": make.make_id_number(),
    })  # fmt: skip
    fill(client, draft, "incomes", **amounts)
    fill(client, draft, "living", **dict.fromkeys(GUARANTEES, "1"))
    page = client.get(url(draft, "check")).content.decode()
    assert "9,000.00" in page
    assert "4,500.00" in page
    assert "above the" in page
    assert number not in page


def test_what_must_be_corrected_refuses_the_submission_and_leads_to_the_step(client, draft):
    answer = submit(client, draft)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert reverse("registering:step", args=[draft.uuid, "consent"]) in page
    assert not Household.everywhere.exists()


def test_a_draft_that_somebody_saved_after_the_check_is_checked_again(
    client, signed_in, cast, draft
):
    fill_consent(client, draft)
    seen = Draft.everywhere.get(pk=draft.pk).version
    fill(signed_in(cast.first_secretary), draft, "household", group="二组")
    answer = client.post(url(draft, "check"), {"version": seen})
    assert answer.status_code == 409
    assert "Check it again" in answer.content.decode()
    assert not Household.everywhere.exists()


@pytest.fixture
def update(cast, household):
    return open_update(household, by=cast.village_official, year=2020)


def test_an_update_shows_known_numbers_masked_and_keeps_them_when_blank(client, cast, household):
    answer = client.post(reverse("registering:update", args=[household.number]))
    draft = Draft.everywhere.get()
    assert answer.url == url(draft, "tasks")
    members = reverse("registering:step", args=[draft.uuid, "members"])
    page = client.get(members).content.decode()
    assert "********" in page
    assert "data-new-row" not in page
    assert reverse("pages:household", args=[household.number]) in page
    rows = content_of(draft).step("members").rows
    sent = {f"{n}-{name}": text for n, row in enumerate(rows) for name, text in row.items()}
    before = [*household.members.order_by("id").values_list("id_blind", flat=True)]
    fill(client, draft, "members", **sent)
    fill_consent(client, draft)
    assert submit(client, draft).status_code == 302
    after = [*household.members.order_by("id").values_list("id_blind", flat=True)]
    assert before == after


def test_nobody_is_added_to_a_known_household_here(client, update):
    rows = content_of(update).step("members").rows
    sent = {f"{n}-{name}": text for n, row in enumerate(rows) for name, text in row.items()}
    extra = {"9-name": "王五", "9-relation": "99", "9-id_number": make.make_id_number()}
    fill(client, update, "members", **sent | extra)
    names = [row["name"] for row in content_of(Draft.everywhere.get()).step("members").rows]
    assert "王五" not in names


def test_a_household_that_changed_meanwhile_is_compared_before_it_is_submitted(
    client, household, update
):
    fill_consent(client, update)
    household.version += 1
    household.save(update_fields=["version"])
    answer = submit(client, update)
    assert answer.status_code == 409
    assert "The household changed meanwhile" in answer.content.decode()
    assert client.post(url(update, "go_on")).url == url(update, "check")
    assert submit(client, update).url == url(update, "done")


def test_the_last_years_figures_stand_beside(client, household, update):
    make.make_survey(household, 2018, wage_income=Decimal("4321"))
    step = reverse("registering:step", args=[update.uuid, "incomes"])
    assert client.get(step).status_code == 200


def test_a_submitted_draft_leads_to_its_end(client, draft):
    fill_consent(client, draft)
    submit(client, draft)
    for page in ("tasks", "check", "discard"):
        answer = client.get(url(draft, page), follow=True)
        assert answer.redirect_chain[-1][0] == url(draft, "done")
