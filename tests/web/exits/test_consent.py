"""What an exit keeps of its meeting, its visit and the household's own word."""

import pytest
from django.db import IntegrityError, transaction

from exits.actions.opening import propose_revocation
from exits.queries.warnings import warnings_of_cases
from households.actions import take_over_facts
from households.actions.evidence import take_evidence_away
from households.models import Household
from households.rules import State
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.pictures import photo
from tests.procedures import carry, kept_at, open_for, take, take_bare, wait_for_notice
from tests.web.exits.raw import refused, written
from trail.errors import NotAllowed, Refused
from workflow.actions import confirm_parameter, set_parameter
from workflow.actions.attachments import attach
from workflow.errors import Incomplete
from workflow.models import Attachment, Case
from workflow.parameters import EXIT_FLAGGED_APPROVERS

pytestmark = pytest.mark.django_db
NO = ("refuse", "disagree")


@pytest.fixture
def case(cast, calendar) -> Case:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=20_000)
    return open_for(household, "exit", by=cast.county_clerk)


def amended(case: Case, cast) -> None:
    """Other facts taken over, which sends the case back to its plan."""
    [survey] = Household.everywhere.get(number=case.subject).surveys.all()
    make.make_survey(survey.household, 2019, wage_income=21_000, corrects=survey)
    case.refresh_from_db()
    take_over_facts(case.pk, by=make.make_officer(Role.COUNTY_CLERK), version=case.version,
                    note="更正")  # fmt: skip
    case.refresh_from_db()


class TestPapers:
    """Minutes and signature are kept at the case, of this run of it."""

    @pytest.mark.parametrize("way", ["photo", "slip"])
    def test_a_signature_is_kept_whichever_way_it_was_given(self, cast, case, way):
        carry(case, cast, "plan", "appraise", "verify")
        with pytest.raises(Refused) as refusal:
            take_bare(case, "confirm", by=cast.village_official, way=way)
        assert refusal.value.code == "not_now"
        attach(photo(), by=cast.village_official, division=case.division_id, subject_kind="case",
               subject_id=str(case.pk), purpose="signature")  # fmt: skip
        done = take_bare(case, "confirm", by=cast.village_official, way=way)
        assert done.to_state == "confirmed"

    @pytest.mark.parametrize("name", ["appraise", "vote_down"])
    def test_the_minutes_of_the_meeting_are_kept(self, cast, case, name):
        carry(case, cast, "plan")
        against = {"votes_for": 3, "votes_against": 20} if name == "vote_down" else {}
        with pytest.raises(Refused) as refusal:
            take_bare(case, name, by=cast.village_official, note="否决", **against)
        assert refusal.value.code == "not_now"
        kept_at(case, "appraisal", by=cast.village_official)
        take_bare(case, name, by=cast.village_official, note="否决", **against)

    def test_a_signature_on_facts_that_were_replaced_does_not_count(self, cast, case):
        carry(case, cast, "plan", "appraise", "verify", "confirm")
        amended(case, cast)
        carry(case, cast, "appraise", "verify")
        with pytest.raises(Refused):
            take_bare(case, "confirm", by=cast.village_official)

    def test_nor_does_the_same_photo_once_more(self, cast, case):
        carry(case, cast, "plan", "appraise", "verify", "confirm")
        amended(case, cast)
        carry(case, cast, "appraise", "verify")
        old = Attachment.everywhere.filter(purpose="signature").get()
        kept_at(case, "signature", by=cast.village_official, digest=old.digest)
        with pytest.raises(Refused):
            take_bare(case, "confirm", by=cast.village_official)

    def test_nor_one_that_was_taken_away(self, cast, case):
        carry(case, cast, "plan", "appraise", "verify")
        own = kept_at(case, "signature", by=cast.village_official)
        take_evidence_away(own.pk, by=cast.village_official)
        with pytest.raises(Refused):
            take_bare(case, "confirm", by=cast.village_official)

    def test_a_signature_of_another_household_proves_nothing(self, cast, case, in_english):
        other = second_case(cast)
        for one in (case, other):
            carry(one, cast, "plan", "appraise", "verify")
        carry(case, cast, "confirm")
        signed = Attachment.everywhere.filter(purpose="signature").get()
        kept_at(other, "signature", by=cast.village_official, digest=signed.digest)
        with pytest.raises(Refused, match="kept at another case already"):
            take_bare(other, "confirm", by=cast.village_official)
        kept_at(other, "signature", by=cast.village_official)
        take_bare(other, "confirm", by=cast.village_official)

    def test_who_had_it_first_keeps_it(self, cast, case):
        """Added to another case later, it still proves what it proved."""
        other = second_case(cast)
        for one in (case, other):
            carry(one, cast, "plan", "appraise", "verify")
        signed = kept_at(case, "signature", by=cast.village_official)
        kept_at(other, "signature", by=cast.village_official, digest=signed.digest)
        take_bare(case, "confirm", by=cast.village_official)

    def test_one_that_was_added_to_the_wrong_case_and_taken_away_counts_at_its_own(
        self, cast, case
    ):
        other = second_case(cast)
        for one in (case, other):
            carry(one, cast, "plan", "appraise", "verify")
        wrong = kept_at(other, "signature", by=cast.village_official)
        take_evidence_away(wrong.pk, by=cast.village_official)
        kept_at(case, "signature", by=cast.village_official, digest=wrong.digest)
        take_bare(case, "confirm", by=cast.village_official)

    def test_the_minutes_of_one_meeting_serve_all_its_households(self, cast, case):
        other = second_case(cast)
        carry(case, cast, "plan")
        carry(other, cast, "plan")
        minutes = kept_at(case, "appraisal", by=cast.village_official)
        kept_at(other, "appraisal", by=cast.village_official, digest=minutes.digest)
        for one in (case, other):
            take_bare(one, "appraise", by=cast.village_official)

    def test_who_proposed_an_exit_does_not_bring_its_signature(self, cast, case, in_english):
        carry(case, cast, "plan", "appraise", "verify")
        kept_at(case, "signature", by=cast.county_clerk)
        with pytest.raises(Refused, match="Let another officer add a photo of it"):
            take_bare(case, "confirm", by=cast.village_official)
        kept_at(case, "signature", by=cast.first_secretary)
        take_bare(case, "confirm", by=cast.village_official)

    def test_nor_who_changed_its_facts(self, cast, case):
        carry(case, cast, "plan")
        amended(case, cast)
        changed = Officer.objects.get(pk=case.events.get(step="amend").actor_id)
        carry(case, cast, "appraise", "verify")
        kept_at(case, "signature", by=changed)
        with pytest.raises(Refused):
            take_bare(case, "confirm", by=cast.village_official)


def second_case(cast) -> Case:
    household = make.make_household(state=State.POOR, persons=3)
    make.make_survey(household, 2019, wage_income=30_000)
    return open_for(household, "exit", by=cast.county_clerk)


class TestKept:
    """What a step rests on stays at its case."""

    def test_a_signature_stays_once_the_household_confirmed(self, cast, case):
        carry(case, cast, "plan", "appraise", "verify")
        own = kept_at(case, "signature", by=cast.village_official)
        carry(case, cast, "confirm")
        with pytest.raises(Refused) as refusal:
            take_evidence_away(own.pk, by=cast.village_official)
        assert refusal.value.code == "rests_on_it"
        own.refresh_from_db()
        assert own.removed_at is None

    def test_a_file_of_no_step_yet_is_taken_away(self, cast, case):
        carry(case, cast, "plan")
        own = kept_at(case, "visit", by=cast.village_official)
        take_evidence_away(own.pk, by=cast.village_official)
        own.refresh_from_db()
        assert own.removed_at

    def test_the_page_offers_to_take_away_only_what_may_be(self, cast, case, signed_in):
        carry(case, cast, "plan")
        kept_at(case, "visit", by=cast.village_official)
        carry(case, cast, "appraise")
        late = kept_at(case, "visit", by=cast.village_official)
        page = signed_in(cast.village_official).get(f"/evidence/case/{case.pk}/")
        offered = [one.attachment for one in page.context["files"] if one.may_take_away]
        assert offered == [late]

    @pytest.mark.parametrize(
        "change", [{"digest": "0" * 64}, {"purpose": "visit"}, {"subject_id": "1"}, "delete"]
    )
    def test_the_database_keeps_it_too(self, cast, case, change):
        carry(case, cast, "plan")
        own = kept_at(case, "visit", by=cast.village_official)
        row = Attachment.everywhere.filter(pk=own.pk)
        row.update(year=2019)
        carry(case, cast, "appraise")
        with pytest.raises(IntegrityError, match="rests on file"), transaction.atomic():
            row.delete() if change == "delete" else row.update(**change)


class TestRefusals:
    """Whoever said no once is answered, and two approvers decide."""

    def checked(self, case: Case, cast, **entries: object) -> None:
        carry(case, cast, "appraise", "verify", "confirm", "post")
        wait_for_notice(case)
        take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP), **entries)

    def said_no(self, case: Case, cast, step: str) -> None:
        """No in the first run; then the case begins anew."""
        carry(case, cast, "plan", "appraise", "verify")
        take(case, step, by=cast.village_official, note="户主不同意")
        if step == "refuse":
            amended(case, cast)

    @pytest.mark.parametrize("step", NO)
    def test_two_approve_though_it_agreed_later(self, cast, case, step):
        self.said_no(case, cast, step)
        self.checked(case, cast, answer="低保照旧")
        with pytest.raises(Refused):
            take(case, "approve", by=cast.county_approver, note="属实")
        take(case, "approve_first", by=cast.county_approver, note="属实")
        with pytest.raises(NotAllowed):
            take(case, "approve", by=cast.county_approver, note="属实")
        second = make.make_officer(Role.COUNTY_APPROVER)
        assert take(case, "approve", by=second, note="属实").to_state == "approved"

    @pytest.mark.parametrize("step", NO)
    def test_the_database_lets_nobody_approve_it_alone(self, cast, case, step):
        self.said_no(case, cast, step)
        self.checked(case, cast, answer="低保照旧")
        with refused("who ever said no"), transaction.atomic():
            written(case, "approve", "approved", cast.county_approver)
        written(case, "approve_first", "seconded", cast.county_approver)

    @pytest.mark.parametrize("step", NO)
    def test_the_township_answers_it_before_the_county_decides(self, cast, case, step):
        self.said_no(case, cast, step)
        with pytest.raises(Incomplete) as refusal:
            self.checked(case, cast, answer="")
        assert list(refusal.value.details["fields"]) == ["answer"]

    def test_what_was_answered_is_not_answered_again(self, cast, case):
        carry(case, cast, "plan", "appraise", "verify", "refuse", "answer", "post")
        wait_for_notice(case)
        other = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
        assert take(case, "check", by=other, answer="").to_state == "checked"

    def test_nothing_is_answered_where_nobody_said_no(self, cast, case):
        carry(case, cast, "plan")
        self.checked(case, cast, answer="")
        assert case.state == "checked"

    def test_it_flags_the_case(self, cast, case):
        self.said_no(case, cast, "disagree")
        assert "refused" in case.flags
        assert [one.code for one in warnings_of_cases([case])[case.pk]] == ["refused"]


class TestVisitors:
    """Two who visit, and neither the proposer nor who recorded the appraisal."""

    @pytest.mark.parametrize("part", ["county_clerk", "village_official"])
    def test_nobody_visits_what_he_proposed_or_appraised(self, cast, case, part):
        carry(case, cast, "plan", "appraise")
        own = getattr(cast, part).name
        with pytest.raises(Incomplete) as refusal:
            take(case, "verify", by=cast.first_secretary, visitors=f"王建国, {own[0]} {own[1:]}")
        assert list(refusal.value.details["fields"]) == ["visitors"]

    def test_who_verifies_may_be_one_of_the_visitors(self, cast, case):
        carry(case, cast, "plan", "appraise")
        named = f"王建国, {cast.first_secretary.name}"
        done = take(case, "verify", by=cast.first_secretary, visitors=named)
        assert done.to_state == "verified"

    def test_one_name_written_twice_is_one_visitor(self, cast, case):
        carry(case, cast, "plan", "appraise")
        with pytest.raises(Incomplete):
            take(case, "verify", by=cast.first_secretary, visitors="王建国, 王 建国")


def test_what_was_said_against_an_exit_that_was_approved_is_done_with(cast, case):
    second = make.make_officer(Role.COUNTY_APPROVER)
    carry(case, cast, "plan", "appraise", "verify", "refuse", "answer", "post")
    wait_for_notice(case)
    take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
    take(case, "approve_first", by=cast.county_approver, note="工资单为证")
    take(case, "approve", by=second, note="同意")
    carry(case, cast, "announce")
    household = Household.everywhere.get(number=case.subject)
    revocation = propose_revocation(household, by=cast.county_clerk, reason="假数")
    take(revocation, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
    take(revocation, "revoke_first", by=make.make_officer(Role.COUNTY_APPROVER), note="属实")
    take(revocation, "revoke", by=second, note="属实")
    household.refresh_from_db()
    said = {"year": 2020, "value": 1, "source": "省通知"}
    one = set_parameter(make.PROVINCE, EXIT_FLAGGED_APPROVERS, by=cast.province_officer, **said)
    confirm_parameter(one.pk, by=cast.province_approver)
    again = open_for(household, "exit", by=cast.county_clerk)
    carry(again, cast, "plan", "appraise", "verify", "confirm", "post", "check")
    with pytest.raises(Refused):
        take(again, "approve_first", by=cast.county_approver, note="同意")
    assert take(again, "approve", by=cast.county_approver, note="同意").to_state == "approved"
