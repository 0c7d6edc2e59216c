"""What is under way about a household moves with it to its new village; what is past stays."""

import pytest

from households.entry.drafts import open_update
from households.models import Draft, Household, QualityIssue
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.pictures import photo
from tests.web.households.changes.changed import done, wanted
from workflow.actions.attachments import attach
from workflow.models import Attachment, Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def household(tree) -> Household:
    return make.make_household(state=State.POOR, persons=2)


@pytest.fixture
def there(tree):
    """The official of the new village."""
    return make.make_officer(Role.VILLAGE_OFFICIAL, make.OTHER_TOWNSHIP_VILLAGE)


def prove(by, kind: str, key: str) -> Attachment:
    return attach(
        photo(),
        by=by,
        division=make.VILLAGE,
        subject_kind=kind,
        subject_id=key,
        purpose="housing",
    )


def relocate(household, cast) -> None:
    done(household, wanted("relocation", to_village=make.OTHER_TOWNSHIP_VILLAGE), cast)


def test_its_evidence_is_seen_where_it_lives_now(cast, signed_in, household, there):
    proof = prove(cast.village_official, "household", household.number)
    relocate(household, cast)
    assert signed_in(there).get(f"/evidence/file/{proof.uuid}/").status_code == 200
    assert signed_in(cast.village_official).get(f"/evidence/file/{proof.uuid}/").status_code == 404


def test_its_draft_goes_on_in_the_new_village_alone(cast, household, there):
    draft = open_update(household, by=cast.village_official, year=2020)
    proof = prove(cast.village_official, "draft", str(draft.uuid))
    relocate(household, cast)
    assert Draft.objects.visible_to(there).open().filter(pk=draft.pk).exists()
    assert Attachment.objects.visible_to(there).filter(pk=proof.pk).exists()
    assert not Draft.objects.visible_to(cast.village_official).open().exists()


def test_its_open_cases_are_carried_on_there_and_closed_ones_stay(cast, household, there):
    going_on = make.make_case(household, "watch")
    relocate(household, cast)
    assert Case.objects.visible_to(there).filter(pk=going_on.pk).exists()
    past = Case.everywhere.get(kind="change", subject=household.number)
    assert past.division_id == make.VILLAGE


def test_what_is_to_be_mended_is_mended_there(cast, household, there):
    issue = QualityIssue.everywhere.create(
        household=household, village_id=make.VILLAGE, year=2020, rule="p01", severity=3
    )
    relocate(household, cast)
    assert QualityIssue.objects.visible_to(there).filter(pk=issue.pk).exists()
