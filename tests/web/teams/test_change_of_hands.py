"""A place changes hands on one form: what is written, what is refused at which field, who may."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from officers.rules import Role
from teams.actions.change_of_hands import Following, HandedOn, Leaving, change_hands
from teams.models import Cadre, Candidacy, Handover, Presence, Term
from teams.models.terms import HANDOVER_FIELD
from teams.refusals import EntryRefused
from teams.rules.presence import Source, Status
from teams.rules.terms import EndReason, Post
from tests import factories as make
from tests.web.teams.sent import approved, make_handover, post, proposed, step
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from trail.sealing import unseal
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
WORDS = "台账三本，钥匙一串"
LETTER = "组发〔2020〕8号"


@pytest.fixture
def term(cast) -> Term:
    """The first secretary of the cast, who serves for a year already, without an end."""
    today = business_date()
    return make.make_term(
        make.make_cadre(account=cast.first_secretary),
        post=Post.FIRST_SECRETARY,
        starts_on=today - 365 * DAY,
        due_on=today + 365 * DAY,
    )


@pytest.fixture
def case(cast, term) -> Case:
    """The approved dispatch of a successor, who may begin in ten days."""
    return approved(cast)


@pytest.fixture
def last(case) -> date:
    """The day before the successor may begin."""
    return Candidacy.objects.get(case=case).starts_on - DAY


def change(term, case, by, *, last_day, **changed):
    leaving = {"last_day": last_day, "reason": EndReason.PROMOTION, "note": "提任"}
    given = {
        "version": Term.everywhere.get(pk=term.pk).version,
        "handed_on": HandedOn(business_date(), WORDS),
    }
    own = {name: changed.pop(name) for name in ("reason", "note") if name in changed}
    following = Following(case.pk, LETTER, business_date())
    return change_hands(term.pk, Leaving(**leaving | own), following, by=by, **given | changed)


def faults(*args, **changed):
    with pytest.raises(EntryRefused) as refused:
        change(*args, **changed)
    return dict(refused.value.faults)


def nothing_happened(term, case) -> bool:
    row, state = Term.everywhere.get(), Case.everywhere.get(pk=case.pk).state
    found = (row.pk, row.last_day, Handover.objects.count(), state)
    return found == (term.pk, None, 0, "approved")


def typed(term, case, last_day, **changed):
    return {
        "version": term.version,
        "successor": case.pk,
        "last_day": last_day.isoformat(),
        "reason": "promotion",
        "note": "提任",
        "handed_on": business_date().isoformat(),
        "text": WORDS,
        "letter": LETTER,
        "briefed_on": business_date().isoformat(),
    } | changed


def test_one_term_ends_and_the_next_begins_on_the_day_after(cast, term, case, last):
    made = change(term, case, cast.county_clerk, last_day=last)
    term.refresh_from_db()
    assert (term.last_day, term.end_reason, term.end_note) == (last, "promotion", "提任")
    assert (made.starts_on, made.post, made.letter) == (last + DAY, Post.FIRST_SECRETARY, LETTER)
    assert (made.village_id, made.case_id, made.last_day) == (term.village_id, case.pk, None)
    assert Case.everywhere.get(pk=case.pk).state == "dispatched"
    assert Term.everywhere.count() == 2


def test_the_handover_goes_to_the_successor(cast, term, case, last):
    made = change(term, case, cast.county_clerk, last_day=last)
    handover = Handover.objects.get(term=term)
    assert (handover.to, handover.handed_on) == (made.cadre, business_date())
    assert unseal(handover.content_sealed, field=HANDOVER_FIELD, row=handover.uuid) == WORDS


def test_each_part_stands_in_the_trace(cast, term, case, last):
    change(term, case, cast.county_clerk, last_day=last + 3 * DAY)
    acts = ("hand_over", "end_term", "move_first_day", "begin_term")
    traced = Change.objects.filter(action__in=acts).order_by("pk")
    assert tuple(one.action for one in traced) == acts
    assert cast.first_secretary.postings.get().ends_on == last + 3 * DAY


def test_a_later_last_day_moves_the_first_day_of_the_successor(cast, term, case, last):
    made = change(term, case, cast.county_clerk, last_day=last + 20 * DAY)
    assert made.starts_on == last + 21 * DAY
    assert Candidacy.objects.get(case=case).starts_on == made.starts_on


def test_a_handover_that_stands_is_kept(cast, term, case, last):
    made = make_handover(term, cast.first_secretary)
    change(term, case, cast.county_clerk, last_day=last, handed_on=None)
    assert Handover.objects.get() == made


def test_without_a_handover_no_place_changes_hands(cast, term, case, last):
    assert "text" in faults(term, case, cast.county_clerk, last_day=last, handed_on=None)
    empty = HandedOn(business_date(), " ")
    assert "text" in faults(term, case, cast.county_clerk, last_day=last, handed_on=empty)
    early = HandedOn(term.starts_on - DAY, WORDS)
    assert "handed_on" in faults(term, case, cast.county_clerk, last_day=last, handed_on=early)
    assert nothing_happened(term, case)


def test_the_successor_begins_neither_before_the_approved_day_nor_in_the_past(cast, term, case):
    by = cast.county_clerk
    first = Candidacy.objects.get(case=case).starts_on
    found = faults(term, case, by, last_day=first - 2 * DAY)
    assert f"approved from {first}" in found["last_day"]
    Candidacy.objects.update(starts_on=business_date() - 30 * DAY)
    found = faults(term, case, by, last_day=business_date() - 2 * DAY)
    assert "today or later" in found["last_day"]
    for late in (Candidacy.objects.get().due_on - DAY, date.max):
        assert "is to serve until" in faults(term, case, by, last_day=late)["last_day"]
    assert (
        "within a year" in faults(term, case, by, last_day=business_date() + 367 * DAY)["last_day"]
    )
    assert nothing_happened(term, case)


def test_a_day_of_service_after_the_last_day_is_told(cast, term, case):
    Candidacy.objects.update(starts_on=business_date())
    Presence.everywhere.create(
        term=term, cadre=term.cadre, village_id=term.village_id, day=business_date(),
        status=Status.IN_VILLAGE, source=Source.VILLAGE, recorded_by=make.the_operator(),
    )  # fmt: skip
    yesterday = HandedOn(business_date() - DAY, WORDS)
    found = faults(
        term, case, cast.county_clerk, last_day=business_date() - DAY, handed_on=yesterday
    )
    assert "on record until" in found["last_day"]


def test_a_recall_says_why(cast, term, case, last):
    by = cast.county_clerk
    assert "note" in faults(term, case, by, last_day=last, reason=EndReason.RECALL, note="")


def test_whoever_is_not_approved_for_this_very_place_does_not_follow(cast, term, last):
    waiting = proposed(cast.township_reviewer)
    member = approved(cast, None, post(kind=Post.MEMBER))
    beside = approved(cast, None, post(make.NEXT_VILLAGE))
    gone = approved(cast)
    step(gone, "withdraw", cast.county_clerk, note="本人申请")
    for one in (waiting, member, beside, gone):
        assert "successor" in faults(term, one, cast.county_clerk, last_day=last)


def test_what_stands_against_the_dispatch_is_told_at_the_successor(cast, term, case, last):
    cadre = Candidacy.objects.get(case=case).cadre
    make.make_term(cadre, make.NEXT_VILLAGE)
    found = faults(term, case, cast.county_clerk, last_day=last)
    assert "serves in" in found["successor"]
    assert Term.everywhere.get(pk=term.pk).last_day is None


def test_a_record_that_changed_since_the_approval_is_told(cast, term, case, last):
    cadre = Candidacy.objects.get(case=case).cadre
    cadre.working_since = date(2010, 1, 1)
    cadre.save()
    with pytest.raises(Stale):
        change(term, case, cast.county_clerk, last_day=last)
    assert nothing_happened(term, case)


def test_whoever_saw_an_older_version_is_told(cast, term, case, last):
    with pytest.raises(Stale):
        change(term, case, cast.county_clerk, last_day=last, version=term.version - 1)
    assert nothing_happened(term, case)


def test_a_term_that_is_over_is_history(cast, term, case):
    Term.everywhere.update(last_day=business_date() - 2 * DAY, end_reason="term")
    Candidacy.objects.update(starts_on=business_date())
    handed = HandedOn(business_date() - 2 * DAY, WORDS)
    with pytest.raises(Refused, match="history"):
        change(term, case, cast.county_clerk, last_day=business_date() - DAY, handed_on=handed)


@pytest.mark.parametrize(
    "part", ["stranger", "township_reviewer", "county_approver", "first_secretary"]
)
def test_the_county_clerk_alone_lets_a_place_change_hands(cast, term, case, last, part, signed_in):
    with pytest.raises(NotAllowed):
        change(term, case, getattr(cast, part), last_day=last)
    answer = signed_in(getattr(cast, part)).get(reverse("teams:change_hands", args=[term.pk]))
    assert answer.status_code == (404 if part == "stranger" else 403)


def test_nobody_changes_his_own_term_or_his_own_dispatch(cast, term, last):
    own = approved_clerk(cast)
    with pytest.raises(NotAllowed):
        change(term, own, cast.county_clerk, last_day=last)
    Cadre.everywhere.filter(account=cast.county_clerk).update(account=None)
    Cadre.everywhere.filter(pk=term.cadre_id).update(account=cast.county_clerk)
    with pytest.raises(NotAllowed):
        change(term, own, cast.county_clerk, last_day=last)


def approved_clerk(cast) -> Case:
    """The approved dispatch of the clerk himself, whom a colleague checked."""
    colleague = make.make_officer(Role.COUNTY_CLERK)
    case = proposed(cast.township_reviewer, make.make_cadre(account=cast.county_clerk))
    step(case, "check", colleague)
    step(case, "approve", cast.county_approver)
    return case


def test_the_form_changes_hands_and_leads_back_to_the_village(cast, term, case, last, signed_in):
    client, path = signed_in(cast.county_clerk), reverse("teams:change_hands", args=[term.pk])
    page = client.get(path)
    assert page.context["form"]["last_day"].value() == last
    answer = client.post(path, typed(term, case, last), follow=True)
    name = Candidacy.objects.get(case=case).cadre.name
    assert f"{name} begins on {last + DAY}" in answer.text
    assert answer.request["PATH_INFO"] == reverse("teams:village", args=[term.village_id])
    assert Term.everywhere.get(case=case).starts_on == last + DAY


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(cast, term, case, last, signed_in):
    client, path = signed_in(cast.county_clerk), reverse("teams:change_hands", args=[term.pk])
    answer = client.post(path, typed(term, case, last - 3 * DAY))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["last_day"])
    assert WORDS in answer.text
    answer = client.post(path, typed(term, case, last, successor="", letter=""))
    assert {*answer.context["form"].errors} == {"successor", "letter"}


def test_a_stale_form_keeps_what_was_typed_and_may_be_sent_again(cast, term, case, last, signed_in):
    client, path = signed_in(cast.county_clerk), reverse("teams:change_hands", args=[term.pk])
    Term.everywhere.update(version=2)
    answer = client.post(path, typed(term, case, last))
    assert answer.status_code == 409
    assert WORDS in answer.text
    assert client.post(path, typed(term, case, last, version=2)).status_code == 302


def test_a_handover_on_record_is_not_asked_for_again(cast, term, case, last, signed_in):
    client, path = signed_in(cast.county_clerk), reverse("teams:change_hands", args=[term.pk])
    make_handover(term, cast.first_secretary)
    assert "text" not in client.get(path).context["form"].fields
    assert client.post(path, typed(term, case, last)).status_code == 302


def test_without_an_approved_candidate_the_page_says_what_to_do(cast, term, signed_in):
    waiting = proposed(cast.township_reviewer)
    page = signed_in(cast.county_clerk).get(reverse("teams:change_hands", args=[term.pk])).text
    assert f"village={make.VILLAGE}&amp;post=first_secretary" in page
    assert reverse("pages:case", args=[waiting.pk]) in page


def test_a_term_that_is_over_shows_no_form(cast, term, case, signed_in):
    Term.everywhere.update(last_day=business_date() - DAY, end_reason="term")
    page = signed_in(cast.county_clerk).get(reverse("teams:change_hands", args=[term.pk])).text
    assert "This term is over" in page
    assert 'name="successor"' not in page


def test_the_village_and_the_end_of_the_term_lead_to_the_form(cast, term, signed_in):
    client, path = signed_in(cast.county_clerk), reverse("teams:change_hands", args=[term.pk])
    for page in (
        reverse("teams:village", args=[term.village_id]),
        reverse("teams:term_end", args=[term.pk]),
    ):
        assert path in client.get(page).text
    village = reverse("teams:village", args=[term.village_id])
    assert path not in signed_in(cast.township_reviewer).get(village).text
