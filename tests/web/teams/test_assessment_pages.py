"""The pages of yearly assessments, as each role sees them."""

from datetime import date

import pytest
from django.urls import reverse

from teams.actions.assessing import give_points, open_assessment
from teams.actions.incentives import record_incentive
from teams.models import Assessment, Incentive
from teams.refusals import EntryRefused
from teams.rules.assessment import Assessor, Grade
from tests import factories as make
from tests.web.teams.assessed import (
    YEAR,
    confirm,
    confirmed,
    graded,
    make_assessment,
    of,
    record_days,
    scored,
    serving,
)
from trail.errors import NotAllowed

pytestmark = pytest.mark.usefixtures("in_english")
LIST = f"/teams/assessments/?year={YEAR}"


def page_of(found: Assessment) -> str:
    return reverse("teams:assessment", args=[found.pk])


@pytest.fixture
def waiting(cast) -> Assessment:
    return make_assessment(cast)


def test_the_clerk_opens_everybodys_year_from_the_list(cast, signed_in):
    serving(0)
    client = signed_in(cast.county_clerk)
    text = client.get(LIST).text
    assert "1 person who served in 2025 is not assessed yet" in text
    assert "for one day of the year or more" in text
    answer = client.post(reverse("teams:assessments_open"), {"year": YEAR}, follow=True)
    assert "1 assessment is open now." in answer.text
    assert "not assessed yet" not in answer.text


def test_nobody_else_is_offered_that(cast, signed_in):
    serving(0)
    assert "Open them all" not in signed_in(cast.county_approver).get(LIST).text
    answer = signed_in(cast.county_approver).post(reverse("teams:assessments_open"))
    assert answer.status_code == 403


def test_the_clerk_opens_the_year_of_one_person_from_his_page(cast, signed_in):
    term = serving(0)
    client = signed_in(cast.county_clerk)
    path = reverse("teams:assess", args=[term.cadre.number])
    answer = client.post(path, {"year": str(YEAR)}, follow=True)
    assert f"Assessment of {term.cadre.name}, 2025" in answer.text
    again = client.post(path, {"year": str(YEAR)})
    assert (again.status_code, "has an open case already" in again.text) == (400, True)


def test_points_are_given_once_on_their_page(cast, signed_in, waiting):
    client = signed_in(cast.village_official)
    path = reverse("teams:points", args=[waiting.pk])
    answer = client.post(path, {"side": "village", "points": "88", "remark": "常入户"}, follow=True)
    assert "Your points are on record." in answer.text
    assert "88" in answer.text
    refused = client.get(path)
    assert (refused.status_code, "Nobody gives points twice" in refused.text) == (409, True)


def test_the_village_sees_the_points_of_others_once_it_gave_its_own(cast, signed_in, waiting):
    case = waiting.case_id
    give_points(case, side=Assessor.COUNTY, points=67, remark="", by=cast.county_clerk)
    client = signed_in(cast.village_official)
    text = client.get(page_of(waiting)).text
    assert "You see the points of the others once you gave your own." in text
    assert ">67" not in text
    assert "67.00" not in client.get(LIST).text
    give_points(case, side=Assessor.VILLAGE, points=80, by=cast.village_official)
    assert ">67" in client.get(page_of(waiting)).text


def test_the_list_says_whose_points_wait_for_me(cast, signed_in, waiting):
    client = signed_in(cast.township_reviewer)
    assert "waits for your points" in client.get(LIST).text
    give_points(waiting.case_id, side=Assessor.TOWNSHIP, points=80, by=cast.township_reviewer)
    assert "waits for your points" not in client.get(LIST).text


def test_the_township_records_the_poll_and_somebody_faster_is_not_overwritten(
    cast, signed_in, waiting
):
    client = signed_in(cast.township_reviewer)
    path = reverse("teams:poll", args=[waiting.pk])
    said = {"asked": "40", "satisfied": "36", "seen": ""}
    assert "36 of 40" in client.post(path, said, follow=True).text
    stale = client.post(path, said | {"satisfied": "30"})
    assert stale.status_code == 409
    assert 'value="30"' in stale.text
    assert "<td>30</td>" in stale.text
    assert 'value="40/36"' in stale.text
    assert (
        "30 of 40"
        in client.post(path, said | {"satisfied": "30", "seen": "40/36"}, follow=True).text
    )


def test_more_satisfied_than_asked_is_told_at_the_field(cast, signed_in, waiting):
    client = signed_in(cast.township_reviewer)
    path = reverse("teams:poll", args=[waiting.pk])
    answer = client.post(path, {"asked": "4", "satisfied": "5", "seen": ""})
    assert answer.status_code == 400
    assert "More villagers are satisfied than were asked." in answer.text


def test_the_page_tells_each_fact_and_what_it_shuts_out(cast, signed_in):
    case = scored(cast, serving(150, absent=2), satisfied=30)
    text = signed_in(cast.county_clerk).get(page_of(of(case))).text
    assert "Days absent without leave: 2. At most “basically competent”." in text
    assert "30 of 50 villagers are satisfied" in text
    assert "150 days in the village; 200 are wanted. At most “competent”." in text
    assert "93.00 points are enough" in text


def test_what_is_missing_before_a_grade_is_told(cast, signed_in, waiting):
    text = signed_in(cast.county_clerk).get(page_of(waiting)).text
    assert "Two sides at least must give points" in text
    assert "The villagers have not been asked yet." in text


def test_the_case_page_tells_the_same_and_takes_the_grade(cast, signed_in):
    case = scored(cast, serving())
    client = signed_in(cast.county_clerk)
    page = client.get(reverse("pages:case", args=[case.pk]))
    assert "The year and what follows from it" in page.text
    answer = client.post(
        reverse("pages:case_step", args=[case.pk, "grade"]),
        {"version": case.version, "grade": "2", "summary": "全年在岗", "note": ""},
        follow=True,
    )
    assert "Recorded: Propose the grade." in answer.text
    assert "Grade that the clerk proposed" in answer.text


def test_a_year_that_changed_since_is_told_to_the_approver(cast, signed_in):
    term = serving()
    case = graded(cast, term, Grade.COMPETENT)
    record_days(term, 0, absent=1, first=date(YEAR, 11, 1))
    client = signed_in(cast.county_approver)
    text = client.get(reverse("pages:case", args=[case.pk])).text
    assert "The year looks different by now (Days absent without leave, Proposed grade)" in text
    answer = client.post(
        reverse("pages:case_step", args=[case.pk, "confirm"]), {"version": case.version}
    )
    assert (answer.status_code, "looks different by now" in answer.text) == (409, True)


def test_the_person_reads_his_own_once_it_is_confirmed_without_names_of_assessors(cast, signed_in):
    term = serving(account=cast.first_secretary)
    case = graded(cast, term, Grade.COMPETENT)
    client, path = signed_in(cast.first_secretary), page_of(of(case))
    assert client.get(path).status_code == 404
    assert "once the county has confirmed it" in client.get(LIST).text
    assert client.get(reverse("pages:case", args=[case.pk])).status_code == 404
    confirm(cast, case)
    text = client.get(path).text
    assert "competent" in text
    assert "93" in text
    assert cast.village_official.name not in text
    assert term.cadre.name in client.get(LIST).text
    assert client.get(reverse("pages:case", args=[case.pk])).status_code == 404


def test_whoever_is_assessed_finds_his_case_nowhere_even_as_clerk(cast, signed_in):
    case = make.make_term(make.make_cadre(account=cast.village_official))
    own = open_assessment(case.cadre, YEAR, by=cast.county_clerk)
    client = signed_in(cast.village_official)
    assert client.get(reverse("pages:case", args=[own.pk])).status_code == 404
    assert client.get(page_of(of(own))).status_code == 404
    assert client.get(reverse("teams:points", args=[of(own).pk])).status_code == 404


def test_a_colleague_in_the_team_reads_nothing(cast, signed_in, waiting):
    client = signed_in(cast.first_secretary)
    assert client.get(page_of(waiting)).status_code == 404
    assert client.get(reverse("pages:case", args=[waiting.case_id])).status_code == 404
    assert waiting.cadre.name not in client.get(LIST).text


def test_the_province_reads_how_many_got_which_grade_but_no_names(cast, signed_in):
    term = make.make_term()
    confirmed(term, Grade.EXCELLENT)
    client = signed_in(cast.province_officer)
    text = client.get(f"{LIST}&division={make.COUNTY}").text
    assert "1 with a confirmed grade" in text
    assert term.cadre.name not in text
    for role in ("helper", "reader", "account_admin"):
        assert signed_in(getattr(cast, role)).get(LIST).status_code == 403


def test_the_list_narrows_by_state_and_grade(cast, signed_in, waiting):
    term = make.make_term()
    confirmed(term, Grade.BASIC)
    client = signed_in(cast.county_clerk)

    def names(query: str) -> list[str]:
        page = client.get(LIST + query).context["page"]
        return [line.assessment.cadre.name for line in page.lines]

    assert names("") == [waiting.cadre.name, term.cadre.name]
    assert names("&state=scoring") == [waiting.cadre.name]
    assert names("&grade=3") == [term.cadre.name]
    assert names("&grade=1") == []


def test_the_distribution_stands_as_bars_and_as_a_table(cast, signed_in):
    for grade in (Grade.COMPETENT, Grade.COMPETENT, Grade.INCOMPETENT):
        term = make.make_term()
        confirmed(term, grade)
    page = signed_in(cast.county_clerk).get(LIST)
    numbers = [number for _name, number in page.context["grades"]]
    assert numbers == [0, 2, 0, 1]
    assert 'aria-describedby="grades-table"' in page.text
    assert 'id="grades-table"' in page.text


def test_the_quota_is_shown(cast, signed_in):
    for _number in range(5):
        term = make.make_term()
        confirmed(term, Grade.COMPETENT)
    confirmed(term, Grade.EXCELLENT, year=YEAR - 1)
    text = signed_in(cast.county_clerk).get(LIST).text
    assert "0 / 1" in text
    assert "20 % of 5 people, rounded down" in text


def test_the_list_costs_the_same_queries_for_few_and_many(
    cast, signed_in, django_assert_max_num_queries
):
    for _number in range(12):
        make.make_term()
    signed_in(cast.county_clerk).post(reverse("teams:assessments_open"), {"year": YEAR})
    client = signed_in(cast.county_approver)
    client.get(LIST)
    with django_assert_max_num_queries(24):
        client.get(LIST)


def test_who_failed_can_be_recalled_from_the_page(cast, signed_in):
    term = serving(absent=3)
    case = graded(cast, term, Grade.INCOMPETENT)
    confirm(cast, case)
    text = signed_in(cast.county_clerk).get(page_of(of(case))).text
    assert "Must be recalled and replaced by" in text
    assert reverse("teams:term_end", args=[term.pk]) in text
    assert "Recall now" not in signed_in(cast.county_approver).get(page_of(of(case))).text


def test_an_incentive_is_recorded_with_its_day_and_text(cast, signed_in):
    cadre = make.make_cadre()
    client = signed_in(cast.county_clerk)
    path = reverse("teams:incentive", args=[cadre.number])
    said = {"kind": "commendation", "given_on": "2025-12-20", "text": "县委通报表扬"}
    assert client.post(path, said).status_code == 302
    found = Incentive.objects.get(cadre=cadre)
    assert (found.kind, found.given_on, found.text) == (
        "commendation",
        date(2025, 12, 20),
        "县委通报表扬",
    )


def test_no_incentive_lies_in_the_future_or_is_ones_own(cast):
    said = {"kind": "promotion", "text": "提拔", "by": cast.county_clerk}
    with pytest.raises(EntryRefused):
        record_incentive(make.make_cadre(), given_on=date(2999, 1, 1), **said)
    own = make.make_cadre(account=cast.county_clerk)
    with pytest.raises(NotAllowed):
        record_incentive(own, given_on=date(2025, 1, 1), **said)


def test_nobody_who_does_not_follow_a_case_opens_its_photos(cast, signed_in, waiting):
    path = reverse("pages:evidence", args=["case", waiting.case_id])
    assert signed_in(cast.first_secretary).get(path).status_code == 404
    assert signed_in(cast.village_official).get(path).status_code == 200
