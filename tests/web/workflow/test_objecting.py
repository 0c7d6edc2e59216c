"""Who records and who resolves an objection: offered to nobody else, and refused to all others."""

from decimal import Decimal

import pytest
from django.urls import reverse

from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, open_for, wait_for_notice
from tests.unguarded import unguarded
from tests.web.exits import listed
from trail.dates import business_date
from trail.errors import NotAllowed
from workflow.actions import dismiss_objection, record_objection
from workflow.models import Case, Objection

PREPARED = ("plan", "appraise", "verify", "confirm", "post")


@pytest.fixture
def noticed(tree, cast, calendar) -> Case:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *PREPARED)
    return case


@pytest.fixture
def noticed_county(tree, cast, calendar) -> Case:
    listed.eligible_county(cast)
    case = listed.proposed_county(cast.county_clerk)
    listed.carry(case, cast, "review", "verify", "post")
    return case


def objected(case: Case, by) -> Objection:
    return record_objection(case.pk, by=by, received_on=business_date(), text="家中有小轿车")


def page(client, case: Case):
    return client.get(reverse("pages:case", args=[case.pk]))


def test_the_recorder_reads_for_whom_the_objection_waits(noticed, cast, signed_in):
    objected(noticed, cast.village_official)
    [heard] = page(signed_in(cast.village_official), noticed).context["view"].objections
    assert heard.reason
    [heard] = page(signed_in(cast.township_reviewer), noticed).context["view"].objections
    assert heard.reason == ""


@pytest.mark.parametrize("part", ["village_official", "auditor"])
def test_the_form_of_a_resolution_is_refused_before_it_is_filled_in(noticed, cast, signed_in, part):
    objection = objected(noticed, cast.village_official)
    target = reverse("pages:case_resolution", args=[noticed.pk, objection.pk])
    assert signed_in(getattr(cast, part)).get(target).status_code == 403


def test_a_resolved_objection_is_not_opened_again(noticed, cast, signed_in):
    objection = objected(noticed, cast.village_official)
    dismiss_objection(objection.pk, by=cast.township_reviewer, finding="车已报废")
    target = reverse("pages:case_resolution", args=[noticed.pk, objection.pk])
    assert signed_in(cast.county_approver).get(target).status_code == 409


def test_who_records_no_objections_is_not_asked_for_one(noticed, cast, signed_in):
    assert page(signed_in(cast.village_official), noticed).context["view"].heard_until
    assert page(signed_in(cast.auditor), noticed).context["view"].heard_until is None
    target = reverse("pages:case_objection", args=[noticed.pk])
    assert signed_in(cast.auditor).get(target).status_code == 403


def test_who_proposed_a_village_does_not_resolve_what_is_said_against_it(
    tree, cast, calendar, signed_in
):
    listed.ready_village()
    case = listed.proposed(cast.township_reviewer)
    listed.carry(case, cast, "verify", "post")
    objection = objected(case, cast.village_official)
    with pytest.raises(NotAllowed):
        dismiss_objection(objection.pk, by=cast.township_reviewer, finding="不属实")
    assert page(signed_in(cast.township_reviewer), case).context["view"].objections[0].reason
    dismiss_objection(objection.pk, by=cast.county_approver, finding="不属实")


def test_the_county_does_not_judge_what_is_said_against_its_own_exit(noticed_county, cast):
    objection = objected(noticed_county, cast.county_clerk)
    with pytest.raises(NotAllowed):
        dismiss_objection(objection.pk, by=cast.county_approver, finding="不属实")
    other = make.make_officer(Role.PROVINCE_OFFICER, make.PROVINCE)
    dismiss_objection(objection.pk, by=other, finding="已通水")


def test_the_officer_of_the_province_who_posted_a_county_does_not_either(
    noticed_county, cast, signed_in
):
    objected(noticed_county, cast.county_clerk)
    [heard] = page(signed_in(cast.province_officer), noticed_county).context["view"].objections
    assert heard.reason
    [heard] = page(signed_in(cast.province_approver), noticed_county).context["view"].objections
    assert heard.reason == ""


def test_who_verified_an_exit_reads_that_another_resolves_its_objection(
    noticed, cast, signed_in, in_english
):
    """On the page of the case and on that of the notice."""
    case = noticed
    officer = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    with unguarded():
        case.events.filter(step="verify").update(actor_id=officer.pk)
    objected(case, cast.village_official)
    why = "You prepared this case on"
    assert why in page(signed_in(officer), case).text
    notice = reverse("pages:notice", args=[case.notice_lines.get().notice_id])
    assert why in signed_in(officer).get(notice).text
    assert why not in signed_in(cast.township_reviewer).get(notice).text


def test_who_acts_on_a_county_reads_opinions_and_objections(noticed_county, cast, signed_in):
    """The reasons of a household's case stay hidden from the province."""
    objected(noticed_county, cast.city_reviewer)
    answer = page(signed_in(cast.province_approver), noticed_county)
    assert "家中有小轿车" in answer.text
    opinions = [value for entry in answer.context["view"].entries for _, value in entry.evidence]
    assert "村委会公示栏" in opinions


def test_the_province_prints_the_poster_that_it_posts(noticed_county, cast, signed_in):
    notice = noticed_county.notice_lines.get().notice
    client = signed_in(cast.province_officer)
    target = reverse("pages:notice_poster", args=[notice.pk])
    assert target in client.get(reverse("pages:notice", args=[notice.pk])).text
    poster = client.get(target).text
    assert noticed_county.division.name in poster
    assert "异议请向市、省扶贫办反映" in poster
    assert "10,000" in poster


def test_the_province_takes_down_what_it_posted(noticed_county, cast, signed_in):
    notice = noticed_county.notice_lines.get().notice
    wait_for_notice(noticed_county)
    target = reverse("pages:notice_down", args=[notice.pk])
    answer = signed_in(cast.province_officer).post(target, {"on": business_date()})
    notice.refresh_from_db()
    assert (answer.status_code, notice.taken_down_on) == (302, business_date())
