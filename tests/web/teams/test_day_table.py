"""Days in the village by place and person: sums, filters, files, the month sheet."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from teams.models import Presence, PresenceMonth
from teams.queries.day_table import PAGE_ROWS
from teams.queries.presence import month_totals, year_totals
from teams.rules.presence import Source, Status
from tests import factories as make
from tests.web.teams.present import on_record
from tests.web.teams.visiting import make_visit
from trail.dates import business_date
from trail.models import Change
from workflow.models import PolicyParameter
from workflow.parameters import PRESENCE_YEAR_DAYS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = 2020
URL = "teams:presence_totals"


def served(days: int, village: str = make.VILLAGE, *, status=Status.IN_VILLAGE, **fields):
    """Somebody with so many days on record from the first of January on."""
    term = make.make_term(make.make_cadre(village[:6]), village, **fields)
    Presence.everywhere.bulk_create(
        Presence(
            term=term, cadre=term.cadre, village_id=village,
            day=date(YEAR, 1, 1) + timedelta(days=n),
            status=status, source=Source.VILLAGE, recorded_by=make.the_operator(),
        )
        for n in range(days)
    )  # fmt: skip
    return term


def table(client, **query):
    return client.get(reverse(URL), {"year": YEAR, **query}).context["table"]


def listed(client, **query) -> list[int]:
    return [one.cadre for one in table(client, **query).listed]


def test_the_table_adds_up_people_days_and_shares(cast, signed_in):
    served(210)
    served(100, status=Status.OFFICIAL)
    served(50, make.OTHER_TOWNSHIP_VILLAGE, status=Status.LEAVE)
    served(200, make.OTHER_COUNTY_VILLAGE)
    found = table(signed_in(cast.county_clerk))
    assert (found.whole.people, found.whole.average, found.whole.percent) == (3, 103, 33)
    parts = {place.pk: (one.people, one.average) for place, one in found.parts}
    assert parts == {make.TOWNSHIP: (2, 155), make.OTHER_TOWNSHIP: (1, 0)}


def test_each_level_sees_the_places_below_it(cast, signed_in):
    served(10)
    served(10, make.OTHER_COUNTY_VILLAGE)
    for part, places in (
        ("province_officer", [make.CITY]),
        ("city_reviewer", [make.COUNTY, make.OTHER_COUNTY]),
        ("county_clerk", [make.TOWNSHIP]),
        ("township_reviewer", []),
    ):
        parts = [place.pk for place, _sum in table(signed_in(getattr(cast, part))).parts]
        assert parts == places


def test_the_filters_name_who_lacks_days_and_whose_days_are_unknown(cast, signed_in):
    enough = served(366).cadre_id
    below = served(50, last_day=date(YEAR, 12, 31)).cadre_id
    absent = served(366, status=Status.ABSENT).cadre_id
    client = signed_in(cast.county_clerk)
    assert listed(client) == [enough, below, absent]
    assert listed(client, only="below") == [absent, below]
    assert listed(client, only="unaccounted") == [below]
    assert listed(client, only="absent") == [absent]


def test_a_month_is_held_against_its_own_days(cast, signed_in):
    term = served(25)
    found = table(signed_in(cast.county_clerk), month=1).listed[0]
    assert (found.cadre, found.counted, found.wanted) == (term.cadre_id, 25, 20)
    assert not found.is_below
    assert listed(signed_in(cast.county_clerk), month=2, only="below") == [term.cadre_id]


def test_a_county_may_want_other_days(cast):
    term = served(10)
    for year, days in ((2020, 220), (2021, 240)):
        PolicyParameter.objects.create(
            division_id=make.COUNTY, year=year, key=PRESENCE_YEAR_DAYS, value=days, source="test"
        )
    found = year_totals([term.cadre_id], YEAR, date(2026, 1, 1))
    assert found[term.cadre_id].wanted == 220


@pytest.mark.parametrize(
    ("days", "wanted"), [(366, 200), (365, 200), (364, 199), (183, 100), (1, 1)]
)
def test_a_part_of_the_year_wants_its_share_rounded_up(tree, days, wanted):
    last = date(YEAR, 1, 1) + timedelta(days=days - 1)
    term = make.make_term(starts_on=date(2019, 3, 1), last_day=last)
    assert year_totals([term.cadre_id], YEAR, date(2026, 1, 1))[term.cadre_id].wanted == wanted


def test_a_long_list_is_turned_page_by_page(cast, signed_in):
    keys = [served(1).cadre_id for _ in range(PAGE_ROWS + 2)]
    client = signed_in(cast.county_clerk)
    assert listed(client) == keys[:PAGE_ROWS]
    assert listed(client, page=2) == keys[PAGE_ROWS:]
    answer = client.get(reverse(URL), {"year": YEAR})
    assert answer.context["table"].count == PAGE_ROWS + 2
    assert "page=2" in answer.context["next_url"]
    file = b"".join(client.get(reverse("teams:presence_csv"), {"year": YEAR})).decode()
    assert len(file.splitlines()) == PAGE_ROWS + 3


def test_days_that_have_not_come_are_counted_by_nobody(cast, signed_in):
    today = business_date()
    term = make.make_term(starts_on=date(2019, 3, 1))
    for number in (0, 1, 40):
        day = today + timedelta(days=number)
        on_record(term, day, Status.OFFICIAL, Source.ABSENCE)
    found = signed_in(cast.county_clerk).get(reverse(URL), {"year": today.year}).context["table"]
    assert (found.whole.counted, found.listed[0].official) == (1, 1)


def test_an_odd_address_narrows_nothing(cast, signed_in):
    served(10)
    answer = signed_in(cast.county_clerk).get(
        reverse(URL), {"year": "nineteen", "month": "13", "only": "x", "page": "-4"}
    )
    assert answer.status_code == 400
    assert answer.context["table"].whole.people == 1


def test_a_reader_sees_totals_but_no_way_to_single_days(cast, signed_in):
    term = served(10)
    url = reverse("teams:presence_person", args=[term.cadre.number])
    assert term.cadre.name in signed_in(cast.reader).get(reverse(URL)).text
    assert url not in signed_in(cast.reader).get(reverse(URL)).text
    assert url in signed_in(cast.auditor).get(reverse(URL)).text


def test_nobody_looks_beyond_his_posting(cast, signed_in):
    answer = signed_in(cast.county_clerk).get(reverse(URL), {"division": make.OTHER_COUNTY})
    assert answer.status_code == 404


def test_the_list_costs_the_same_for_many(cast, signed_in, django_assert_max_num_queries):
    for _ in range(8):
        served(3)
    client = signed_in(cast.county_clerk)
    client.get(reverse(URL))
    with django_assert_max_num_queries(14):
        client.get(reverse(URL), {"year": YEAR})


TAKERS = ("auditor", "township_reviewer", "county_approver", "city_reviewer", "province_officer")
OTHERS = ("reader", "helper", "village_official", "first_secretary")


@pytest.mark.parametrize(
    ("part", "takes"),
    [*((part, True) for part in TAKERS), *((part, False) for part in OTHERS)],
)
def test_the_file_by_name_is_for_the_offices_alone(cast, signed_in, part, takes):
    served(100)
    client, url = signed_in(getattr(cast, part)), reverse("teams:presence_csv")
    assert (url in client.get(reverse(URL), {"year": YEAR}).text) is takes
    assert client.get(url, {"year": YEAR}).status_code == (200 if takes else 403)
    assert Change.objects.filter(action="download_days").exists() is takes


def test_the_trace_tells_who_took_whose_days(cast, signed_in):
    served(100)
    query = {"year": YEAR, "month": 5, "only": "below"}
    signed_in(cast.county_clerk).get(reverse("teams:presence_xlsx"), query)
    told = Change.objects.get(action="download_days")
    assert (told.actor_id, told.division_code) == (cast.county_clerk.pk, make.COUNTY)
    assert told.after == {"when": "2020-05", "only": "below", "rows": 1}


def test_a_village_outside_the_posting_is_not_named(cast, signed_in):
    term = served(10, last_day=date(YEAR, 6, 30))
    later = {"starts_on": date(YEAR, 7, 1), "cadre": term.cadre}
    other = make.make_term(village=make.OTHER_COUNTY_VILLAGE, **later)
    client, query = signed_in(cast.county_clerk), {"year": YEAR}
    (line,) = client.get(reverse(URL), query).context["lines"]
    assert (line.cadre, line.village) == (term.cadre, None)
    assert other.village.name not in client.get(reverse(URL), query).text
    file = b"".join(client.get(reverse("teams:presence_csv"), query)).decode()
    assert file.splitlines()[1].startswith(f"{term.cadre.number},{term.cadre.name},,,")
    (above,) = signed_in(cast.city_reviewer).get(reverse(URL), query).context["lines"]
    assert above.village == other.village


def test_the_list_is_a_file_too(cast, signed_in):
    term = served(100)
    client, query = signed_in(cast.county_clerk), {"year": YEAR, "only": "below"}
    text = b"".join(client.get(reverse("teams:presence_csv"), query)).decode()
    assert text.splitlines()[1].startswith(f"{term.cadre.number},{term.cadre.name},")
    assert text.splitlines()[1].endswith(",100,0,0,0,100,200,200,190")
    answer = client.get(reverse("teams:presence_xlsx"), query)
    rows = [*load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)]
    assert rows[1][5] == 100


def test_the_months_follow_every_change_of_a_day(tree):
    term = served(31)
    row = Presence.everywhere.first()
    row.status = Status.ABSENT
    row.save()
    january = PresenceMonth.objects.get(cadre=term.cadre)
    assert (january.in_village, january.absent, january.workdays) == (30, 1, 23)
    Presence.everywhere.filter(day__gte=date(YEAR, 1, 11)).delete()
    january.refresh_from_db()
    assert (january.in_village, january.absent, january.workdays) == (9, 1, 8)
    assert month_totals([term.cadre_id], date(YEAR, 1, 5), date(2026, 1, 1))[term.cadre_id].absent


def test_the_month_sheet_has_marks_sums_the_log_and_lines_to_sign(cast, signed_in, household):
    term = make.make_term(make.make_cadre(account=cast.first_secretary))
    day = date(YEAR, 5, 6)
    on_record(term, day, Status.OFFICIAL, Source.VILLAGE, note="县里开会")
    make_visit(household, day, cast.first_secretary)
    url = reverse("pages:print_month", args=[term.cadre.number, "2020-05"])
    page = signed_in(cast.first_secretary).get(url)
    for said in ("6 <strong>D</strong>", "1 visit", "县里开会", "Village, seal", "Township, seal"):
        assert said in page.text
    assert page.context["content"].totals.official == 1
    change = Change.objects.get(action="print")
    assert change.after == {"sheet": "month", "month": "2020-05"}
    assert f"serial {change.pk}" in page.text


def test_a_month_that_is_none_has_no_sheet(cast, signed_in):
    term = served(1)
    client = signed_in(cast.county_clerk)
    for month in ("2020-13", "2999-01", "may"):
        url = reverse("pages:print_month", args=[term.cadre.number, month])
        assert client.get(url).status_code == 404


def test_the_month_sheet_is_not_for_every_reader(cast, signed_in):
    term = served(1)
    url = reverse("pages:print_month", args=[term.cadre.number, "2020-05"])
    assert signed_in(cast.reader).get(url).status_code == 403
    assert not Change.objects.filter(action="print").exists()
