"""The list of frozen years, and freezing one: what is not ready is read before."""

import pytest

from divisions.models import Division
from households.actions.corrections import propose_correction
from households.actions.freezing import freeze_year
from households.models import Standard, Survey, YearFreeze
from households.models.batches import BatchState
from households.rules import GUARANTEES, MONEY, Kind, State
from officers.rules import Role
from reviews.actions.accepting import accept_proposals
from reviews.models import Proposal
from tests import factories as make
from trail.dates import business_date

pytestmark = pytest.mark.django_db
LIST, NEW = "/freezes/", "/freezes/new/"
LIST_QUERIES = 17


def freeze(by, code=make.COUNTY, year=2019) -> YearFreeze:
    return freeze_year(Division.objects.get(pk=code), year=year, reason="核对无误", by=by)


def act(code=make.COUNTY, year=2019) -> str:
    return f"{NEW}?year={year}&division={code}"


@pytest.fixture
def approver(cast, signed_in, in_english):
    return signed_in(cast.county_approver)


@pytest.mark.parametrize(
    "part",
    ["village_official", "first_secretary", "township_reviewer", "county_clerk", "county_approver",
     "city_reviewer", "province_officer", "province_approver", "reader", "auditor"],
)  # fmt: skip
def test_who_reads_the_register_reads_what_is_frozen_within_and_over_his_posting(
    cast, signed_in, part
):
    freeze(cast.county_approver)
    freeze(cast.province_approver, make.PROVINCE, 2018)
    make_elsewhere = make.make_officer(Role.COUNTY_APPROVER, make.OTHER_CITY_COUNTY)
    freeze(make_elsewhere, make.OTHER_CITY_COUNTY)
    rows = signed_in(getattr(cast, part)).get(LIST).context["rows"]
    seen = {(one.division_id, one.year) for one, _place in rows}
    wide = part in ("province_officer", "province_approver")
    elsewhere = {(make.OTHER_CITY_COUNTY, 2019)} if wide else set()
    assert seen == {(make.COUNTY, 2019), (make.PROVINCE, 2018)} | elsewhere


def test_a_stranger_sees_nothing_of_it(cast, signed_in):
    freeze(cast.county_approver)
    assert signed_in(cast.stranger).get(LIST).context["rows"] == []


def test_the_list_says_who_froze_it_when_and_why(cast, approver):
    done = freeze(cast.county_approver)
    text = approver.get(LIST).content.decode()
    for said in (cast.county_approver.name, "核对无误", done.division.name, "2019"):
        assert said in text


@pytest.mark.parametrize("part", ["account_admin", "nobody"])
def test_a_role_without_households_is_told_so(cast, signed_in, part):
    assert signed_in(getattr(cast, part)).get(LIST).status_code == 403


@pytest.mark.parametrize(
    "part", ["village_official", "county_clerk", "province_officer", "auditor", "reader"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_are_told_who_freezes(cast, signed_in, part, method, in_english):
    client = signed_in(getattr(cast, part))
    answer = getattr(client, method)(act(), {"reason": "x"} if method == "post" else None)
    assert answer.status_code == 403
    assert "A county or province approver freezes" in answer.content.decode()
    assert "A county or province approver freezes" in client.get(LIST).content.decode()
    assert NEW not in client.get(LIST).content.decode()


def test_the_act_first_asks_for_year_and_place(cast, approver):
    page = approver.get(NEW)
    assert page.status_code == 200
    assert page.context["form"].initial["division"] == make.COUNTY


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"?year=2019&division={make.OTHER_COUNTY}", "division"),
        (f"?year=2019&division={make.PROVINCE}", "division"),
        ("?year=2019&division=", "division"),
        (f"?year=1999&division={make.COUNTY}", "year"),
        (f"?year=2013&division={make.COUNTY}", "year"),
        (f"?year=99999&division={make.COUNTY}", "year"),
        (f"?year=&division={make.COUNTY}", "year"),
    ],
)
def test_a_wrong_year_or_place_is_named_at_its_field(approver, query, field):
    for page in (approver.get(NEW + query), approver.post(NEW + query, {"reason": "x"})):
        assert page.status_code == 400
        assert field in page.context["form"].errors
    assert not YearFreeze.objects.exists()


def test_a_year_that_has_not_begun_cannot_be_chosen(approver):
    assert approver.get(act(year=business_date().year + 1)).status_code == 400


def test_before_the_act_the_page_says_that_it_cannot_be_undone(approver):
    assert "This cannot be undone" in approver.get(act()).content.decode()


def told(client, code=make.COUNTY, year=2019) -> list[str]:
    return client.get(act(code, year)).context["told"]


def test_households_without_survey_are_counted(cast, approver, household):
    make.make_household(state=State.EXITED)
    make.make_household(state=State.POOR)
    make.make_household(state=State.ORDINARY)
    make.make_household(make.OTHER_COUNTY_VILLAGE, state=State.POOR)
    assert any("2 households on the register or exited have no survey" in o for o in told(approver))


def test_few_missing_surveys_are_not_counted_for_a_role_without_names(
    cast, signed_in, in_english, household
):
    make.make_household(state=State.POOR)
    sentences = told(signed_in(cast.province_approver), make.PROVINCE)
    assert any("<5 households on the register" in one for one in sentences)


def test_a_year_without_review_is_told(approver, household):
    assert "No review of the year has been proposed here." in told(approver)


def test_a_review_that_is_not_committed_is_named(approver, household, proposed):
    review = proposed()
    [sentence] = told(approver)
    assert f"number {review.pk} of" in sentence


def test_a_committed_review_is_ready(approver, household, committed):
    committed()
    assert told(approver) == []
    assert "seen" not in approver.get(act()).context["form"].fields


def test_a_province_whose_counties_are_reviewed_in_part_is_told(
    cast, signed_in, in_english, household, committed
):
    committed()
    sentences = told(signed_in(cast.province_approver), make.PROVINCE)
    assert "The committed reviews of the year cover only parts of the place." in sentences


def test_only_years_with_a_published_standard_are_offered(approver):
    choices = approver.get(NEW).context["form"]["year"].field.choices
    held = Standard.objects.published().filter(year__lte=business_date().year)
    assert {year for year, _label in choices} == set(held.values_list("year", flat=True))


def test_proposals_of_a_committed_review_that_wait_are_told(
    cast, signed_in, in_english, household_of, committed
):
    for _ in range(2):
        household_of(State.POOR)
    household_of(State.ORDINARY)
    review = committed()
    [sentence] = told(signed_in(cast.county_approver))
    assert sentence.startswith("2 proposals of committed reviews of the year still wait")
    sentences = told(signed_in(cast.province_approver), make.PROVINCE)
    assert any(one.startswith("<5 proposals of committed reviews") for one in sentences)
    exits = Proposal.everywhere.filter(review=review, kind=Kind.EXIT)
    accept_proposals(review.pk, [one.pk for one in exits], by=cast.county_clerk)
    assert told(signed_in(cast.county_approver)) == []


def test_an_open_correction_is_told(cast, signed_in, in_english, household):
    freeze(cast.county_approver)
    survey = Survey.objects.get(household=household)
    figures = {name: getattr(survey, name) for name in (*MONEY, *GUARANTEES)} | {"water": None}
    propose_correction(
        household, year=2019, seen=survey.pk, figures=figures, reason="x", proof="y",
        by=cast.county_clerk,
    )  # fmt: skip
    sentences = told(signed_in(cast.province_approver), make.PROVINCE)
    assert any("correction" in one and "<5" in one for one in sentences)


@pytest.mark.parametrize("state", [BatchState.UPLOADED, BatchState.JUDGED, BatchState.CONFIRMED])
def test_an_import_that_is_not_saved_is_told(approver, household, state):
    make.make_batch(state=state)
    make.make_batch(state=BatchState.SAVED)
    make.make_batch(state=state, year=2018)
    assert any(one.startswith("1 import of the year") for one in told(approver))


def test_what_is_not_ready_must_be_confirmed_as_read(approver, household):
    page = approver.post(act(), {"reason": "核对无误"})
    assert page.status_code == 400
    assert list(page.context["form"].errors) == ["seen"]
    assert page.context["form"]["reason"].value() == "核对无误"
    assert not YearFreeze.objects.exists()


def test_the_approver_freezes_nevertheless(cast, approver, household):
    answer = approver.post(act(), {"reason": "核对无误", "seen": "on"}, follow=True)
    done = YearFreeze.objects.get()
    assert (done.division_id, done.year, done.frozen_by) == (
        make.COUNTY, 2019, cast.county_approver,
    )  # fmt: skip
    assert answer.redirect_chain == [(LIST, 302)]
    assert "The year 2019 is frozen for" in answer.content.decode()


def test_the_province_approver_freezes_a_county(cast, signed_in, household):
    client = signed_in(cast.province_approver)
    assert client.post(act(), {"reason": "x", "seen": "on"}).status_code == 302
    assert YearFreeze.objects.get().division_id == make.COUNTY


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_freeze_says_why(approver, household, reason):
    page = approver.post(act(), {"reason": reason, "seen": "on"})
    assert page.status_code == 400
    assert list(page.context["form"].errors) == ["reason"]
    assert not YearFreeze.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_year_that_is_frozen_already_names_who_and_when(cast, approver, household, method):
    freeze(cast.county_approver)
    page = getattr(approver, method)(act(make.TOWNSHIP), {"reason": "x", "seen": "on"})
    page = approver.get(act(make.TOWNSHIP)) if method == "get" else page
    assert page.status_code == 409
    assert cast.county_approver.name in page.content.decode()
    assert YearFreeze.objects.count() == 1


def test_the_list_says_what_of_the_last_unfrozen_year_is_not_ready(cast, signed_in, household):
    seen = signed_in(cast.county_clerk).get(LIST).context["unfrozen"]
    last = seen.year
    assert seen.place.pk == make.COUNTY
    assert seen.told
    freeze(cast.county_approver, make.COUNTY, last)
    assert signed_in(cast.county_clerk).get(LIST).context["unfrozen"].year == last - 1


@pytest.mark.parametrize(("part", "led"), [("county_clerk", True), ("reader", False)])
def test_whoever_reads_readiness_is_led_to_it(cast, signed_in, household, part, led):
    client = signed_in(getattr(cast, part))
    year = client.get(LIST).context["unfrozen"].year
    link = f"/reviews/readiness/?year={year}&amp;division={make.COUNTY}"
    assert (link in client.get(LIST).content.decode()) is led
    if led:
        assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_a_province_is_not_counted_on_every_visit(cast, signed_in, household):
    assert signed_in(cast.province_approver).get(LIST).context["unfrozen"].told is None


def test_the_list_costs_the_same_queries_for_any_number(
    cast, signed_in, household, django_assert_max_num_queries
):
    for year in range(2005, 2019):
        freeze(cast.county_approver, make.COUNTY, year)
    client = signed_in(cast.county_clerk)
    with django_assert_max_num_queries(LIST_QUERIES):
        client.get(LIST)


def test_in_chinese_the_act_says_that_it_cannot_be_undone(cast, signed_in, household):
    page = signed_in(cast.county_approver).get(act(), HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "不能撤销" in page.content.decode()
