"""The pages of policy gaps: counts by rule and place, the list, one gap, its answer, the file."""

import csv
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from assistance.models import Gap, GapResolution, GapRun, RunState
from assistance.models.gaps import WORDS_FIELD
from assistance.rules.gaps import Resolution
from households.rules import State
from tests import factories as make
from trail.dates import business_date
from trail.models import Change
from trail.sealing import unseal

pytestmark = pytest.mark.django_db
YEAR = 2019


@pytest.fixture
def run(cast):
    return make.make_gap_run(make.COUNTY, asked_by=cast.county_clerk)


@pytest.fixture
def gap(cast, run):
    return make.make_gap(make.make_household(state=State.POOR, housing_grade="D"), run=run)


def page(client, route: str, **query: object):
    return client.get(f"{reverse(f'assistance:{route}')}?{urlencode(query)}")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def answer(client, gap: Gap, **said: object):
    entries = {"version": gap.version, "kind": "explained", "words": "户主已在城里买房"} | said
    return client.post(reverse("assistance:gap_resolve", args=[gap.pk]), entries)


def test_the_counts_lead_from_the_county_down_to_the_village(cast, signed_in, run):
    for village, number in ((make.VILLAGE, 2), (make.OTHER_TOWNSHIP_VILLAGE, 1)):
        for _ in range(number):
            make.make_gap(make.make_household(village), run=run)
    counts = page(signed_in(cast.county_clerk), "gaps", year=YEAR).context["counts"]
    assert [(row.rule, row.shown) for row in counts.rules] == [("house", "3")]
    places = {row.division.pk: row.all for row in counts.places}
    assert (places[make.TOWNSHIP], places[make.OTHER_TOWNSHIP]) == ("2", "1")
    below = page(signed_in(cast.county_clerk), "gaps", year=YEAR, division=make.TOWNSHIP)
    assert {r.division.pk: r.all for r in below.context["counts"].places}[make.VILLAGE] == "2"


def test_a_place_that_nobody_searched_shows_no_zero(cast, signed_in, in_english):
    run = make.make_gap_run(make.TOWNSHIP, asked_by=cast.county_clerk)
    make.make_gap(make.make_household(), run=run)
    client = signed_in(cast.county_clerk)
    counts = page(client, "gaps", year=YEAR).context["counts"]
    rows = {
        row.division.pk: (row.all, {shown for _name, shown in row.kinds}) for row in counts.places
    }
    assert rows[make.TOWNSHIP][0] == "1"
    assert rows[make.OTHER_TOWNSHIP] == ("not searched", {"–"})
    below = page(client, "gaps", year=YEAR, division=make.TOWNSHIP).context["counts"].places
    assert "not searched" not in {row.all for row in below}


def test_a_search_of_another_year_counts_for_none_of_this_one(cast, signed_in, in_english):
    make.make_gap_run(make.COUNTY, asked_by=cast.county_clerk, year=YEAR - 1)
    make.make_gap_run(make.TOWNSHIP, asked_by=cast.county_clerk)
    counts = page(signed_in(cast.county_clerk), "gaps", year=YEAR).context["counts"]
    rows = {row.division.pk: row.all for row in counts.places}
    assert (rows[make.TOWNSHIP], rows[make.OTHER_TOWNSHIP]) == ("0", "not searched")


def test_a_chosen_rule_narrows_the_counts_of_the_places(cast, signed_in, run):
    household = make.make_household()
    make.make_gap(household, run=run)
    make.make_gap(household, "health", run=run)
    counts = page(signed_in(cast.county_clerk), "gaps", rule="health").context["counts"]
    assert {row.division.pk: row.all for row in counts.places}[make.TOWNSHIP] == "1"
    assert len(counts.rules) == 2


def test_a_role_without_names_sees_no_few_and_no_list(cast, signed_in, run):
    for _ in range(4):
        make.make_gap(make.make_household(), run=run)
    for _ in range(6):
        make.make_gap(make.make_household(), "health", run=run)
    client = signed_in(cast.city_reviewer)
    response = page(client, "gaps", year=YEAR, division=make.COUNTY)
    shown = {row.rule: row.shown for row in response.context["counts"].rules}
    assert shown["house"] == "<5"
    assert shown["health"] not in ("6", "4")
    assert page(client, "gap_list", division=make.COUNTY).status_code == 403


def test_the_list_names_the_rule_and_the_fact_and_leads_to_the_household(cast, signed_in, gap):
    response = page(signed_in(cast.village_official), "gap_list", year=YEAR)
    [row] = response.context["page"].rows
    assert row.rule == "住房为C级或D级，未享受危房改造或搬迁"
    assert row.facts == [("房屋等级", "D")]
    assert reverse("pages:household", args=[gap.household.number]) in text_of(response)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"house", "health", "post_age"}),
        ({"rule": "health"}, {"health"}),
        ({"kind": "not_entitled"}, {"post_age"}),
        ({"state": "open"}, {"house", "post_age"}),
        ({"state": "promised"}, {"health"}),
        ({"state": "late"}, {"health"}),
        ({"state": "gone"}, {"water"}),
    ],
)
def test_the_list_is_filtered_by_rule_kind_and_state(cast, signed_in, run, filters, found):
    household = make.make_household()
    make.make_gap(household, run=run)
    long_ago = business_date() - timedelta(days=1)
    make.make_gap(household, "health", run=run, resolution=Resolution.PROMISED, due_on=long_ago)
    make.make_gap(household, "post_age", run=run, kind="not_entitled")
    make.make_gap(household, "water", run=run, gone_run=run)
    response = page(signed_in(cast.county_clerk), "gap_list", year=YEAR, **filters)
    assert {row.gap.rule for row in response.context["page"].rows} == found


def test_the_list_costs_the_same_for_one_gap_and_for_many(
    cast, signed_in, run, django_assert_max_num_queries
):
    for _ in range(6):
        make.make_gap(make.make_household(), run=run)
    client = signed_in(cast.county_clerk)
    page(client, "gap_list")
    with django_assert_max_num_queries(13):
        assert len(page(client, "gap_list").context["page"].rows) == 6


def test_a_helper_finds_the_gaps_of_his_own_households_alone(cast, signed_in, run):
    own, other = make.make_household(), make.make_household()
    make.make_pairing(own, make.make_cadre(account=cast.helper))
    for household in (own, other):
        make.make_gap(household, run=run)
    response = page(signed_in(cast.helper), "gap_list", year=YEAR)
    assert [row.gap.household for row in response.context["page"].rows] == [own]


def test_a_helper_does_not_read_what_ails_a_member(cast, signed_in, run):
    household = make.make_household()
    make.make_pairing(household, make.make_cadre(account=cast.helper))
    make.make_gap(household, "cover_disabled", run=run, facts={"health": 4, "cert_grade": 1})
    [row] = page(signed_in(cast.helper), "gap_list").context["page"].rows
    assert row.facts == []


def test_an_answer_is_kept_sealed_and_stands_in_the_history(cast, signed_in, gap):
    client = signed_in(cast.village_official)
    assert answer(client, gap).status_code == 302
    kept = GapResolution.objects.get()
    assert unseal(kept.words_sealed, field=WORDS_FIELD, row=kept.uuid) == "户主已在城里买房"
    gap.refresh_from_db()
    assert (gap.resolution, gap.version) == ("explained", 2)
    shown = text_of(client.get(reverse("assistance:gap", args=[gap.pk])))
    assert "户主已在城里买房" in shown
    assert cast.village_official.name in shown
    assert "买房" not in str(Change.objects.get(action="resolve_gap").after)


def test_a_second_answer_leaves_the_first_in_the_history(cast, signed_in, gap):
    answer(signed_in(cast.village_official), gap)
    gap.refresh_from_db()
    due = business_date() + timedelta(days=30)
    client = signed_in(cast.township_reviewer)
    assert answer(client, gap, kind="promised", due_on=due, words="下月修房").status_code == 302
    gap.refresh_from_db()
    assert (gap.resolution, gap.due_on) == ("promised", due)
    history = client.get(reverse("assistance:gap", args=[gap.pk])).context["history"]
    assert [one.words for one in history.answers] == ["户主已在城里买房", "下月修房"]


def test_an_answer_to_what_changed_meanwhile_keeps_what_was_typed(cast, signed_in, gap):
    client = signed_in(cast.village_official)
    Gap.everywhere.filter(pk=gap.pk).update(version=2)
    response = answer(client, gap)
    assert response.status_code == 409
    assert "户主已在城里买房" in text_of(response)
    assert not GapResolution.objects.exists()
    gap.refresh_from_db()
    assert answer(client, gap).status_code == 302


@pytest.mark.parametrize(
    "said", [{"kind": "promised"}, {"kind": "promised", "due_on": "2014-01-01"}, {"words": " "}]
)
def test_an_answer_that_says_nothing_is_marked(cast, signed_in, gap, said):
    assert answer(signed_in(cast.village_official), gap, **said).status_code == 400
    assert not GapResolution.objects.exists()


def test_nobody_answers_a_gap_that_is_gone(cast, signed_in, gap, run):
    Gap.everywhere.filter(pk=gap.pk).update(gone_run=run)
    assert answer(signed_in(cast.village_official), gap).status_code == 403


@pytest.mark.parametrize("who", ["auditor", "county_approver"])
def test_who_only_reads_answers_nothing(cast, signed_in, gap, who):
    client = signed_in(getattr(cast, who))
    assert client.get(reverse("assistance:gap", args=[gap.pk])).status_code == 200
    assert answer(client, gap).status_code == 403


def test_a_village_does_not_reach_the_gap_of_another(cast, signed_in, run):
    elsewhere = make.make_gap(make.make_household(make.NEXT_VILLAGE), run=run)
    client = signed_in(cast.village_official)
    assert client.get(reverse("assistance:gap", args=[elsewhere.pk])).status_code == 404
    assert answer(client, elsewhere).status_code == 404
    assert page(client, "gap_list", division=make.NEXT_VILLAGE).status_code == 404


def test_the_file_holds_what_the_list_shows_and_is_traced(cast, signed_in, gap):
    client = signed_in(cast.county_clerk)
    answer(client, gap)
    response = page(client, "gap_list_csv", year=YEAR)
    lines = list(csv.reader(StringIO(b"".join(response).decode("utf-8-sig"))))
    assert len(lines) == 2
    assert lines[1][1] == gap.household.number
    assert lines[1][-1] == "户主已在城里买房"
    taken = Change.objects.get(action="download_gaps")
    assert (taken.division_code, taken.after["rows"]) == (make.COUNTY, 1)


def test_a_list_too_long_to_look_through_is_no_file_and_leaves_no_trace(
    cast, signed_in, gap, monkeypatch
):
    monkeypatch.setattr("assistance.actions.gap_resolving.MOST_TAKEN", 0)
    response = page(signed_in(cast.county_clerk), "gap_list_csv", year=YEAR)
    assert response.status_code == 409
    assert not Change.objects.filter(action="download_gaps").exists()


@pytest.mark.parametrize("who", ["village_official", "province_officer", "helper"])
def test_a_list_of_people_is_no_file_for_everybody(cast, signed_in, gap, who):
    assert page(signed_in(getattr(cast, who)), "gap_list_xlsx").status_code == 403


def test_a_clerk_asks_for_a_search_and_follows_it_without_a_script(cast, signed_in):
    make.make_household(state=State.POOR)
    client = signed_in(cast.county_clerk)
    sent = {"division": make.COUNTY, "year": YEAR}
    response = client.post(reverse("assistance:gap_search"), sent, follow=True)
    run = GapRun.everywhere.get()
    assert (run.root_id, run.state) == (make.COUNTY, RunState.RUNNING)
    assert 'http-equiv="refresh"' in text_of(response)
    assert text_of(response).count("<progress") == 1
    again = client.post(reverse("assistance:gap_search"), sent)
    assert again.status_code == 409
    assert Change.objects.filter(action="search_gaps").count() == 1


def test_only_seekers_ask_for_a_search_and_only_at_home(cast, signed_in):
    address = reverse("assistance:gap_search")
    assert signed_in(cast.township_reviewer).get(address).status_code == 403
    sent = {"division": make.OTHER_COUNTY, "year": YEAR}
    assert signed_in(cast.county_clerk).post(address, sent).status_code == 400


def test_a_search_tells_its_few_to_nobody_without_names(cast, signed_in):
    run = make.make_gap_run(make.PROVINCE, totals={"house": 3})
    address = reverse("assistance:gap_run", args=[run.pk])
    assert signed_in(cast.province_officer).get(address).context["found"] == []


def test_a_double_leads_to_the_other_measure_within_reach_alone(cast, signed_in, run):
    one, near = make.make_household(), make.make_household()
    far = make.make_household(make.OTHER_COUNTY_VILLAGE)
    items = [make.make_item(make.make_plan(other), "IND-INS") for other in (near, far)]
    client = signed_in(cast.county_clerk)
    for rule, item in zip(("same_twice", "cover_twice"), items, strict=True):
        gap = make.make_gap(one, rule, run=run, kind="double", facts={"other_item": item.pk})
        shown = client.get(reverse("assistance:gap", args=[gap.pk])).context["beside"]
        assert shown.other == (item if item.household == near else None)


def test_a_helper_sees_the_other_measure_of_his_own_households_alone(cast, signed_in, run):
    own, also_own, foreign = (make.make_household() for _ in range(3))
    cadre = make.make_cadre(account=cast.helper)
    for household in (own, also_own):
        make.make_pairing(household, cadre)
    client = signed_in(cast.helper)
    for rule, other in (("same_twice", also_own), ("cover_twice", foreign)):
        item = make.make_item(make.make_plan(other), "IND-INS")
        gap = make.make_gap(own, rule, run=run, kind="double", facts={"other_item": item.pk})
        shown = client.get(reverse("assistance:gap", args=[gap.pk])).context["beside"]
        assert shown.other == (item if other == also_own else None)
