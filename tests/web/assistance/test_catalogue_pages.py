"""The pages of the catalogue: what a place offers, a measure in words, and its next version."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.actions.catalogue import withdraw_measure
from assistance.models import Measure
from assistance.queries.catalogue import catalogue_of, latest_version
from officers.rules import Role
from tests import factories as make
from tests.web.assistance.catalogued import version
from trail.dates import business_date
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

POST = "PUB-POST"


@pytest.fixture
def year():
    return business_date().year


@pytest.fixture
def clerk(cast, signed_in):
    return signed_in(cast.county_clerk)


@pytest.fixture
def provincial(cast, signed_in):
    return signed_in(cast.province_officer)


def at(name: str, *args, **asked) -> str:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"{reverse(f'assistance:{name}', args=args)}?{query}"


def typed(page, **changed) -> dict:
    """What the form of a page holds, as a browser sends it, with what is changed."""
    form = page.context["form"]
    values = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", []):
            values[name] = value
    return values | {"source": "县发〔2020〕1号"} | changed


def write(client, code: str = POST, **changed):
    page = client.get(at("measure_change", code))
    return client.post(at("measure_change", code), typed(page, **changed))


def names(page) -> set[str]:
    return {one.code for part in page.context["sections"] for one in part.measures}


def test_the_list_shows_every_category(clerk):
    sections = clerk.get(at("catalogue")).context["sections"]
    assert [one.code for one in sections] == [
        "IND", "LOAN", "EMP", "PUB", "ECO", "REL", "EDU", "HEA", "HOU", "SOC", "AST", "COM", "INF",
        "PAI", "OTH",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "has", "lacks"),
    [
        ({"category": "HOU"}, "HOU-C", POST),
        ({"unit": "village"}, "INF-ROAD", "HOU-C"),
        ({"category": "SOC", "unit": "household"}, "SOC-RELIEF", "SOC-DIBAO"),
    ],
)
def test_the_list_narrows_by_category_and_unit(clerk, asked, has, lacks):
    found = names(clerk.get(at("catalogue", **asked)))
    assert has in found
    assert lacks not in found


def test_the_list_is_that_of_the_year_and_place(clerk, year):
    version(make.COUNTY, offered=False, year=year)
    assert POST not in names(clerk.get(at("catalogue", year=year)))
    assert POST in names(clerk.get(at("catalogue", year=year - 1)))


def test_a_place_above_the_posting_is_not_found(clerk):
    assert clerk.get(at("catalogue", division=make.PROVINCE)).status_code == 404


def test_the_list_takes_as_many_queries_however_long(clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        clerk.get(at("catalogue"))


def test_a_helper_reads_the_catalogue(cast, signed_in):
    assert signed_in(cast.helper).get(at("catalogue")).status_code == 200


def test_whoever_keeps_accounts_reads_no_catalogue(cast, signed_in):
    assert signed_in(cast.account_admin).get(at("catalogue")).status_code == 403


def test_a_measure_says_its_conditions_in_words(clerk):
    page = clerk.get(at("measure", POST))
    assert page.context["account"].conditions == [
        "household: is on the register or within its years of support",
        "age: 16 to 69",
        "not: is in school",
        "labour capacity: ordinary labour or skilled labour or weak or half labour",
    ]
    assert b"of the village, cannot go out to work" in page.content


def test_a_measure_says_them_in_chinese_too(clerk):
    clerk.post(reverse("set_language"), {"language": "zh-hans"})
    page = clerk.get(at("measure", POST))
    assert "普通劳动力" in page.context["account"].conditions[3]
    assert "非村干部家属" in page.content.decode()


def test_a_measure_names_the_others_of_its_group(clerk):
    page = clerk.get(at("measure", "HOU-C"))
    assert [one.code for one in page.context["account"].rivals] == ["REL-MOVE", "HOU-D"]


def test_a_measure_says_which_place_and_version_speaks_and_all_that_came_before(clerk, year):
    version(make.PROVINCE, cap=9000)
    own = version(make.COUNTY, cap=7000, year=year)
    account = clerk.get(at("measure", POST, year=year)).context["account"]
    assert account.standing == own
    assert [one.division_id for one in account.history] == [make.COUNTY, make.PROVINCE, "0"]


def test_the_versions_of_another_county_are_not_shown(clerk):
    version(make.OTHER_COUNTY, cap=1)
    account = clerk.get(at("measure", POST)).context["account"]
    assert [one.division_id for one in account.history] == ["0"]


def test_an_unknown_measure_is_not_found(clerk):
    assert clerk.get(at("measure", "NO-SUCH")).status_code == 404


def test_a_county_writes_a_version_of_its_own(clerk, year):
    answer = write(clerk, cap="6000", year=str(year))
    assert answer.status_code == 302
    assert catalogue_of(make.VILLAGE, year)[POST].cap == Decimal(6000)
    assert catalogue_of(make.OTHER_COUNTY_VILLAGE, year)[POST].cap == Decimal(12000)
    change = Change.objects.get(action="write_measure")
    assert (change.division_code, change.before["cap"]) == (make.COUNTY, "12000.00")
    assert change.after["cap"] == "6000"


def test_a_province_writes_for_all_its_counties(provincial, year):
    write(provincial, cap="5000", year=str(year + 1))
    assert catalogue_of(make.OTHER_COUNTY_VILLAGE, year + 1)[POST].cap == Decimal(5000)
    assert catalogue_of(make.VILLAGE, year)[POST].cap == Decimal(12000)


def test_what_the_form_shows_at_first_writes_the_very_same_conditions(clerk, year):
    write(clerk, cap="6000")
    shipped = Measure.objects.get(code=POST, division_id="0")
    written = catalogue_of(make.VILLAGE, year)[POST]
    for name in ("conditions", "confirmations", "documents", "group", "unit", "category", "order"):
        assert getattr(written, name) == getattr(shipped, name)


def test_a_condition_that_no_row_can_hold_is_kept_or_dropped_by_its_box(clerk, year):
    nested = {"any": [{"fact": "weak", "is": 1}, {"fact": "able", "is": 1}]}
    version(make.PROVINCE, conditions=[nested, {"fact": "age", "least": 16}])
    page = clerk.get(at("measure_change", POST))
    assert b"is able to work a little or is able to work fully" in page.content
    clerk.post(at("measure_change", POST), typed(page))
    assert catalogue_of(make.VILLAGE, year)[POST].conditions == [
        nested,
        {"fact": "age", "least": 16},
    ]
    write(clerk, conditions=[])
    assert catalogue_of(make.VILLAGE, year)[POST].conditions == [{"fact": "age", "least": 16}]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"least_1": "70"}, "The least is above the most."),
        ({"typical_low": "9000", "typical_high": "1"}, "from the lower to the higher"),
    ],
)
def test_what_cannot_hold_is_refused(clerk, changed, said):
    answer = write(clerk, **changed)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Measure.objects.filter(division_id=make.COUNTY).exists()


def test_a_version_that_changes_nothing_is_not_written(clerk):
    shipped = Measure.objects.get(code=POST, division_id="0")
    answer = write(clerk, source=shipped.source)
    assert (answer.status_code, b"Nothing differs" in answer.content) == (400, True)


def test_of_two_at_once_the_second_is_told_and_can_send_again(clerk, cast, signed_in, year):
    slow = clerk.get(at("measure_change", POST))
    colleague = make.make_officer(Role.COUNTY_CLERK, make.COUNTY, name="王会计")
    assert write(signed_in(colleague), cap="8000").status_code == 302
    answer = clerk.post(at("measure_change", POST), typed(slow, cap="6000"))
    assert answer.status_code == 409
    assert b"wrote a new version of this measure since you opened the form" in answer.content
    assert answer.context["form"]["cap"].value() == "6000"
    again = clerk.post(at("measure_change", POST), typed(answer))
    assert again.status_code == 302
    assert catalogue_of(make.VILLAGE, year)[POST].cap == Decimal(6000)


def test_a_version_of_the_province_meanwhile_is_told_to_the_county(clerk, provincial):
    slow = clerk.get(at("measure_change", POST))
    write(provincial, cap="8000")
    assert clerk.post(at("measure_change", POST), typed(slow)).status_code == 409


def test_a_measure_is_withdrawn_and_offered_again(clerk, year):
    page = clerk.get(at("measure_withdraw", POST))
    assert clerk.post(at("measure_withdraw", POST), typed(page)).status_code == 302
    assert POST not in catalogue_of(make.VILLAGE, year)
    assert POST in catalogue_of(make.OTHER_COUNTY_VILLAGE, year)
    assert b"not offered" in clerk.get(at("measure", POST)).content
    assert Change.objects.get(action="withdraw_measure").after["offered"] is False
    assert write(clerk, cap="6000").status_code == 302
    assert POST in catalogue_of(make.VILLAGE, year)


def test_a_measure_is_not_withdrawn_twice(clerk, cast, year):
    seen = latest_version(POST, make.COUNTY).pk
    cast.county_clerk.posting = cast.county_clerk.postings.get()
    withdraw_measure(POST, year=year, source="t", by=cast.county_clerk, seen=seen)
    page = clerk.get(at("measure_withdraw", POST))
    answer = clerk.post(at("measure_withdraw", POST), typed(page))
    assert answer.status_code == 409
    assert b"not offered here in that year already" in answer.content


def test_a_county_adds_a_measure_of_its_own(clerk, year):
    page = clerk.get(at("measure_add", unit="person"))
    answer = clerk.post(
        at("measure_add", unit="person"),
        typed(
            page, code="EMP-LOCAL", category="EMP", sector="labour", fact_0="age", least_0="18",
            name_zh="县内招聘", name_en="local hiring",
        ),
    )  # fmt: skip
    assert answer.status_code == 302
    own = catalogue_of(make.VILLAGE, year)["EMP-LOCAL"]
    assert (own.unit, own.conditions) == ("person", [{"fact": "age", "least": 18}])
    assert "EMP-LOCAL" not in catalogue_of(make.OTHER_COUNTY_VILLAGE, year)


def test_the_code_of_a_new_measure_is_new(clerk):
    page = clerk.get(at("measure_add"))
    known = {"category": "PUB", "sector": "labour", "name_zh": "岗位", "name_en": "post"}
    answer = clerk.post(at("measure_add"), typed(page, code=POST, **known))
    assert (answer.status_code, b"has this code already" in answer.content) == (400, True)


@pytest.mark.parametrize(
    "part", ["county_approver", "township_reviewer", "helper", "city_reviewer"]
)
def test_others_write_no_versions(cast, signed_in, part):
    client = signed_in(getattr(cast, part))
    for name in ("measure_change", "measure_withdraw"):
        assert client.get(at(name, POST)).status_code == 403
    assert client.get(at("measure_add")).status_code == 403
    assert b"Write a new version" not in client.get(at("measure", POST)).content
