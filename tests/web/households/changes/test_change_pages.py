"""Reporting a change on the pages: chosen, entered, told at the field, mended when returned."""

import pytest
from django.urls import reverse

from households.actions.changes import propose_change
from households.models import HouseholdChange
from households.rules import State
from tests import factories as make
from tests.web.households.changes.changed import active, decide, wanted
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def household(tree):
    return make.make_household(state=State.POOR, persons=2)


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


def url(household, kind: str) -> str:
    return reverse("households:change_report", args=[household.number, kind])


def death_of(member) -> dict[str, str]:
    return {
        "happened_on": "2020-05-04",
        "reason": "去世",
        "proof": "死亡证明",
        f"goes-{member.pk}": "on",
        f"relation-{member.pk}": "02",
    }


def test_every_kind_is_offered_and_opens(client, household):
    page = client.get(reverse("households:change", args=[household.number])).text
    for kind in ("birth", "death", "transfer", "split", "merge", "relocation", "cancellation"):
        assert url(household, kind) in page
        assert client.get(url(household, kind)).status_code == 200


def test_a_reported_death_goes_to_the_township(client, household):
    head, spouse = active(household)
    answer = client.post(url(household, "death"), death_of(spouse) | {f"relation-{head.pk}": "01"})
    case = Case.everywhere.get()
    assert answer.url == reverse("pages:case", args=[case.pk])
    assert HouseholdChange.objects.get().kind == "death"


def test_a_missing_proof_is_told_at_the_field_and_the_rest_stays(client, household):
    spouse = active(household)[1]
    answer = client.post(url(household, "death"), death_of(spouse) | {"proof": ""})
    assert answer.status_code == 400
    assert 'id="id_proof_error"' in answer.text
    assert 'value="去世"' in answer.text


def test_all_that_is_missing_is_told_at_once(client, household):
    answer = client.post(url(household, "birth"), {"id_number": "970123196503074014"})
    for name in ("happened_on", "reason", "proof", "name", "id_number"):
        assert f'id="id_{name}_error"' in answer.text, name
    assert "lies in the future" not in answer.text


def test_a_newborn_is_entered_by_the_rules_of_the_register(client, household):
    sent = {
        "happened_on": "2020-05-04",
        "reason": "出生",
        "proof": "出生证明",
        "name": "陈新",
        "relation": "04",
        "id_number": "970123196503074014",
    }
    answer = client.post(url(household, "birth"), sent)
    assert answer.status_code == 400
    assert 'id="id_id_number_error"' in answer.text


def test_the_case_says_the_change_in_words(cast, signed_in, household):
    spouse = active(household)[1]
    change = wanted("death", goes=frozenset({spouse.pk}))
    case = propose_change(household, change, by=cast.village_official)
    page = signed_in(cast.township_reviewer).get(reverse("pages:case", args=[case.pk])).text
    assert "The change: Death" in page
    assert spouse.name in page


def test_a_role_without_names_reads_none_in_the_case(cast, signed_in, household):
    spouse = active(household)[1]
    change = wanted("death", goes=frozenset({spouse.pk}))
    case = propose_change(household, change, by=cast.village_official)
    page = signed_in(cast.city_reviewer).get(reverse("pages:case", args=[case.pk])).text
    assert spouse.name not in page


def test_a_returned_change_is_fixed_where_it_was_entered(cast, client, household):
    spouse = active(household)[1]
    change = wanted("death", goes=frozenset({spouse.pk}))
    case = propose_change(household, change, by=cast.village_official)
    decide(case, "return", cast.township_reviewer, note="请补证明")
    mend = reverse("households:change_mend", args=[household.number, case.household_change.pk])
    assert mend in client.get(reverse("pages:case", args=[case.pk])).text
    assert "村委会证明" in client.get(mend).text
    answer = client.post(mend, death_of(spouse) | {"proof": "派出所证明"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "proposed"


def test_a_reader_reports_nothing(cast, signed_in, household):
    assert signed_in(cast.reader).get(url(household, "death")).status_code == 403
