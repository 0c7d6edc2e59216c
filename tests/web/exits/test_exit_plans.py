"""Exit plans: proposed, approved by another, set against what happened, with what stands out."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from exits.actions.exit_plans import Entry, approve_plan, plan_years, propose_plans
from exits.models import ExitPlan, ListedPlace
from exits.queries.exit_plans import plan_page, rolling
from exits.rules.plans import Mark
from officers.rules import Role
from teams.refusals import EntryRefused
from tests import factories as make
from tests.procedures import move_to
from tests.unguarded import unguarded
from tests.web.exits.decided import exited_elsewhere
from tests.web.exits.listed import exit_of_village
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.models import CaseEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
ABOUT = ExitPlan.About.HOUSEHOLDS


def propose(by, code=make.COUNTY, *, about=ABOUT, seen=0, reason="年度计划", **years):
    """Years as y0, y1 …: this one, the next; a pair is households and persons."""
    this = plan_years()[0]
    entries = {this + int(key[1:]): Entry(*value) for key, value in years.items()}
    return propose_plans(code, about, entries, reason=reason, seen=seen, by=by)


def held(code=make.COUNTY, year=2019, count=10, *, about=ABOUT, **fields):
    """A plan in force."""
    persons = {"persons": 3 * count} if about == ABOUT else {}
    people = [make.make_officer(Role.COUNTY_CLERK), make.make_officer(Role.COUNTY_APPROVER)]
    return ExitPlan.everywhere.create(
        division_id=code, year=year, about=about, count=count, reason="计划",
        proposed_by=people[0], approved_by=people[1],
        **{"approved_at": timezone.now()} | persons | fields,
    )  # fmt: skip


def exited(village=make.VILLAGE, count=1, year=2019, persons=2):
    for _number in range(count):
        exited_elsewhere(village, year=year, persons=persons)


class TestVersions:
    """Who writes a plan, and who puts it into force."""

    def test_a_rolling_plan_covers_several_years_at_once(self, cast):
        made = propose(cast.county_clerk, y0=(10, 30), y1=(20, 60), y4=(5, 15))
        assert [(one.year - made[0].year, one.count, one.version) for one in made] == [
            (0, 10, 1), (1, 20, 1), (4, 5, 1),
        ]  # fmt: skip
        assert Change.objects.filter(action="propose_exit_plan").count() == 3

    @pytest.mark.parametrize(
        ("proposer", "approver", "code"),
        [
            ("county_clerk", "county_approver", make.COUNTY),
            ("county_clerk", "county_approver", make.VILLAGE),
            ("province_officer", "province_approver", make.PROVINCE),
        ],
    )
    def test_one_office_proposes_and_another_one_approves(self, cast, proposer, approver, code):
        [plan] = propose(getattr(cast, proposer), code, y0=(10, 30))
        assert rolling(code, ABOUT)[0].holds is None
        approve_plan(plan.pk, by=getattr(cast, approver))
        [line] = rolling(code, ABOUT)
        assert (line.holds, line.waiting) == (plan, None)

    def test_in_a_city_a_second_reviewer_approves(self, cast):
        [plan] = propose(cast.city_reviewer, make.CITY, y0=(10, 30))
        with pytest.raises(NotAllowed, match="You proposed this version"):
            approve_plan(plan.pk, by=cast.city_reviewer)
        other = make.make_officer(Role.CITY_REVIEWER, make.CITY)
        assert approve_plan(plan.pk, by=other).approved_by == other

    @pytest.mark.parametrize("part", ["county_approver", "township_reviewer", "province_officer"])
    def test_no_other_role_plans_for_a_county(self, cast, part):
        with pytest.raises(NotAllowed):
            propose(getattr(cast, part), y0=(10, 30))

    def test_a_clerk_of_another_county_plans_nothing_here(self, cast):
        with pytest.raises(NotAllowed):
            propose(cast.stranger, y0=(10, 30))

    def test_a_new_version_holds_once_it_is_approved(self, cast):
        [first] = propose(cast.county_clerk, y0=(10, 30))
        approve_plan(first.pk, by=cast.county_approver)
        [second] = propose(cast.county_clerk, y0=(12, 36), seen=first.pk, reason="上调")
        [line] = rolling(make.COUNTY, ABOUT)
        assert (line.holds, line.waiting, second.version) == (first, second, 2)
        approve_plan(second.pk, by=cast.county_approver)
        assert rolling(make.COUNTY, ABOUT)[0].holds == second

    def test_an_old_version_is_not_approved_after_a_newer_one(self, cast):
        [first] = propose(cast.county_clerk, y0=(10, 30))
        propose(cast.county_clerk, y0=(12, 36), seen=first.pk)
        with pytest.raises(Stale):
            approve_plan(first.pk, by=cast.county_approver)

    def test_a_version_is_approved_once(self, cast):
        [plan] = propose(cast.county_clerk, y0=(10, 30))
        approve_plan(plan.pk, by=cast.county_approver)
        with pytest.raises(Refused, match=cast.county_approver.name):
            approve_plan(plan.pk, by=make.make_officer(Role.COUNTY_APPROVER))

    def test_no_version_is_approved_once_its_year_is_over(self, cast, signed_in):
        [plan] = propose(cast.county_clerk, y0=(10, 30))
        client = signed_in(cast.county_approver)
        address = reverse("exits:plan_versions", args=[make.COUNTY, ABOUT])
        button = reverse("exits:plan_approve", args=[plan.pk])
        assert button in client.get(address).text
        move_to(date(plan.year + 1, 1, 1))
        assert button not in client.get(address).text
        with pytest.raises(Refused, match=f"{plan.year} is over"):
            approve_plan(plan.pk, by=cast.county_approver)
        move_to(date(plan.year, 12, 31))
        assert approve_plan(plan.pk, by=cast.county_approver)

    def test_who_saw_an_older_version_writes_none(self, cast):
        propose(cast.county_clerk, y0=(10, 30))
        with pytest.raises(Stale):
            propose(cast.county_clerk, y0=(11, 33), seen=0)

    def test_a_year_that_stays_the_same_gets_no_version(self, cast):
        first, _second = propose(cast.county_clerk, y0=(10, 30), y1=(20, 60))
        seen = ExitPlan.everywhere.latest("pk").pk
        [made] = propose(cast.county_clerk, y0=(10, 30), y1=(21, 60), seen=seen)
        assert made.year == first.year + 1
        with pytest.raises(Refused, match="Nothing differs"):
            propose(cast.county_clerk, y0=(10, 30), seen=made.pk)

    @pytest.mark.parametrize(
        ("years", "fields"),
        [
            ({"y0": (10, 9)}, {"persons_0"}),
            ({"y0": (10,)}, {"persons_0"}),
            ({"y5": (10, 30)}, {""}),
            ({}, {""}),
        ],
    )
    def test_a_faulty_number_is_named_at_its_field(self, cast, years, fields):
        with pytest.raises(EntryRefused) as caught:
            propose(cast.county_clerk, **years)
        this = plan_years()[0]
        assert {name.replace(str(this), "0") for name, _text in caught.value.faults} == fields

    def test_a_reason_is_asked_for(self, cast):
        with pytest.raises(EntryRefused):
            propose(cast.county_clerk, reason=" ", y0=(10, 30))

    def test_counties_are_planned_by_a_city_at_the_least(self, cast):
        with pytest.raises(EntryRefused):
            propose(cast.county_clerk, about=ExitPlan.About.COUNTIES, y0=(1,))
        assert propose(cast.city_reviewer, make.CITY, about=ExitPlan.About.COUNTIES, y0=(1,))

    def test_the_database_lets_no_one_approve_his_own_version_or_change_one(self, cast):
        [plan] = propose(cast.county_clerk, y0=(10, 30))
        rows = ExitPlan.everywhere.filter(pk=plan.pk)
        now = timezone.now()
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            rows.update(approved_by=F("proposed_by"), approved_at=now)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(count=11)


class TestAgainstActual:
    """The plan of a place beside its exits."""

    def page(self, by, code=make.COUNTY, year=2019, about=ABOUT):
        place = make.Division.objects.get(pk=code)
        return plan_page(by, place, year, about, today=business_date())

    def test_exits_of_the_year_stand_beside_the_plan(self, cast):
        held(count=8)
        held(make.TOWNSHIP, count=6)
        exited(count=6)
        exited(count=2, year=2018)
        page = self.page(cast.county_clerk)
        assert (page.whole.actual, page.whole.actual_persons, page.whole.share) == (
            "6", "12", "75.0 %",
        )  # fmt: skip
        town = next(one for one in page.parts if one.division.pk == make.TOWNSHIP)
        assert (town.actual, town.share, town.marks) == ("6", "100.0 %", [])
        assert page.whole.below == 6
        assert page.whole.marks == [Mark.UNREACHED, Mark.PARTS]

    def test_each_place_stands_beside_the_sum_of_what_is_planned_below_it(self, cast):
        held(make.PROVINCE, count=20)
        held(make.CITY, count=18)
        held(make.COUNTY, count=11)
        held(make.OTHER_COUNTY, count=7)
        held(make.TOWNSHIP, count=4)
        page = self.page(cast.province_officer, make.PROVINCE)
        city = next(one for one in page.parts if one.division.pk == make.CITY)
        assert (page.whole.below, Mark.PARTS in page.whole.marks) == (18, True)
        assert (city.below, Mark.PARTS in city.marks) == (18, False)
        assert self.page(cast.county_clerk).whole.below == 4

    def test_of_several_versions_below_the_newest_that_is_in_force_counts(self, cast):
        held(make.COUNTY, count=11)
        held(make.COUNTY, count=14, version=2)
        held(make.CITY, count=14)
        page = self.page(cast.city_reviewer, make.CITY)
        assert (page.whole.below, Mark.PARTS in page.whole.marks) == (14, False)

    def test_the_page_tells_who_below_has_no_plan(self, cast, signed_in):
        held(make.CITY, count=20)
        held(make.COUNTY, count=11)
        client = signed_in(cast.city_reviewer)
        page = client.get(reverse("exits:plans"), {"year": 2019, "division": make.CITY}).text
        assert "differs from the sum below" in page
        assert "1 place below has no plan in force." in page

    def test_a_plan_that_waits_for_approval_does_not_hold(self, cast):
        [plan] = propose(cast.county_clerk, y0=(10, 30))
        page = self.page(cast.county_clerk, year=plan.year)
        assert (page.whole.plan, page.whole.waiting) == (None, plan)

    def test_a_village_that_hits_its_quota_stands_out(self, cast):
        held(make.VILLAGE, count=6)
        held(make.NEXT_VILLAGE, count=7)
        exited(count=6)
        exited(make.NEXT_VILLAGE, count=6)
        page = self.page(cast.county_clerk, make.TOWNSHIP)
        marks = {one.division.pk: one.marks for one in page.parts}
        assert marks[make.VILLAGE] == [Mark.EXACT]
        assert marks[make.NEXT_VILLAGE] == [Mark.UNREACHED]
        assert (page.exact.with_quota, page.exact.exact) == (2, 1)

    def test_a_plan_that_is_raised_after_exits_stands_out(self, cast, signed_in):
        early = timezone.now() - timedelta(days=9)
        held(make.VILLAGE, count=6, approved_at=early)
        held(make.NEXT_VILLAGE, count=6, approved_at=early)
        held(make.NEXT_VILLAGE, count=7, version=2, approved_at=early)
        exited(count=7)
        exited(make.NEXT_VILLAGE, count=6)
        held(make.VILLAGE, count=8, version=2)
        page = self.page(cast.county_clerk, make.TOWNSHIP)
        marks = {one.division.pk: one.marks for one in page.parts}
        assert marks[make.VILLAGE] == [Mark.UNREACHED, Mark.RAISED]
        assert marks[make.NEXT_VILLAGE] == [Mark.UNREACHED]
        asked = {"year": 2019, "division": make.TOWNSHIP}
        text = signed_in(cast.county_clerk).get(reverse("exits:plans"), asked).text
        assert "raised after exits" in text

    def test_a_raised_plan_of_few_exits_is_not_marked_to_a_role_without_names(self, cast):
        held(make.VILLAGE, count=6, approved_at=timezone.now() - timedelta(days=9))
        exited(count=4)
        held(make.VILLAGE, count=8, version=2)
        [line] = [
            one
            for one in self.page(cast.city_reviewer, make.TOWNSHIP).parts
            if one.division.pk == make.VILLAGE
        ]
        assert line.marks == []

    def test_a_plan_of_villages_that_is_raised_after_one_left_stands_out(self, cast):
        case, by = exit_of_village(make.VILLAGE), cast.county_approver
        year, about = case.facts["year"], ExitPlan.About.VILLAGES
        early = timezone.now() - timedelta(days=9)
        held(year=year, count=1, about=about, approved_at=early)
        with unguarded():
            CaseEvent.objects.create(
                case=case, seq=99, step="approve", from_state="noticed", to_state="approved",
                actor_id=by.pk, actor_name=by.name, role=by.acting_role, posted_to=make.COUNTY,
                on=business_date(), facts=case.facts, facts_hash=case.facts_hash, decides=True,
            )  # fmt: skip
        assert Mark.RAISED not in self.page(cast.county_clerk, year=year, about=about).whole.marks
        held(year=year, count=2, version=2, about=about)
        assert Mark.RAISED in self.page(cast.county_clerk, year=year, about=about).whole.marks

    def test_not_reached_is_said_once_exits_of_the_year_are_not_decided_any_more(self, cast):
        year = plan_years()[0]
        held(year=year - 1, count=5)
        held(year=year - 2, count=5)
        assert self.page(cast.county_clerk, year=year - 1).whole.marks == []
        assert self.page(cast.county_clerk, year=year - 2).whole.marks == [Mark.UNREACHED]

    def test_a_role_without_names_reads_of_few_neither_number_nor_mark(self, cast):
        held(make.VILLAGE, count=4)
        exited(count=4)
        exited(make.NEXT_VILLAGE, count=9)
        page = self.page(cast.city_reviewer, make.TOWNSHIP)
        lines = {one.division.pk: one for one in page.parts}
        few, other = lines[make.VILLAGE], lines[make.NEXT_VILLAGE]
        assert (few.actual, few.share, few.marks, few.actual_persons) == ("<5", "", [], "")
        assert page.exact is None
        assert few.drawn == (4, 5)
        assert "13" not in (page.whole.actual, other.actual) or other.actual == "hidden"
        assert self.page(cast.city_reviewer).exact.with_quota == 0

    def test_persons_that_a_role_is_not_told_are_no_zero(self, cast):
        exited(count=6)
        city = self.page(cast.city_reviewer)
        town = next(one for one in city.parts if one.division.pk == make.TOWNSHIP)
        assert (city.whole.actual_persons, town.actual, town.actual_persons) == ("12", "6", "")
        [empty] = [one for one in self.page(cast.county_clerk).parts if one.actual == "0"][:1]
        assert empty.actual_persons == "0"

    def test_villages_and_counties_count_what_left_their_list(self, cast):
        held(count=2, about=ExitPlan.About.VILLAGES)
        listed = {"listed_on": "2014-06-01", "source": "名单", "listed_by": cast.county_clerk}
        for code, year in ((make.VILLAGE, 2019), (make.NEXT_VILLAGE, 2018)):
            make_listed(code, year, listed)
        page = self.page(cast.county_clerk, about=ExitPlan.About.VILLAGES)
        assert (page.whole.actual, page.whole.share) == ("1", "50.0 %")
        assert [one.division.level for one in page.parts] == [4] * len(page.parts)


def make_listed(code, year, fields):
    ListedPlace.everywhere.create(
        division_id=code, exited_on=f"{year}-12-01", exit_year=year, **fields
    )


class TestPages:
    """The same by the pages."""

    def test_a_plan_is_written_approved_and_shown(self, cast, signed_in):
        year = plan_years()[0]
        write = reverse("exits:plan_write", args=[make.COUNTY, ABOUT])
        versions = reverse("exits:plan_versions", args=[make.COUNTY, ABOUT])
        sent = {"seen": 0, f"count_{year}": 10, f"persons_{year}": 31, "reason": "年度"}
        answer = signed_in(cast.county_clerk).post(write, sent)
        assert answer["Location"] == versions
        plan = ExitPlan.everywhere.get()
        assert "Approve version" not in signed_in(cast.county_clerk).get(versions).content.decode()
        client = signed_in(cast.county_approver)
        assert "Approve version 1" in client.get(versions).content.decode()
        assert client.post(reverse("exits:plan_approve", args=[plan.pk])).status_code == 302
        page = client.get(reverse("exits:plans"), {"division": make.COUNTY, "year": year})
        assert page.context["page"].whole.plan == plan
        assert "31" in page.content.decode()

    def test_who_is_late_reads_it_and_keeps_what_was_typed(self, cast, signed_in):
        year = plan_years()[0]
        propose(cast.county_clerk, y0=(10, 30))
        write = reverse("exits:plan_write", args=[make.COUNTY, ABOUT])
        sent = {"seen": 0, f"count_{year}": 77, f"persons_{year}": 99, "reason": "年度"}
        answer = signed_in(cast.county_clerk).post(write, sent)
        assert answer.status_code == 409
        assert "77" in answer.content.decode()
        table = answer.text.partition("What is different")[2].partition("</table>")[0]
        assert [f">{one}<" in table for one in (77, 10, 99, 30)] == [True] * 4

    def test_what_was_typed_is_sent_again_on_purpose(self, cast, signed_in):
        year = plan_years()[0]
        propose(cast.county_clerk, y0=(10, 30))
        write, client = (
            reverse("exits:plan_write", args=[make.COUNTY, ABOUT]),
            signed_in(cast.county_clerk),
        )
        sent = {"seen": 0, f"count_{year}": 77, f"persons_{year}": 99, "reason": "年度"}
        seen = client.post(write, sent).context["form"]["seen"].value()
        assert client.post(write, sent | {"seen": seen}).status_code == 302
        assert rolling(make.COUNTY, ABOUT)[0].waiting.count == 77

    def test_the_picture_stands_beside_a_table(self, cast, signed_in):
        held(make.TOWNSHIP, count=6)
        exited(count=5)
        page = signed_in(cast.county_clerk).get(reverse("exits:plans"), {"year": 2019})
        assert page.content.decode().count('aria-describedby="plans-caption"') == 1

    def test_a_page_asks_a_fixed_number_of_queries(
        self, cast, signed_in, django_assert_max_num_queries
    ):
        held(make.TOWNSHIP, count=6)
        client = signed_in(cast.county_clerk)
        client.get(reverse("exits:plans"))
        with django_assert_max_num_queries(21):
            client.get(reverse("exits:plans"), {"year": 2019})

    @pytest.mark.parametrize(
        ("part", "status"), [("county_approver", 200), ("village_official", 403)]
    )
    def test_how_approvers_decide_is_read_above_them(self, cast, signed_in, part, status):
        page = signed_in(getattr(cast, part)).get(reverse("exits:approvers"))
        assert page.status_code == status
