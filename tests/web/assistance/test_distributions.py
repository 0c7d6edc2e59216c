"""Income of an asset shared out: proposed, changed, recorded once, taken back; who reads it."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.actions.distributing import (
    Entry,
    Part,
    record_distribution,
    withdraw_distribution,
)
from assistance.models import Distribution, Transfer, TransferKind
from assistance.queries.distributions import asset_income_of
from households.models.members import HEAD
from households.rules import State
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.assistance.served import STARTED, YEAR, plant, serve
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "cast")]
PAID = date(YEAR, 12, 20)


@pytest.fixture
def item():
    return plant()


def address(name, row):
    return reverse(f"assistance:{name}", args=[row.uuid])


def typed(**fields):
    """What is typed of a distribution of 1,000 yuan of which 100 stay."""
    return {
        "version": 1,
        "key": uuid.uuid4(),
        "year": YEAR,
        "total": "1000",
        "kept": "100",
        "decided_on": PAID,
        "paid_on": PAID,
        "basis": "equal",
        "whom": "all",
    } | fields


def entry(parts, **fields):
    values = {
        "key": uuid.uuid4(),
        "year": YEAR,
        "total": Decimal(1000),
        "kept": Decimal(100),
        "decided_on": PAID,
        "paid_on": PAID,
        "parts": {
            one.household_id: Part(TransferKind.DIVIDEND, Decimal(amount))
            for one, amount in parts.items()
        },
    }
    return Entry(**values | fields)


def shared(item, by, total=900):
    """A recorded distribution of one household, who got it, and 100 yuan that stay."""
    one = serve(item)
    item.refresh_from_db()
    made = record_distribution(
        item.pk,
        entry({one: total}, total=Decimal(total + 100)),
        version=item.version,
        by=by,
    )
    return made, one.household


def test_the_proposal_fills_the_table_and_records_nothing(cast, item, signed_in):
    weak, strong = serve(item), serve(item)
    strong.household.members.update(labour="01")
    answer = signed_in(cast.village_official).post(
        address("distribute", item), typed(total="1000.01", propose="yes")
    )
    assert "Nothing is recorded yet." in answer.text
    form = answer.context["form"]
    amounts = [form[f"amount_{one.household_id}"].value() for one in (weak, strong)]
    assert amounts == ["450.01", "450.00"]
    assert [one.household for one, *_fields in answer.context["rows"]] == [
        weak.household,
        strong.household,
    ]
    assert not Distribution.everywhere.exists()


def test_a_proposal_without_a_sum_says_so_and_keeps_the_parts(cast, item, signed_in):
    one = serve(item)
    sent = typed(total="", propose="yes") | {f"amount_{one.household_id}": "77"}
    answer = signed_in(cast.village_official).post(address("distribute", item), sent)
    assert answer.status_code == 400
    assert "Sum (yuan): fill this in." in answer.text
    assert answer.context["form"][f"amount_{one.household_id}"].value() == "77"


def test_by_share_nobody_with_a_share_is_told(cast, item, signed_in):
    serve(item)
    sent = typed(basis="share", propose="yes")
    answer = signed_in(cast.village_official).post(address("distribute", item), sent)
    assert "nobody has a part by it." in answer.text


def test_a_distribution_is_recorded_with_each_part(cast, item, signed_in):
    first, second = serve(item), serve(item)
    sent = typed(note="年底分红") | {
        f"amount_{first.household_id}": "600.50",
        f"kind_{first.household_id}": "dividend",
        f"amount_{second.household_id}": "299.50",
        f"kind_{second.household_id}": "relief",
    }
    answer = signed_in(cast.village_official).post(address("distribute", item), sent, follow=True)
    assert "The distribution is recorded." in answer.text
    found = Transfer.objects.order_by("pk").values_list("household", "kind", "amount", "payee")
    heads = [one.household.members.get(relation=HEAD).pk for one in (first, second)]
    assert list(found) == [
        (first.household_id, "dividend", Decimal("600.50"), heads[0]),
        (second.household_id, "relief", Decimal("299.50"), heads[1]),
    ]
    traced = Change.objects.get(action="distribute_income")
    assert (traced.after["total"], traced.after["households"]) == ("1000.00", 2)
    assert "600.50" in answer.text


@pytest.mark.parametrize(
    ("amount", "said"),
    [("899.99", "0.01 yuan are left."), ("900.01", "The parts are 0.01 yuan too much.")],
)
def test_parts_that_do_not_add_up_are_refused_and_kept(cast, item, signed_in, amount, said):
    one = serve(item)
    sent = typed() | {f"amount_{one.household_id}": amount, f"kind_{one.household_id}": "dividend"}
    answer = signed_in(cast.village_official).post(address("distribute", item), sent)
    assert answer.status_code == 400
    assert said in answer.text
    assert answer.context["form"][f"amount_{one.household_id}"].value() == amount
    assert not Distribution.everywhere.exists()


def test_everything_can_stay_with_the_village(cast, item):
    made = record_distribution(
        item.pk, entry({}, kept=Decimal(1000)), version=1, by=cast.village_official
    )
    assert not made.transfers.exists()


def test_the_same_form_twice_is_one_distribution(cast, item):
    sent = entry({serve(item): 900})
    first = record_distribution(item.pk, sent, version=1, by=cast.village_official)
    assert record_distribution(item.pk, sent, version=1, by=cast.village_official) == first


def test_a_second_form_of_the_old_state_is_stale(cast, item, signed_in):
    one = serve(item)
    record_distribution(item.pk, entry({one: 900}), version=1, by=cast.first_secretary)
    sent = typed() | {f"amount_{one.household_id}": "900", f"kind_{one.household_id}": "dividend"}
    answer = signed_in(cast.village_official).post(address("distribute", item), sent)
    assert answer.status_code == 409
    assert answer.context["form"][f"amount_{one.household_id}"].value() == "900"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"paid_on": date(2999, 1, 1)}, "paid_on"),
        ({"decided_on": date(YEAR, 12, 21)}, "decided_on"),
        ({"year": YEAR - 1}, "year"),
        ({"year": YEAR + 1}, "year"),
        ({"kept": Decimal(1001)}, "kept"),
        ({"total": Decimal(0), "kept": Decimal(0)}, "total"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast, item, fields, name):
    with pytest.raises(EntryRefused) as refused:
        record_distribution(item.pk, entry({}, **fields), version=1, by=cast.village_official)
    assert name in dict(refused.value.faults)


def test_only_who_is_served_now_gets_a_part(cast, item):
    one = serve(item)
    one.ended_on = STARTED
    one.save()
    with pytest.raises(EntryRefused) as refused:
        record_distribution(item.pk, entry({one: 900}), version=1, by=cast.village_official)
    assert f"amount_{one.household_id}" in dict(refused.value.faults)


def test_a_road_bears_no_income(cast):
    road = plant("INF-ROAD")
    with pytest.raises(Refused, match="bears no income"):
        record_distribution(road.pk, entry({serve(road): 900}), version=1, by=cast.village_official)


def test_a_distribution_is_taken_back_once_with_a_reason(cast, item, signed_in):
    made, household = shared(item, cast.village_official)
    client = signed_in(cast.township_reviewer)
    assert asset_income_of(household) == [(YEAR, 900)]
    where = address("distribution_withdraw", made)
    answer = client.post(where, {"reason": "金额录错"}, follow=True)
    assert "Taken back, it counts no more: 金额录错" in answer.text
    assert asset_income_of(household) == []
    with pytest.raises(Refused, match="already"):
        withdraw_distribution(made.pk, reason="again", by=cast.township_reviewer)


def test_totals_are_told_by_household_and_year(cast, item, signed_in):
    _made, household = shared(item, cast.village_official)
    shared(item, cast.village_official, 50)
    where = f"{reverse('assistance:asset_income')}?division={make.VILLAGE}&year={YEAR}"
    answer = signed_in(cast.village_official).get(where)
    assert next((one.household, one.amount) for one in answer.context["households"]) == (
        household,
        900,
    )
    assert answer.context["income"].whole.total == 1150
    county = signed_in(cast.county_clerk).get(reverse("assistance:asset_income"), {"year": YEAR})
    assert [(one.division.pk, one.total) for one in county.context["income"].parts] == [
        (make.TOWNSHIP, 1150)
    ]


def test_the_list_takes_the_same_queries_for_many_places(
    cast, item, signed_in, django_assert_max_num_queries
):
    shared(item, cast.village_official)
    shared(plant(village=make.NEXT_VILLAGE), cast.township_reviewer)
    client = signed_in(cast.township_reviewer)
    with django_assert_max_num_queries(14):
        client.get(reverse("assistance:asset_income"), {"year": YEAR})


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_is_taken_by_name_and_traced(cast, item, signed_in, form):
    _made, household = shared(item, cast.village_official)
    where = reverse(f"assistance:income_{form}")
    asked = {"division": make.VILLAGE, "year": YEAR}
    answer = signed_in(cast.township_reviewer).get(where, asked)
    if form == "csv":
        assert household.number in b"".join(answer).decode()
    assert Change.objects.get(action="download_asset_income").after == {"year": YEAR, "rows": 1}


def test_a_role_without_names_reads_sums_and_not_who(cast, item, signed_in):
    made, household = shared(item, cast.village_official)
    for where in (address("village_measure", item), address("distribution", made)):
        text = signed_in(cast.reader).get(where).text
        assert household.number not in text
        assert "陈大山" not in text
    listed = signed_in(cast.reader).get(reverse("assistance:asset_income"), {"year": YEAR})
    whole = listed.context["income"].whole
    assert (whole.households, whole.total) == ("<5", None)


def test_a_helper_reads_the_parts_of_his_own_households(cast, item, signed_in):
    made, other = shared(item, cast.village_official)
    again, own = shared(item, cast.village_official)
    make.make_pairing(own, make.make_cadre(account=cast.helper))
    client = signed_in(cast.helper)
    text = client.get(address("village_measure", item)).text
    assert own.number in text
    assert other.number not in text
    assert other.number not in client.get(address("distribution", made)).text
    assert own.number in client.get(address("distribution", again)).text


@pytest.mark.parametrize("part", ["helper", "reader", "county_approver"])
def test_others_share_nothing_out(cast, item, signed_in, part):
    officer = getattr(cast, part)
    with pytest.raises(NotAllowed):
        record_distribution(item.pk, entry({}), version=1, by=officer)
    assert signed_in(officer).get(address("distribute", item)).status_code == 403


def test_a_stranger_finds_neither_measure_nor_distribution(cast, item, signed_in):
    made, _household = shared(item, cast.village_official)
    client = signed_in(cast.stranger)
    for where in (address("village_measure", item), address("distribution", made)):
        assert client.get(where).status_code == 404


def test_the_list_of_villages_tells_status_amounts_and_who_is_served(cast, item, signed_in):
    serve(item, share=1500)
    plant("INF-ROAD", village=make.NEXT_VILLAGE, status="agreed")
    client = signed_in(cast.county_clerk)
    page = client.get(reverse("assistance:village_measures")).context["page"]
    assert [(one.code, one.number) for one in page.kinds] == [("AST-SOLAR", 1), ("INF-ROAD", 1)]
    assert [(row.item.code, row.served, row.shares) for row in page.rows] == [
        ("AST-SOLAR", "1", 1500),
        ("INF-ROAD", "0", None),
    ]
    asked = {"code": "INF-ROAD", "division": make.TOWNSHIP, "year": YEAR}
    narrowed = client.get(reverse("assistance:village_measures"), asked).context["page"]
    assert [row.item.code for row in narrowed.rows] == ["INF-ROAD"]
    assert (
        make.make_household(state=State.POOR).number not in client.get("/assistance/villages/").text
    )


def test_a_proposal_is_recorded_today(cast, item, signed_in):
    serve(item)
    form = signed_in(cast.village_official).get(address("distribute", item)).context["form"]
    assert form["paid_on"].value() == business_date()
