"""The pages on which a county clerk decides between theirs and ours."""

import pytest
from django.urls import reverse

from exchange.models import Difference, DifferenceState
from households.models import Household
from tests import factories as make
from tests.web.exchange.differing import a_household, a_key, differing, edited
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LIST = "/exchange/differences/"


@pytest.fixture
def page(cast, signed_in):
    return signed_in(cast.county_clerk)


def at(household, part: str = "") -> str:
    return f"{LIST}{household.number}/{part}"


def chosen(page, household, **more) -> dict[str, str]:
    """The hidden fields of the page of a household, with more."""
    form = page.get(at(household)).context["form"]
    hidden = {name: form[name].value() for name in ("version", "seen")}
    return hidden | {
        name.replace("difference_", "difference-"): word for name, word in more.items()
    }


def test_the_list_names_each_household_of_the_county_with_how_much_waits(page):
    household, other = a_household(), a_household()
    differing(household, group="二组", address="村西 1 号")
    differing(other, group="二组")
    make.make_household(make.OTHER_COUNTY_VILLAGE)
    answer = page.get(LIST)
    assert [(row.household, row.waiting) for row in answer.context["page"].rows] == [
        (household, 2),
        (other, 1),
    ]
    assert [(place.pk, count) for place, count in answer.context["townships"]] == [
        (make.TOWNSHIP, 3)
    ]
    assert household.number in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?group=causes", 0),
        ("?group=household", 1),
        ("?state=open", 1),
        ("?state=refused", 0),
        (f"?division={make.TOWNSHIP}", 1),
    ],
)
def test_the_list_is_narrowed(page, query, found):
    differing(a_household(), group="二组")
    assert page.get(LIST + query).context["page"].count == found


def test_the_list_is_narrowed_to_one_system(page):
    first, second = a_key(name="省平台"), a_key(name="市平台")
    differing(a_household(), first, group="二组")
    differing(a_household(), second, group="二组")
    answer = page.get(f"{LIST}?client={first.client_id}")
    assert (answer.context["page"].count, page.get(LIST).context["page"].count) == (1, 2)


def test_a_filter_that_is_none_is_told(page):
    differing(a_household(), group="二组")
    assert page.get(f"{LIST}?division={make.OTHER_COUNTY}").status_code == 400


def test_an_empty_list_leads_to_the_parameters(page):
    assert reverse("pages:parameters") in page.get(LIST).content.decode()


def test_both_sides_stand_in_words_and_numbers_are_masked(page):
    household = a_household()
    differing(
        household,
        phone="13912345678",
        main_cause="02",
        surveys=[{"year": 2019, "food": "0", "wage_income": "9000.00"}],
    )
    text = page.get(at(household)).content.decode()
    for words in ("139****5678", "9,000.00 yuan", "8,000.00 yuan", "not met", "Main cause"):
        assert words in text, words
    assert "13912345678" not in text


def test_what_is_chosen_is_written_and_the_rest_waits(page):
    household = a_household()
    group, address = differing(household, group="二组", address="村西 1 号")
    data = chosen(page, household) | {f"difference-{group.pk}": "theirs"}
    answer = page.post(at(household), data, follow=True)
    assert answer.redirect_chain[-1][0] == at(household)
    assert "1 difference is decided" in answer.content.decode()
    household.refresh_from_db()
    assert (household.group, household.address) == ("二组", "村东 3 号")
    address.refresh_from_db()
    assert address.state == DifferenceState.OPEN
    assert [row.pk for row, _label in answer.context["decided"]] == [group.pk]


def test_nothing_chosen_is_a_fault(page):
    household = a_household()
    differing(household, group="二组")
    answer = page.post(at(household), chosen(page, household))
    assert answer.status_code == 400
    assert "Choose at least once" in answer.content.decode()


def test_a_record_that_changed_is_told_with_what_changed_and_keeps_the_choice(page, cast):
    household = a_household()
    (row,) = differing(household, group="二组")
    data = chosen(page, household) | {f"difference-{row.pk}": "theirs"}
    edited(household, cast.village_official, group="三组", address="村南 2 号")
    answer = page.post(at(household), data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Group" in text
    assert "Address" in text
    assert cast.village_official.name in text
    assert answer.context["form"][f"difference-{row.pk}"].value() == "theirs"
    assert Household.everywhere.get(pk=household.pk).group == "三组"
    again = data | {name: answer.context["form"][name].value() for name in ("version", "seen")}
    assert page.post(at(household), again).status_code == 302
    assert Household.everywhere.get(pk=household.pk).group == "二组"


def test_a_refusal_stands_at_its_field(page):
    household = a_household()
    make.make_survey(household, 2018, wage_income="1000.00")
    (row,) = differing(household, surveys=[{"year": 2019, "wage_income": "9000.00"}])
    data = chosen(page, household) | {f"difference-{row.pk}": "theirs"}
    answer = page.post(at(household), data)
    assert answer.status_code == 409
    assert f'id="id_difference-{row.pk}_error"' in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?choice=both"])
def test_all_at_once_is_one_of_two(page, query):
    household = a_household()
    differing(household, group="二组")
    assert page.get(at(household, f"all/{query}")).status_code == 404


@pytest.mark.parametrize(("word", "group"), [("theirs", "二组"), ("ours", "一组")])
def test_all_at_once_is_asked_once_more(page, word, group):
    household = a_household()
    rows = differing(household, group="二组", address="村西 1 号")
    asked = page.get(at(household, f"all/?choice={word}"))
    form = asked.context["form"]
    assert form["keys"].value() == ",".join(str(row.pk) for row in rows)
    done = page.post(at(household, "all/"), {one.name: one.value() for one in form})
    assert done.status_code == 302
    assert Household.everywhere.get(pk=household.pk).group == group
    assert not Difference.objects.waiting().exists()


def test_all_at_once_decides_what_was_listed_alone(page):
    household, key = a_household(), a_key()
    (first,) = differing(household, key, group="二组")
    data = chosen(page, household) | {"all": "theirs", "keys": str(first.pk)}
    differing(household, key, group="三组")
    answer = page.post(at(household, "all/"), data)
    assert answer.status_code == 409
    assert Household.everywhere.get(pk=household.pk).group == "一组"


def test_numbers_are_shown_in_full_for_a_reason_that_is_recorded(page, cast):
    household = a_household()
    differing(household, phone="13912345678", group="二组")
    assert "13912345678" not in page.get(at(household, "numbers/")).content.decode()
    assert page.post(at(household, "numbers/"), {"reason": ""}).status_code == 400
    answer = page.post(at(household, "numbers/"), {"reason": "与户主核对"})
    assert "13912345678" in answer.content.decode()
    trace = Change.objects.get(action="reveal_differences")
    assert (trace.actor_id, trace.reason) == (cast.county_clerk.pk, "与户主核对")


def test_a_stranger_finds_nothing_and_another_role_is_refused(cast, signed_in):
    household = a_household()
    differing(household, group="二组")
    stranger, approver = signed_in(cast.stranger), signed_in(cast.county_approver)
    for part in ("", "numbers/"):
        assert stranger.get(at(household, part)).status_code == 404
        assert approver.get(at(household, part)).status_code == 403
    assert stranger.get(LIST).context["page"].count == 0
    assert approver.get(LIST).status_code == 403


def test_a_household_that_moved_is_decided_where_it_lies_now(cast, signed_in, page):
    household = a_household()
    differing(household, group="二组")
    Household.everywhere.filter(pk=household.pk).update(village=make.OTHER_COUNTY_VILLAGE)
    assert page.get(at(household)).status_code == 404
    assert page.get(LIST).context["page"].count == 0
    assert signed_in(cast.stranger).get(LIST).context["page"].count == 1


def test_the_home_page_of_the_clerk_counts_what_waits(page):
    differing(a_household(), group="二组", address="村西 1 号")
    text = page.get("/").content.decode()
    assert "Values of other systems to decide" in text


def test_the_pages_speak_chinese(cast, signed_in, settings):
    household = a_household()
    differing(household, group="二组")
    client = signed_in(cast.county_clerk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    text = client.get(at(household)).content.decode()
    assert "保留本方" in text
