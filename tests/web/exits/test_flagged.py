"""Flagged exits: they stand high in the inbox, and are approved only with a reason that is kept."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from households.models import Household
from households.models.issues import QualityIssue
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, open_for, take
from tests.web.exits.raw import refused, written
from trail.errors import NotAllowed, Refused
from workflow.actions import (
    confirm_parameter,
    set_parameter,
)
from workflow.errors import Incomplete
from workflow.models import Case
from workflow.parameters import EXIT_FLAGGED_APPROVERS

PREPARED = ("plan", "appraise", "verify", "confirm", "post", "check")
HUGGING, SOUND = Decimal("6500.00"), Decimal("20000.00")
REASON = "逐户核实，工资稳定"


@pytest.fixture
def exit_of(tree, cast, calendar):
    """An exit of a household of two with that wage, which was helped unless said otherwise."""

    def opened(wage=SOUND, *, by_hand=open_for, **facts):
        household = make.make_household(state=State.POOR, persons=2)
        make.make_survey(household, 2019, wage_income=wage, **facts)
        return by_hand(household, "exit", by=cast.county_clerk)

    return opened


@pytest.fixture
def flagged(exit_of, cast):
    """An exit that hugs the line and waits for the county."""
    case = exit_of(HUGGING)
    carry(case, cast, *PREPARED)
    return case


@pytest.fixture
def second(cast):
    return make.make_officer(Role.COUNTY_APPROVER)


def answer_to(case, client):
    """What the page of the case says of its approvers."""
    view = client.get(reverse("pages:case", args=[case.pk])).context["view"]
    return {one.label: one.sentence for one in view.panel.points}.get("Approvers")


def find_fault(case):
    household = Household.everywhere.get(number=case.subject)
    QualityIssue.everywhere.create(
        household=household, village_id=household.village_id, year=2019, rule="S1", severity=1
    )


def ask(cast, approvers):
    """What the province says of flagged exits, by two officers."""
    said = {"year": 2020, "value": approvers, "source": "省通知"}
    row = set_parameter(make.PROVINCE, EXIT_FLAGGED_APPROVERS, by=cast.province_officer, **said)
    confirm_parameter(row.pk, by=cast.province_approver)


def in_inbox(client, query=""):
    return client.get(reverse("pages:inbox") + query).context["page"].rows


class TestReason:
    """An approval of a flagged case says why, whoever asks for it."""

    def test_the_step_itself_refuses_a_flagged_case_without_a_reason(self, flagged, cast):
        for note in ("", "  \n"):
            with pytest.raises(Incomplete) as refusal:
                take(flagged, "approve_first", by=cast.county_approver, note=note)
            assert list(refusal.value.details["fields"]) == ["note"]
        assert flagged.state == "checked"

    def test_the_flags_and_their_figures_are_kept_with_the_reason(self, flagged, cast):
        event = take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        kept = {
            one["code"]: one["values"] for one in flagged.events.get(pk=event.pk).evidence["flags"]
        }
        assert kept == {"hugging": {"percent": "1.0", "limit": 2}, "near": {}}
        assert event.note == REASON

    def test_an_unflagged_case_needs_none_and_keeps_none(self, exit_of, cast):
        case = exit_of()
        carry(case, cast, *PREPARED)
        event = take(case, "approve", by=cast.county_approver)
        assert (event.to_state, event.evidence) == ("approved", {})

    def test_nobody_can_send_flags_of_his_own(self, exit_of, cast):
        case = exit_of()
        carry(case, cast, *PREPARED)
        with pytest.raises(Refused):
            take(case, "approve", by=cast.county_approver, flags=[])
        assert take(case, "approve", by=cast.county_approver).evidence == {}

    def test_the_page_keeps_the_form_open_at_the_note(self, flagged, cast, signed_in, in_english):
        client = signed_in(cast.county_approver)
        page = client.get(reverse("pages:case", args=[flagged.pk]))
        assert "A flagged case needs a reason in words here." in page.text
        address = reverse("pages:case_step", args=[flagged.pk, "approve_first"])
        answer = client.post(address, page.context["form"].initial | {"note": ""})
        assert answer.status_code == 400
        [fault] = answer.context["form"].errors["note"]
        assert fault.startswith("This case is flagged: hugs the line, close to the line.")

    def test_decision_and_case_file_tell_flags_and_reason(
        self, flagged, cast, signed_in, in_english
    ):
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        client = signed_in(cast.county_approver)
        for name in ("pages:case_explained", "pages:print_case_file"):
            text = client.get(reverse(name, args=[flagged.pk])).text
            assert REASON in text
            assert "The income is only 1.0 % above the line" in text
            assert "Decided in spite of" in text

    def test_a_flagged_identification_needs_a_reason_too(self, cast, calendar, tree):
        household = make.make_household()
        make.make_survey(household, 2019, water=0)
        case = open_for(household, "identification", by=cast.county_clerk)
        steps = ("apply", "visit", "compare", "appraise", "post", "review", "recheck")
        carry(case, cast, *steps)
        QualityIssue.everywhere.create(
            household=household, village_id=household.village_id, year=2019, rule="S1", severity=1
        )
        with pytest.raises(Incomplete):
            take(case, "approve", by=cast.county_approver)
        event = take(case, "approve", by=cast.county_approver, note=REASON)
        assert [one["code"] for one in event.evidence["flags"]] == ["issue"]


class TestTwoApprovers:
    """Two different approvers decide a flagged exit, unless the province says that one does."""

    def test_one_alone_approves_no_flagged_exit(self, flagged, cast, second):
        with pytest.raises(Refused, match=r"two approvers decide|须两人审批"):
            take(flagged, "approve", by=cast.county_approver, note=REASON)
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        household = Household.everywhere.get(number=flagged.subject)
        assert household.state == State.PLANNED_EXIT
        with pytest.raises(NotAllowed):
            take(flagged, "approve", by=cast.county_approver, note=REASON)
        assert take(flagged, "approve", by=second, note=REASON).to_state == "approved"

    def test_nobody_sends_an_unflagged_one_to_a_second_approver(self, exit_of, cast):
        case = exit_of()
        carry(case, cast, *PREPARED)
        with pytest.raises(Refused, match=r"Nothing asks for a second|无须第二审批人"):
            take(case, "approve_first", by=cast.county_approver)

    def test_a_flag_that_the_row_does_not_know_yet_counts(self, exit_of, cast):
        case = exit_of()
        carry(case, cast, *PREPARED)
        find_fault(case)
        with pytest.raises(Refused, match=r"two approvers decide|须两人审批"):
            take(case, "approve", by=cast.county_approver, note=REASON)
        assert take(case, "approve_first", by=cast.county_approver, note=REASON)
        case.refresh_from_db()
        assert case.flags == ["issue"]

    def test_a_flag_that_fell_away_leaves_it_to_one(self, exit_of, cast):
        case = exit_of()
        carry(case, cast, *PREPARED)
        Case.everywhere.filter(pk=case.pk).update(flags=["issue"])
        assert take(case, "approve", by=cast.county_approver).to_state == "approved"

    def test_one_decides_where_the_province_says_so(self, flagged, cast):
        ask(cast, 1)
        with pytest.raises(Refused):
            take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        assert take(flagged, "approve", by=cast.county_approver, note=REASON)

    def test_what_one_officer_of_the_province_wrote_alone_holds_for_nobody(self, flagged, cast):
        said = {"year": 2020, "value": 1, "source": "省通知"}
        set_parameter(make.PROVINCE, EXIT_FLAGGED_APPROVERS, by=cast.province_officer, **said)
        with pytest.raises(Refused):
            take(flagged, "approve", by=cast.county_approver, note=REASON)

    def test_who_doubted_it_may_be_the_second(self, flagged, cast, second):
        take(flagged, "doubt", by=second, note="流水不全")
        with pytest.raises(NotAllowed):
            take(flagged, "approve_first", by=second, note=REASON)
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        assert take(flagged, "approve", by=second, note="已补齐").to_state == "approved"

    def test_the_database_refuses_one_alone(self, flagged, cast):
        with refused("two approve"):
            written(flagged, "approve", "approved", cast.county_approver)

    def test_the_database_refuses_the_same_one_twice(self, flagged, cast):
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        with refused("had a hand"):
            written(flagged, "approve", "approved", cast.county_approver)

    def test_the_database_lets_one_decide_where_the_province_says_so(self, flagged, cast):
        ask(cast, 1)
        with refused("two approve"), transaction.atomic():
            written(flagged, "approve_first", "seconded", cast.county_approver)
        written(flagged, "approve", "approved", cast.county_approver)

    def test_the_page_says_why_and_shows_the_second_what_the_first_said(
        self, flagged, cast, second, signed_in, in_english
    ):
        first = signed_in(cast.county_approver)
        assert answer_to(flagged, first) == (
            "Two decide, because the exit is flagged. You would be the first."
        )
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        said = answer_to(flagged, signed_in(second))
        assert said.startswith(f"Two decide. {cast.county_approver.name} approved on")
        assert said.endswith(f"as the first. The reason given: {REASON}")

    def test_the_reason_of_the_first_is_not_shown_to_who_reads_no_texts(
        self, flagged, cast, signed_in, in_english
    ):
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        assert REASON not in answer_to(flagged, signed_in(cast.city_reviewer))

    def test_it_is_never_said_that_one_decides_before_that_is_known(
        self, exit_of, cast, signed_in, in_english
    ):
        flagged, sound = exit_of(HUGGING), exit_of()
        for case in (flagged, sound):
            carry(case, cast, *PREPARED[:-1])
        client = signed_in(cast.county_approver)
        assert answer_to(flagged, client) is None
        assert answer_to(sound, client) == "One decides: the household confirmed its exit."

    def test_the_second_finds_it_among_the_second_opinions(self, flagged, cast, second, signed_in):
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        [row] = in_inbox(signed_in(second), "?tab=seconds")
        assert (row.case.pk, row.by_another) == (flagged.pk, False)
        [row] = in_inbox(signed_in(cast.county_approver), "?tab=seconds")
        assert row.by_another

    def test_the_next_case_passes_over_what_he_approved_as_the_first(
        self, flagged, exit_of, cast, signed_in
    ):
        other = exit_of()
        take(flagged, "approve_first", by=cast.county_approver, note=REASON)
        address = reverse("pages:case_next", args=[other.pk])
        assert signed_in(cast.county_approver).get(address)["Location"] == reverse("pages:inbox")


class TestSeen:
    """Nobody decides on flags that he did not look at."""

    @pytest.fixture
    def opened(self, flagged, cast, signed_in):
        """The page of a flagged exit that waits for the county, and the way to send its form."""
        client = signed_in(cast.county_approver)
        page = client.get(reverse("pages:case", args=[flagged.pk]))

        def send(initial, **entries):
            address = reverse("pages:case_step", args=[flagged.pk, "approve_first"])
            return client.post(address, initial | entries)

        return flagged, page.context["form"].initial, send

    def test_a_flag_that_came_since_refuses_the_decision_and_is_named(self, opened, in_english):
        case, initial, send = opened
        find_fault(case)
        answer = send(initial, note=REASON)
        assert answer.status_code == 409
        now = "Now: hugs the line, data to mend, close to the line."
        assert f"The flags of this case changed since you looked. {now}" in answer.text
        case.refresh_from_db()
        assert case.state == "checked"

    def test_what_was_typed_is_sent_again_over_the_flags_that_are_shown(self, opened):
        case, initial, send = opened
        find_fault(case)
        again = send(initial, note=REASON).context["form"].initial
        assert again["note"] == REASON
        assert send(again).status_code == 302
        case.refresh_from_db()
        assert case.state == "seconded"

    def test_a_flag_that_fell_away_is_told_too(self, opened, in_english):
        case, initial, send = opened
        find_fault(case)
        with_fault = send(initial, note=REASON).context["form"].initial
        QualityIssue.everywhere.all().delete()
        answer = send(with_fault)
        assert answer.status_code == 409
        assert "Now: hugs the line, close to the line." in answer.text

    def test_the_second_one_is_told_that_no_flag_stands_any_more(
        self, exit_of, cast, second, signed_in, in_english
    ):
        case = exit_of()
        carry(case, cast, *PREPARED)
        find_fault(case)
        take(case, "approve_first", by=cast.county_approver, note=REASON)
        client = signed_in(second)
        page = client.get(reverse("pages:case", args=[case.pk]))
        QualityIssue.everywhere.all().delete()
        address = reverse("pages:case_step", args=[case.pk, "approve"])
        answer = client.post(address, page.context["form"].initial | {"note": REASON})
        assert answer.status_code == 409
        assert "No flag stands against this case any more." in answer.text

    def test_who_saw_an_unflagged_case_is_told_that_two_decide_now(
        self, exit_of, cast, signed_in, in_english
    ):
        case = exit_of()
        carry(case, cast, *PREPARED)
        client = signed_in(cast.county_approver)
        page = client.get(reverse("pages:case", args=[case.pk]))
        find_fault(case)
        address = reverse("pages:case_step", args=[case.pk, "approve"])
        answer = client.post(address, page.context["form"].initial)
        assert answer.status_code == 409
        assert "The exit is flagged, so two approvers decide." in answer.text

    def test_who_sends_no_flags_has_seen_none(self, flagged, cast, signed_in):
        client = signed_in(cast.county_approver)
        address = reverse("pages:case_step", args=[flagged.pk, "approve_first"])
        answer = client.post(address, {"version": flagged.version, "note": REASON})
        assert answer.status_code == 409
