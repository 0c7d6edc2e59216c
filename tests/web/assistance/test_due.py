"""What is due where: the lists of whoever delivers, and the totals by place."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.actions.instalments import set_instalments
from assistance.actions.loans import Drawing, draw_loan
from assistance.models import Contract, Course, Move
from assistance.queries import due as queries
from assistance.queries.due import What, When, due_page, next_by_household, own_due, pace_in
from assistance.rules.delivering import Part
from households.models import Household
from officers.rules import Role
from tests import factories as make
from tests.web.assistance.delivered import agreed_item, days_from_now, deliver
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def listed(officer, what=What.DELIVERIES, when=When.ALL, place=make.VILLAGE, after=""):
    today = business_date()
    wanted = queries.Wanted(what, when, place, after)
    return due_page(officer, wanted, today=today, pace=pace_in(place, today.year))


def shown(client, **asked) -> str:
    answer = client.get(reverse("assistance:due"), asked)
    assert answer.status_code == 200
    return answer.text


def drawn(by, *, due_in: int = 100, household: Household | None = None):
    item = agreed_item("LOAN-MICRO", household, planned=Decimal(20000))
    drawing = Drawing(
        "农信社", Decimal(20000), Decimal("4.35"), 100, "养牛", days_from_now(-90),
        days_from_now(due_in),
    )  # fmt: skip
    return draw_loan(item.pk, drawing, by=by)


def test_the_earliest_comes_first_and_the_next_instalment_counts(cast):
    village = cast.village_official
    late = agreed_item(due_on=days_from_now(-3))
    divided, later = agreed_item(), agreed_item(due_on=days_from_now(150))
    parts = [Part(days_from_now(-50), Decimal(400)), Part(days_from_now(-1), Decimal(600))]
    set_instalments(divided.pk, parts, by=village, version=1)
    rows = listed(village).rows
    assert [one.item for one in rows] == [divided, late, later]
    deliver(divided, 400, by=village)
    rows = listed(village).rows
    assert [one.item for one in rows] == [late, divided, later]
    assert (rows[1].due, rows[1].amount, rows[1].late) == (days_from_now(-1), 600, 1)


def test_what_is_delivered_or_ended_is_not_due(cast):
    deliver(agreed_item(), 1000, by=cast.village_official)
    agreed_item(status="draft", agreed_on=None)
    assert listed(cast.village_official).rows == []


def test_the_kinds_of_times_count_and_narrow(cast):
    soon = pace_in(make.VILLAGE, business_date().year).deliveries
    late, near = agreed_item(due_on=days_from_now(-1)), agreed_item(due_on=days_from_now(soon))
    far = agreed_item(due_on=days_from_now(soon + 1))
    for when, items in (
        (When.OVERDUE, [late]), (When.DUE, [late, near]), (When.ALL, [late, near, far])
    ):  # fmt: skip
        page = listed(cast.village_official, when=when)
        assert [one.item for one in page.rows] == items
        assert page.counts.of(when) == len(items)


def test_today_is_due_and_not_overdue(cast):
    agreed_item(due_on=days_from_now(0))
    assert listed(cast.village_official, when=When.OVERDUE).rows == []
    [row] = listed(cast.village_official, when=When.DUE).rows
    assert (row.days, row.urgency) == (0, "soon")


def test_a_list_goes_on_behind_its_last_row(cast, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    items = [agreed_item(due_on=days_from_now(5)) for _number in range(5)]
    found, after, pages = [], "", 0
    while True:
        page = listed(cast.village_official, after=after)
        found += [one.item for one in page.rows]
        after, pages = page.following, pages + 1
        if not after:
            break
    assert (found, pages) == (items, 3)


@pytest.mark.parametrize(
    "after", ["x", "2020-01-01", "2020-13-01.1", ".", "2020-01-01.9" + "9" * 20]
)
def test_an_odd_key_begins_at_the_beginning(cast, after):
    item = agreed_item()
    assert [one.item for one in listed(cast.village_official, after=after).rows] == [item]


def test_loans_are_due_on_their_day_with_what_is_owed(cast):
    village = cast.village_official
    drawn(village, due_in=30)
    late = drawn(village, due_in=-5)
    rows = listed(village, What.LOANS).rows
    assert (rows[0].item, rows[0].late, rows[0].amount) == (late.item, 5, 20000)
    assert len(rows) == 2
    assert listed(village).rows == []


def test_of_a_post_the_last_contract_is_due(cast):
    item = agreed_item("PUB-POST")
    for first, last in ((-90, -31), (-30, 10)):
        Contract.objects.create(
            item=item, member=item.member, employer="村委会", job="保洁员", monthly_pay=500,
            starts_on=days_from_now(first), last_day=days_from_now(last),
        )  # fmt: skip
    [row] = listed(cast.village_official, What.POSTS).rows
    assert (row.due, row.what) == (days_from_now(10), "保洁员 · 村委会")


def test_a_relocation_is_listed_with_what_is_missing(cast):
    item = agreed_item("REL-MOVE")
    [row] = listed(cast.village_official, What.MOVES).rows
    assert str(row.what) == "not moved in yet"
    Move.objects.create(
        item=item, site="安置点", area_m2=50, persons=2, moved_in_on=days_from_now(-9)
    )
    [row] = listed(cast.village_official, What.MOVES).rows
    assert str(row.what) == "moved in, the old house still stands"


def test_a_course_is_listed_until_its_certificate(cast):
    item = agreed_item("EMP-TRAIN")
    course = Course.objects.create(
        item=item, subject="焊工", first_day=days_from_now(-20), last_day=days_from_now(-10)
    )
    [row] = listed(cast.village_official, What.COURSES).rows
    assert (row.what, row.late) == ("焊工", 10)
    old = agreed_item("EMP-TRAIN")
    Course.objects.create(
        item=old, subject="电工", first_day=days_from_now(-500), last_day=days_from_now(-400)
    )
    assert len(listed(cast.village_official, What.COURSES).rows) == 1
    course.certificate, course.certified_on = "焊工证", business_date()
    course.save()
    assert listed(cast.village_official, What.COURSES).rows == []


def test_a_helper_finds_what_is_due_of_his_own_households_alone(cast, signed_in):
    own, other = agreed_item(), agreed_item()
    make.make_pairing(own.household, make.make_cadre(account=cast.helper))
    assert [one.item for one in listed(cast.helper).rows] == [own]
    text = shown(signed_in(cast.helper), when="all")
    assert own.household.number in text
    assert other.household.number not in text


def test_the_home_page_and_the_cards_of_a_helper_tell_what_is_due_next(cast, signed_in):
    item = agreed_item(due_on=days_from_now(-1))
    agreed_item(household=item.household, code="IND-INS")
    make.make_pairing(item.household, make.make_cadre(account=cast.helper))
    client = signed_in(cast.helper)
    home = client.get(reverse("pages:home")).text
    assert "Deliveries that are due" in home
    assert "1 overdue" in home
    cards = client.get(reverse("teams:households")).text
    assert reverse("assistance:item", args=[item.uuid]) in cards
    assert "delivery overdue" in cards


def test_the_next_of_all_households_takes_a_fixed_number_of_queries(
    cast, django_assert_num_queries
):
    items = [agreed_item(due_on=days_from_now(number + 5)) for number in range(3)]
    agreed_item(household=items[0].household, code="IND-INS", due_on=days_from_now(1))
    households = [one.household for one in items]
    today = business_date()
    with django_assert_num_queries(2):
        found = next_by_household(cast.village_official, households, today=today)
    assert [found[one.pk].due for one in households] == [
        days_from_now(number) for number in (1, 6, 7)
    ]


def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(
    cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county_clerk)
    for _number in range(3):
        agreed_item(due_on=days_from_now(-1))
    drawn(cast.village_official, due_in=-1)
    for what, number in (("deliveries", 14), ("loans", 13)):
        shown(client, what=what)
        with django_assert_num_queries(number):
            shown(client, what=what)


def test_what_is_asked_for_oddly_is_refused_at_its_field(cast, signed_in):
    answer = signed_in(cast.county_clerk).get(reverse("assistance:due"), {"what": "x"})
    assert answer.status_code == 400


def test_an_empty_list_says_the_next_step(cast, signed_in):
    client = signed_in(cast.village_official)
    assert "Nothing is due here" in shown(client)
    assert "Measures are agreed on in plans." in shown(client, when="all")


def test_the_role_without_names_reads_totals_and_not_the_list(cast, signed_in):
    agreed_item()
    client = signed_in(cast.reader)
    assert client.get(reverse("assistance:due")).status_code == 403
    answer = client.get(reverse("assistance:due_totals"), {"division": make.COUNTY})
    assert answer.status_code == 200
    assert "&lt;5" in answer.text
    assert "1,000.00" not in answer.text


def test_the_totals_add_up_by_place_and_lead_down_to_the_list(cast, signed_in):
    for village in (make.VILLAGE, make.VILLAGE, make.NEXT_VILLAGE):
        item = agreed_item(household=make.make_household(village), due_on=days_from_now(-1))
        deliver(item, 100, by=cast.county_clerk)
    drawn(cast.county_clerk, due_in=-1)
    client = signed_in(cast.county_clerk)
    answer = client.get(reverse("assistance:due_totals"), {"division": make.TOWNSHIP})
    whole, parts = answer.context["totals"].whole, answer.context["totals"].parts
    assert (whole.open, whole.overdue, whole.delivered) == ("3", "3", 300)
    assert (whole.loans, whole.late_loans) == ("1", "1")
    by_place = {one.division.pk: (one.open, one.planned) for one in parts}
    assert by_place[make.VILLAGE] == ("2", 2000)
    assert by_place[make.NEXT_VILLAGE] == ("1", 1000)
    assert f"?division={make.VILLAGE}&amp;what=deliveries&amp;when=overdue" in answer.text


def test_the_totals_take_a_fixed_number_of_queries(cast, signed_in, django_assert_num_queries):
    client, path = signed_in(cast.county_clerk), reverse("assistance:due_totals")
    for village in (make.VILLAGE, make.NEXT_VILLAGE):
        agreed_item(household=make.make_household(village))
    client.get(path)
    with django_assert_num_queries(13):
        client.get(path)


def test_own_due_counts_what_the_home_page_tells(cast):
    agreed_item(due_on=days_from_now(-1))
    agreed_item(due_on=days_from_now(2))
    counts = own_due(cast.village_official, today=business_date())
    assert (counts.overdue, counts.due, counts.all) == (1, 2, 2)


def test_the_payee_of_a_measure_of_the_village_is_nobody(cast, signed_in):
    plan = make.make_plan(village_id=make.VILLAGE, year=business_date().year)
    item = make.make_item(plan, "INF-ROAD", agreed_on=days_from_now(-9))
    text = shown(signed_in(cast.village_official), when="all")
    assert "the village" in text
    path = reverse("assistance:item_deliver", args=[item.uuid])
    assert "payee" not in signed_in(cast.village_official).get(path).context["form"].fields


def test_a_province_is_too_large_for_the_list(tree, signed_in):
    item = agreed_item()
    client = signed_in(make.make_officer(Role.AUDITOR, make.PROVINCE))
    page = shown(client)
    assert "Choose one:" in page
    assert f"?division={make.CITY}" in page
    assert str(item.uuid) not in page
    assert str(item.uuid) in shown(client, division=make.COUNTY, when="all")
