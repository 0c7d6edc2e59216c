"""The pages of standards: who reads and does what, and what a preview shows."""

import gzip
from decimal import Decimal

import pytest
from django.urls import reverse

from divisions.models import Division
from households.models import Standard
from households.rules import GUARANTEES, State
from officers.rules import Role
from reviews.actions.chunks import drive
from reviews.actions.standards import (
    change_standard,
    discard_standard,
    prepare_standard,
    preview_standard,
    publish_standard,
)
from reviews.models import Review
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from tests.web.reviews.standards import HIGHER, LIST, TYPED, at, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

READERS = [
    "township_reviewer", "county_clerk", "county_approver", "city_reviewer", "province_officer",
    "province_approver", "auditor",
]  # fmt: skip


@pytest.fixture
def previewed(cast, draft, household_of) -> Standard:
    """The draft after a preview: of eleven households of one village six would be watched."""
    for _ in range(6):
        household_of(State.EXITED, Decimal(5500))
    for _ in range(5):
        household_of(State.ORDINARY, POOR_INCOME)
    preview(cast, draft)
    return draft


@pytest.fixture
def published(cast, previewed) -> Standard:
    return publish_standard(previewed.pk, by=cast.province_approver)


def preview(cast, draft: Standard) -> None:
    for run in preview_standard(draft.pk, by=cast.province_officer).runs:
        drive(run.pk)


@pytest.mark.parametrize("part", READERS)
def test_who_reads_reviews_reads_what_holds_and_finds_it_in_the_menu(cast, signed_in, part):
    client = signed_in(getattr(cast, part))
    assert "3,218.00" in text(client, LIST)
    assert f'href="{LIST}"' in text(client, "/")


@pytest.mark.parametrize("part", ["village_official", "first_secretary", "helper", "reader"])
def test_who_does_not_work_with_reviews_is_refused(cast, signed_in, part):
    client = signed_in(getattr(cast, part))
    national = Standard.objects.holding("0", 2019).first()
    assert client.get(LIST).status_code == 403
    assert client.get(at(national)).status_code == 403
    assert f'href="{LIST}"' not in client.get("/").content.decode()


def test_the_list_costs_as_many_queries_for_many_drafts_as_for_one(
    cast, signed_in, draft, django_assert_num_queries
):
    client = signed_in(cast.province_officer)
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST)
    for _ in range(3):
        prepare_standard(HIGHER, by=cast.province_officer)
    with django_assert_num_queries(9):
        client.get(LIST)


def test_the_list_says_how_far_each_draft_is(cast, signed_in, draft, household):
    client = signed_in(cast.province_approver)
    assert "not previewed" in text(client, LIST)
    runs = preview_standard(draft.pk, by=cast.province_officer).runs
    assert "preview under way" in text(client, LIST)
    for run in runs:
        drive(run.pk)
    page = text(client, LIST)
    assert "previewed" in page
    assert "not previewed" not in page


def test_the_nations_standard_is_named_overruled_where_the_province_has_its_own(
    cast, signed_in, published
):
    page = signed_in(cast.county_clerk).get(LIST)
    overruled = [
        (one.standard.year, one.standard.division_id) for one in page.context["held"]
        if one.overruled
    ]  # fmt: skip
    assert overruled == [(2019, "0")]
    assert "Your province has its own." in page.content.decode()


def test_a_county_finds_no_draft_and_no_trace_of_one(cast, signed_in, draft):
    client = signed_in(cast.county_clerk)
    assert HIGHER.source not in text(client, LIST)
    assert HIGHER.source not in text(client, f"{LIST}?year=2019")
    assert client.get(at(draft)).status_code == 404


@pytest.mark.parametrize("role", [Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER])
def test_another_province_finds_neither_draft_nor_published_standard(
    cast, signed_in, published, role
):
    Division.objects.create(code="98", level=1, name="邻省", parent_id="0")
    draft = prepare_standard(HIGHER, by=cast.province_officer)
    client = signed_in(make.make_officer(role, "98", home_id=make.COUNTY))
    for standard in (published, draft):
        for act in ("standard", "change", "discard", "progress"):
            assert client.get(at(standard, act)).status_code == 404, act
        for act in ("change", "discard", "preview", "publish"):
            assert client.post(at(standard, act)).status_code == 404, act
    assert HIGHER.source not in text(client, LIST)


def test_the_year_keeps_what_was_changed_and_what_was_discarded_with_the_reason(
    cast, signed_in, draft
):
    changed = change_standard(draft.pk, HIGHER, by=cast.province_officer)
    discard_standard(changed.pk, reason="另行研究", by=cast.province_approver)
    page = text(signed_in(cast.province_officer), f"{LIST}?year=2019")
    assert page.count("set aside</span>") == 2
    assert "Replaced by a changed draft" in page
    assert "Reason: 另行研究" in page
    assert f"Set aside by {cast.province_approver.name}" in page


def test_a_year_without_anything_says_so(cast, signed_in):
    client = signed_in(cast.county_clerk)
    assert "No standard has been published" in text(client, f"{LIST}?year=1999")


def test_an_auditor_of_the_province_reads_a_draft_without_its_acts(cast, signed_in, draft):
    client = signed_in(make.make_officer(Role.AUDITOR, make.PROVINCE, home_id=make.COUNTY))
    page = text(client, at(draft))
    assert not any(at(draft, act) in page for act in ("change", "discard", "preview", "publish"))
    assert client.get(at(draft, "discard")).status_code == 403


def test_a_preview_begins_two_dry_runs_and_shows_how_far_they_are(
    cast, signed_in, draft, household
):
    client = signed_in(cast.province_officer)
    assert client.post(at(draft, "preview")).headers["Location"] == at(draft)
    assert Review.everywhere.filter(dry_run=True, root_id=make.PROVINCE).count() == 2
    page = text(client, at(draft))
    assert page.count("<progress") == 2
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "HX-Refresh" not in client.get(at(draft, "progress")).headers
    for run in Review.everywhere.all():
        drive(run.pk)
    assert client.get(at(draft, "progress")).headers["HX-Refresh"] == "true"


def test_a_province_without_surveys_is_told_what_to_do(cast, signed_in, draft):
    answer = signed_in(cast.province_officer).post(at(draft, "preview"))
    assert answer.status_code == 409
    assert "Import surveys first." in answer.content.decode()


def test_the_effect_is_told_in_a_sentence_by_kind_and_by_county(cast, signed_in, previewed):
    answer = signed_in(cast.province_officer).get(at(previewed))
    page = answer.content.decode()
    assert "Of 11 households, 6 would get another proposal: 6 of 11 persons." in page
    assert [(str(one.division.pk), one.households, one.changed, one.length)
            for one in answer.context["parts"]] == [(make.COUNTY, "11", "6", 100)]  # fmt: skip


def test_few_changes_are_hidden_from_the_province_everywhere(cast, signed_in, draft, household_of):
    household_of(State.EXITED, Decimal(5500))
    for _ in range(6):
        household_of(State.ORDINARY, POOR_INCOME)
    preview(cast, draft)
    answer = signed_in(cast.province_officer).get(at(draft))
    assert [one.changed for one in answer.context["parts"]] == ["<5"]
    assert "Of 7 households, &lt;5 would get another proposal" in answer.content.decode()


def test_a_draft_that_changes_nothing_says_so(cast, signed_in, draft, household_of):
    household_of(State.POOR, POOR_INCOME)
    preview(cast, draft)
    page = text(signed_in(cast.province_officer), at(draft))
    assert "No household would get another proposal." in page


def test_a_preview_on_changed_facts_is_not_shown(cast, signed_in, previewed):
    household = type(make.make_household()).everywhere.filter(state=State.EXITED).first()
    type(household).everywhere.filter(pk=household.pk).update(village=make.NEXT_VILLAGE)
    preview(cast, previewed)
    answer = signed_in(cast.province_officer).get(at(previewed))
    assert answer.context["effect"] is None
    assert "cannot be held against each other" in answer.content.decode()
    assert at(previewed, "preview") in answer.content.decode()


def test_the_page_says_which_facts_were_judged_when_the_year_has_none(
    cast, signed_in, household_of
):
    household_of(State.POOR, GOOD_INCOME)
    draft = prepare_standard(
        type(HIGHER)(2021, Decimal(4500), Decimal(6000), GUARANTEES, "x"), by=cast.province_officer
    )
    preview(cast, draft)
    page = text(signed_in(cast.province_officer), at(draft))
    assert "No household is surveyed for 2021 yet" in page
    assert "the facts of 2019" in page


def test_a_county_reads_the_published_one_with_the_effect_on_its_own_part(
    cast, signed_in, published
):
    own, other = signed_in(cast.county_clerk), signed_in(cast.stranger)
    assert "Of 11 households, 6 would" in text(own, at(published))
    assert [one.division.pk for one in own.get(at(published)).context["parts"]] == [make.TOWNSHIP]
    assert "You see the part within your posting." in text(own, at(published))
    page = text(other, at(published))
    assert "Of 11 households" not in page
    assert other.get(at(published)).context["parts"] == []


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("province_officer", "The province approver of"),
        ("province_approver", "Have a preview made first."),
    ],
)
def test_the_page_says_why_a_draft_is_not_published(cast, signed_in, draft, part, sentence):
    client = signed_in(getattr(cast, part))
    page = text(client, at(draft))
    assert sentence in page
    assert at(draft, "publish") not in page
    assert client.post(at(draft, "publish")).status_code in (403, 409)
    assert Standard.objects.drafts().exists()


def test_the_approver_publishes_after_the_preview_and_the_page_keeps_the_record(
    cast, signed_in, previewed
):
    client = signed_in(cast.province_approver)
    assert at(previewed, "publish") in text(client, at(previewed))
    client.post(at(previewed, "publish"))
    previewed.refresh_from_db()
    page = text(client, at(previewed))
    assert f"published, no. {previewed.number}" in page
    assert previewed.content_hash in page
    assert cast.province_approver.name in page
    assert cast.province_officer.name in page
    assert "The preview that it was published after" in page


@pytest.mark.parametrize("act", ["change", "discard", "preview", "publish"])
def test_nothing_is_done_to_a_published_standard(cast, signed_in, published, act):
    part = cast.province_approver if act in ("publish", "discard") else cast.province_officer
    client = signed_in(part)
    answer = client.post(at(published, act), TYPED | {"reason": "x"})
    assert answer.status_code == 409
    assert at(published, act) not in text(client, at(published))
    unchanged = Standard.objects.get(pk=published.pk)
    assert (unchanged.content_hash, unchanged.line) == (published.content_hash, HIGHER.line)


def test_a_review_leads_to_the_standard_that_it_rests_on(cast, signed_in, household_of, proposed):
    household_of(State.POOR, RISKY_INCOME)
    review = proposed()
    page = text(signed_in(cast.county_clerk), reverse("reviews:review", args=[review.pk]))
    assert at(review.standard) in page


def test_a_dry_run_under_a_draft_is_for_the_province_alone(cast, signed_in, previewed):
    run = Review.everywhere.get(standard=previewed)
    address = reverse("reviews:review", args=[run.pk])
    assert signed_in(cast.county_clerk).get(address).status_code == 404
    page = text(signed_in(cast.province_officer), reverse("reviews:review", args=[run.pk]))
    assert at(previewed) in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_light(cast, signed_in, previewed, settings, language):
    settings.LANGUAGE_CODE = language
    client = signed_in(cast.province_officer)
    for address in (LIST, f"{LIST}?year=2019", "/standards/prepare/", at(previewed)):
        assert len(gzip.compress(client.get(address).content)) < 20_000, address
