"""Evidence on the pages: kept sealed, shown within reach only, taken away by who added it."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from households.actions.evidence import take_evidence_away
from households.entry.drafts import discard_draft, open_draft
from households.entry.evidence import purge_evidence
from households.models import Consent, Draft, YearFreeze
from officers.rules import Role
from tests import factories as make
from tests.pictures import pdf, photo, photo_with_place
from trail.errors import NotAllowed, Refused
from trail.models import Change
from workflow import evidence_store
from workflow.actions import attachments
from workflow.actions.attachments import attach, hand_over, purge, take_away
from workflow.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def draft(cast) -> Draft:
    return open_draft(make.VILLAGE, by=cast.village_official, year=2020, head={"name": "陈大山"})


def added(by, draft, content: bytes = b"", purpose: str = "housing") -> Attachment:
    return attach(
        content or photo(),
        by=by,
        division=make.VILLAGE,
        subject_kind="draft",
        subject_id=str(draft.uuid),
        purpose=purpose,
        year=2020,
    )


def page_of(draft) -> str:
    return reverse("pages:evidence", args=["draft", draft.uuid])


def sent(client, draft, *uploads: tuple[str, bytes], purpose: str = "housing"):
    files = [SimpleUploadedFile(name, content) for name, content in uploads]
    return client.post(page_of(draft), {"purpose": purpose, "uploads": files})


def test_a_photo_is_added_and_listed(cast, signed_in, draft):
    client = signed_in(cast.village_official)
    assert sent(client, draft, ("a.jpg", photo())).status_code == 302
    kept = Attachment.everywhere.get()
    assert (kept.purpose, kept.year, kept.added_by) == ("housing", 2020, cast.village_official)
    assert reverse("pages:evidence_file", args=[kept.uuid]) in client.get(page_of(draft)).text


def test_several_files_are_added_at_once(cast, signed_in, draft):
    sent(signed_in(cast.village_official), draft, ("a.jpg", photo()), ("b.pdf", pdf()))
    assert Attachment.everywhere.count() == 2


def test_what_lies_on_the_disk_is_sealed(cast, draft, media):
    added(cast.village_official, draft)
    (file,) = [one for one in media.rglob("*") if one.is_file()]
    assert not file.read_bytes().startswith(b"\xff\xd8")
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_photo_comes_back_without_what_the_camera_wrote(cast, signed_in, draft):
    kept = added(cast.village_official, draft, photo_with_place())
    response = signed_in(cast.village_official).get(
        reverse("pages:evidence_file", args=[kept.uuid])
    )
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == "image/jpeg"
    assert not Image.open(io.BytesIO(content)).getexif()


def test_a_file_says_that_nothing_in_it_may_run(cast, signed_in, draft):
    kept = added(cast.village_official, draft, pdf())
    response = signed_in(cast.village_official).get(
        reverse("pages:evidence_file", args=[kept.uuid])
    )
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.VILLAGE_OFFICIAL, make.NEXT_VILLAGE),
        (Role.COUNTY_CLERK, make.OTHER_COUNTY),
        (Role.PROVINCE_OFFICER, make.PROVINCE),
        (Role.COUNTY_CLERK, make.COUNTY),
    ],
    ids=["next village", "other county", "role without names", "who drafts nothing"],
)
def test_who_does_not_reach_the_draft_sees_none_of_its_files(cast, signed_in, draft, role, place):
    kept = added(cast.village_official, draft)
    client = signed_in(make.make_officer(role, place))
    for name in ("evidence_file", "evidence_removal"):
        assert client.get(reverse(f"pages:{name}", args=[kept.uuid])).status_code == 404
    assert client.get(page_of(draft)).status_code == 404


def test_a_faulty_file_is_told_at_the_field_and_the_others_are_kept(cast, signed_in, draft):
    client = signed_in(cast.village_official)
    response = sent(client, draft, ("a.jpg", photo()), ("b.jpg", b"<html>"))
    assert response.status_code == 400
    assert 'id="id_uploads_error"' in response.text
    assert Attachment.everywhere.count() == 1


def test_who_added_a_file_takes_it_away(cast, signed_in, draft):
    kept = added(cast.village_official, draft)
    client = signed_in(cast.village_official)
    client.post(reverse("pages:evidence_removal", args=[kept.uuid]))
    assert client.get(reverse("pages:evidence_file", args=[kept.uuid])).status_code == 404
    assert Attachment.everywhere.get().removed_by == cast.village_official


def test_nobody_takes_away_what_another_added(cast, signed_in, draft):
    kept = added(cast.village_official, draft)
    response = signed_in(cast.first_secretary).post(
        reverse("pages:evidence_removal", args=[kept.uuid])
    )
    assert response.status_code == 403
    assert Attachment.everywhere.get().removed_at is None


def test_the_same_photo_elsewhere_is_told(cast, signed_in, draft):
    other = open_draft(make.VILLAGE, by=cast.village_official, year=2020, head={"name": "王"})
    added(cast.village_official, other)
    added(cast.village_official, draft)
    page = signed_in(cast.village_official).get(page_of(draft), headers={"accept-language": "en"})
    assert "same photo used elsewhere" in page.text


def test_handed_over_files_belong_to_the_household(cast, draft, household):
    added(cast.village_official, draft)
    hand_over(
        "draft",
        str(draft.uuid),
        "household",
        household.number,
        year=2020,
        division=make.VILLAGE,
        by=cast.village_official,
    )
    assert Attachment.everywhere.of("household", household.number).count() == 1


@pytest.fixture
def proof(cast, household) -> Attachment:
    """A photo of the household's house of 2020, which nothing rests on."""
    return attach(
        photo(),
        by=cast.village_official,
        division=make.VILLAGE,
        subject_kind="household",
        subject_id=household.number,
        purpose="housing",
        year=2020,
    )


def test_a_file_of_a_household_is_taken_away_as_long_as_nothing_rests_on_it(cast, proof):
    take_evidence_away(proof.pk, by=cast.village_official)
    assert not Attachment.everywhere.standing().exists()


def test_a_photo_that_a_consent_names_stays(cast, proof, household):
    Consent.objects.create(
        household=household, year=2020, given_on="2020-06-01", way=Consent.PHOTO, signer="陈大山",
        attachment=proof, recorded_by=cast.village_official,
    )  # fmt: skip
    with pytest.raises(Refused, match="rests on") as refused:
        take_evidence_away(proof.pk, by=cast.village_official)
    assert refused.value.code == "rests_on_it"
    assert Attachment.everywhere.standing().exists()


def test_a_file_stays_once_a_case_about_its_household_was_opened(cast, proof, household):
    make.make_case(household)
    with pytest.raises(Refused, match="rests on"):
        take_evidence_away(proof.pk, by=cast.village_official)


def test_a_file_of_a_frozen_year_stays(cast, signed_in, proof):
    YearFreeze.objects.create(division_id=make.COUNTY, year=2020, frozen_by=cast.county_approver)
    client = signed_in(cast.village_official)
    answer = client.post(reverse("pages:evidence_removal", args=[proof.uuid]))
    assert answer.status_code == 409
    assert Attachment.everywhere.standing().exists()


def test_a_reader_adds_nothing(cast, draft):
    with pytest.raises(NotAllowed):
        added(cast.reader, draft)


def test_more_files_than_a_subject_needs_are_refused(cast, draft, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_OF_A_SUBJECT", 1)
    added(cast.village_official, draft)
    with pytest.raises(Refused, match="1"):
        added(cast.village_official, draft)


def test_adding_and_taking_away_leave_their_trace(cast, draft):
    kept = added(cast.village_official, draft)
    take_away(kept.pk, by=cast.village_official)
    found = Change.objects.filter(subject_kind="workflow.attachment", subject_id=str(kept.pk))
    assert [one.action for one in found.order_by("id")] == ["attach", "take_away"]


def test_files_taken_away_long_ago_are_removed_from_the_disk(cast, draft):
    kept = added(cast.village_official, draft)
    take_away(kept.pk, by=cast.village_official)
    assert purge([]) == 0
    gone = Attachment.everywhere.get()
    Attachment.everywhere.update(removed_at=gone.removed_at - attachments.KEPT_FOR)
    assert purge([]) == 1
    assert evidence_store.kept(kept.uuid) is None


def test_files_of_ended_subjects_are_removed(cast, draft):
    kept = added(cast.village_official, draft)
    assert purge([("draft", str(draft.uuid))]) == 1
    assert evidence_store.kept(kept.uuid) is None


def test_files_of_a_draft_deleted_long_ago_are_removed(cast, draft):
    kept = added(cast.village_official, draft)
    discarded = discard_draft(draft.pk, by=cast.village_official)
    assert purge_evidence() == 0
    Draft.everywhere.update(discarded_at=discarded.discarded_at - attachments.KEPT_FOR)
    assert purge_evidence() == 1
    assert evidence_store.kept(kept.uuid) is None


def test_the_action_itself_refuses_to_take_away_what_another_added(cast, draft):
    kept = added(cast.village_official, draft)
    with pytest.raises(NotAllowed):
        take_away(kept.pk, by=cast.first_secretary)


def test_the_list_asks_for_a_small_copy_of_a_photo(cast, signed_in, draft):
    kept = added(cast.village_official, draft, photo((1600, 800)))
    client = signed_in(cast.village_official)
    address = reverse("pages:evidence_file", args=[kept.uuid]) + "?size=small"
    assert address in client.get(page_of(draft)).text
    content = b"".join(client.get(address).streaming_content)
    assert Image.open(io.BytesIO(content)).size == (400, 200)
