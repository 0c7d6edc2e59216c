"""Made-up teams: in every village, with the gaps of real life, the same for a seed."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Max, Q

from households.models import Household
from officers.models import Officer
from registry.demo import seeding
from registry.demo.accounts import COUNTY, VILLAGE, open_accounts
from registry.demo.blocks import Plan
from registry.demo.courses import be_on
from registry.demo.places import generated_places
from registry.demo.teams import sending
from registry.demo.teams.cases import begin_cases
from registry.demo.teams.pairing import homes_to_help
from teams.models import (
    Assessment,
    Cadre,
    Handover,
    LogEntry,
    Pairing,
    Presence,
    Score,
    Task,
    TeamVillage,
    Term,
    TrainingRecord,
    Unit,
    UnitLevel,
    Visit,
)
from teams.models.units import ID_FIELD
from teams.queries.assessments import weigh
from teams.queries.served import main_terms
from teams.rules.assessment import Grade, excellent_places
from teams.rules.presence import COUNTED, Source, Status
from teams.rules.terms import EndReason, Post, Span, is_overdue, team_lacks
from trail.errors import Refused
from trail.sealing import blind, unseal
from workflow.models import Case

HOUSEHOLDS, VILLAGES, SEED, TODAY = 700, 33, 2020, date(2020, 12, 10)

pytestmark = pytest.mark.django_db


def send() -> sending.Sent:
    return sending.send_teams(seed=SEED, today=TODAY)


def plan() -> Plan:
    """Few households in as many villages as the demonstration has."""
    small = seeding.plan_of(households=HOUSEHOLDS, years=(2020,), seed=SEED)
    places = generated_places(VILLAGES, seed=SEED)
    villages = tuple(place.code for place in places if place.level == 5)
    return replace(small, villages=villages, main_county=villages[0][:6])


CONTENTS = (
    """SELECT c.name, c.born, c.uuid, c.id_blind, c.rank, u.name, t.village_id, t.post, t.starts_on,
        t.due_on, t.last_day, t.end_reason FROM teams_cadre c JOIN teams_unit u ON u.id = c.unit_id
        LEFT JOIN teams_term t ON t.cadre_id = c.id ORDER BY c.number, t.starts_on""",
    "SELECT uuid, day, status, source, village_id FROM teams_presence ORDER BY day, uuid",
    """SELECT h.number, c.name, p.starts_on, p.last_day FROM teams_pairing p
        JOIN households_household h ON h.id = p.household_id
        JOIN teams_cadre c ON c.id = p.cadre_id ORDER BY h.number, p.starts_on""",
    "SELECT uuid, day, met, topics FROM teams_visit ORDER BY day, uuid",
    """SELECT c.name, a.grade, a.satisfied FROM teams_assessment a
        JOIN teams_cadre c ON c.id = a.cadre_id ORDER BY c.number""",
)


def digest_now() -> str:
    digest = sha256()
    with connection.cursor() as cursor:
        for query in CONTENTS:
            cursor.execute(query)
            digest.update(repr(cursor.fetchall()).encode())
    return digest.hexdigest()


def content_digest() -> str:
    """What a run writes, as a digest; the rows are taken back."""
    with transaction.atomic():
        send()
        digest = digest_now()
        transaction.set_rollback(True)
    return digest


@pytest.fixture(scope="module", autouse=True)
def sent(django_db_setup, django_db_blocker):
    """Teams on the demonstration's villages, after a run that was taken back: its digest."""
    with django_db_blocker.unblock(), transaction.atomic():
        operator = Officer.objects.get(username="operator")
        seeding.seed(plan(), by=operator, said=lambda line: None)
        open_accounts(by=operator)
        first = content_digest()
        send()
        seeding.refresh_statistics()
        connection.check_constraints()
        yield first
        transaction.set_rollback(True)


def test_the_same_seed_sends_the_same_people_and_lets_them_do_the_same(sent):
    assert digest_now() == sent


def villages() -> set[str]:
    return set(Household.everywhere.values_list("village_id", flat=True))


def teams() -> dict[str, list[str]]:
    teams: dict[str, list[str]] = {village: [] for village in villages()}
    for village, post in Term.everywhere.in_force(TODAY).values_list("village_id", "post"):
        teams[village].append(post)
    return teams


def test_every_village_is_on_the_list_and_has_terms_and_first_secretaries():
    listed = TeamVillage.everywhere.in_force(TODAY).values_list("village_id", flat=True)
    served = Term.everywhere.values_list("village_id", flat=True)
    led = Term.everywhere.filter(post=Post.FIRST_SECRETARY)
    assert villages() == set(listed) == set(served)
    assert villages() == set(led.values_list("village_id", flat=True))


def test_most_teams_are_whole_and_some_lack_what_real_ones_lack():
    lacks = [team_lacks(posts, fewest=3) for posts in teams().values()]
    whole = sum(not one for one in lacks)
    assert len(lacks) / 2 < whole < len(lacks)
    assert {lack.value for one in lacks for lack in one} >= {"no_first_secretary", "too_few"}


def test_the_clerks_county_shows_an_overdue_term_one_that_ends_soon_and_a_recall():
    terms = Term.everywhere.filter(village__code__startswith=COUNTY)
    running = [(term.span, term.due_on) for term in terms.in_force(TODAY)]
    assert any(is_overdue(span, due_on, TODAY) for span, due_on in running)
    assert any(0 <= (due_on - TODAY).days <= 60 for _span, due_on in running)
    recalled = terms.get(end_reason=EndReason.RECALL)
    assert recalled.replace_by < TODAY


def test_service_goes_back_to_2016_with_terms_of_up_to_three_years():
    assert Term.everywhere.earliest("starts_on").starts_on.year == 2016
    whole = Term.everywhere.filter(end_reason=EndReason.TERM)
    assert {round(term.span.days / 365) for term in whole} <= {1, 2, 3}
    assert sum(term.span.days > 700 for term in whole) > whole.count() / 2


def test_somebody_serves_a_second_term_and_somebody_follows_after_a_gap():
    again = Cadre.everywhere.annotate(terms_of=Count("terms")).filter(terms_of__gt=1)
    assert again.exists()
    starts = set(Term.everywhere.values_list("village_id", "starts_on"))
    ends = Term.everywhere.exclude(last_day=None).values_list("village_id", "last_day")
    assert any((village, last + timedelta(days=1)) not in starts for village, last in ends)


def test_units_of_every_level_send_people():
    levels = set(Cadre.everywhere.values_list("unit__level", flat=True))
    assert levels == set(UnitLevel) - {UnitLevel.TOWNSHIP}
    assert Unit.everywhere.exclude(counterpart=None).exists()


def test_the_demo_account_of_the_team_is_first_secretary_of_his_village():
    term = Term.everywhere.in_force(TODAY).get(cadre__account__username="secretary")
    assert (term.village_id, term.post, term.cadre.name) == (
        VILLAGE, Post.FIRST_SECRETARY, term.cadre.account.name,
    )  # fmt: skip
    assert term.due_on > TODAY


def test_the_demo_account_of_the_helper_has_four_households():
    own = Pairing.everywhere.in_force(TODAY).filter(cadre__account__username="helper")
    assert own.count() == 4
    assert set(own.values_list("village_id", flat=True)) == {VILLAGE}


def test_first_secretaries_have_accounts_that_nobody_can_sign_in_with():
    made = Officer.objects.filter(username__startswith="team-")
    assert made.exists()
    assert not any(officer.has_usable_password() for officer in made)
    assert all(officer.acting_role == "team_member" for officer in made)


def test_id_numbers_are_sealed_for_their_row():
    cadre = Cadre.everywhere.first()
    number = unseal(cadre.id_sealed, field=ID_FIELD, row=cadre.uuid)
    assert cadre.id_blind == blind(number, field=ID_FIELD)
    assert number[6:14] == f"{cadre.born:%Y%m%d}"


def test_most_of_this_year_is_recorded_for_whoever_serves_and_today_is_left_open():
    serving = Term.everywhere.in_force(TODAY).filter(starts_on__lt=TODAY - timedelta(days=30))
    recorded = set(Presence.everywhere.values_list("term_id", flat=True))
    assert set(serving.values_list("pk", flat=True)) <= recorded
    assert not Presence.everywhere.filter(day__gte=TODAY).exists()


def test_some_stay_below_200_days_and_some_were_absent_without_leave():
    days = Count("pk", filter=Q(status__in=COUNTED))
    year = Presence.everywhere.filter(day__year=2019).values("cadre_id").annotate(days=days)
    served = {
        term.cadre_id
        for term in Term.everywhere.all()
        if term.span.first <= date(2019, 1, 1) and term.span.holds(date(2019, 12, 31))
    }
    counts = [row["days"] for row in year if row["cadre_id"] in served]
    below = sum(count < 200 for count in counts)
    assert 0 < below < len(counts) / 2
    absent = Presence.everywhere.filter(status=Status.ABSENT)
    assert set(absent.values_list("source", flat=True)) == {Source.INSPECTION}


def test_nineteen_households_in_twenty_have_a_helper_who_has_no_more_than_five():
    wanted = homes_to_help(sorted(villages()), TODAY.year, support_years=5)
    running = Pairing.everywhere.in_force(TODAY)
    assert 0.92 < running.count() / len(wanted) < 0.99
    most = running.values("cadre_id").annotate(homes=Count("pk")).aggregate(Max("homes"))
    assert most["homes__max"] <= 5
    assert len(set(running.values_list("cadre__rank", flat=True))) == 4


def test_visits_lie_in_the_last_120_days_and_some_households_wait_for_90():
    visits = Visit.everywhere.all()
    assert not visits.filter(day__lt=TODAY - timedelta(days=120)).exists()
    last = visits.values("household_id").annotate(last=Max("day"))
    late = sum(row["last"] < TODAY - timedelta(days=90) for row in last)
    assert 0.03 < late / len(last) < 0.25
    assert LogEntry.everywhere.exists()


def test_problems_became_tasks_some_solved_some_open():
    tasks = Task.everywhere.exclude(visit=None)
    assert tasks.filter(closed_on=None).exists()
    assert tasks.exclude(closed_on=None).exists()


def test_last_year_is_graded_within_the_quota_with_one_incompetent():
    graded = Assessment.objects.filter(year=2019)
    grades = list(graded.values_list("grade", flat=True))
    assert grades.count(Grade.INCOMPETENT) == 1
    assert 0 < grades.count(Grade.EXCELLENT) <= excellent_places(len(grades), 20)
    assert graded.get(grade=Grade.INCOMPETENT).term.end_reason == EndReason.RECALL
    assert Score.objects.filter(assessment__in=graded).count() >= len(grades)


def test_an_assessment_stands_on_a_closed_case_that_two_people_moved():
    case = Case.everywhere.filter(kind="assessment").first()
    steps = [(event.step, event.actor_name) for event in case.events.all()]
    assert [step for step, _actor in steps] == ["open", "amend", "grade", "confirm"]
    assert steps[2][1] != steps[3][1]
    assert case.closed_at


def test_every_grade_is_the_one_that_the_rules_allow_at_best():
    for found in weigh(
        Assessment.objects.filter(year=2019).select_related("case", "cadre")
    ).values():
        assert not found.missing
        assert found.assessment.grade == found.proposed == found.assessment.case.facts["given"]


def test_nobody_who_served_last_year_is_left_without_a_grade():
    terms = main_terms(2019, COUNTY, date(2019, 12, 31))
    graded = set(Assessment.objects.filter(year=2019).values_list("term_id", flat=True))
    assert {term.pk for term in terms} == graded


def test_most_who_left_handed_over_and_some_did_not():
    ended = Term.everywhere.exclude(last_day=None)
    handed = Handover.objects.filter(term__in=ended)
    assert 0.8 < handed.count() / ended.count() < 1
    assert not handed.filter(handed_on__gt=F("term__last_day")).exists()


def test_most_took_part_in_the_course_of_the_year():
    taken = TrainingRecord.objects.count()
    serving = Term.everywhere.filter(village__code__startswith=COUNTY).in_force(TODAY)
    assert 0.5 < taken / serving.count() < 1.1


def test_a_second_run_is_refused():
    with pytest.raises(Refused):
        send()


def test_terms_of_one_person_never_meet():
    spans: dict[int, list[Span]] = {}
    for term in Term.everywhere.all():
        spans.setdefault(term.cadre_id, []).append(term.span)
    for own in spans.values():
        assert not any(a.meets(b) for a in own for b in own if a is not b)


def test_a_first_secretary_is_proposed_where_none_is_and_a_member_where_few_are(settings):
    settings.DEMO = True
    be_on(TODAY, by=Officer.objects.get(username="operator"))
    first, second, leave = begin_cases()
    posts = [case.candidacy.post for case in (first, second)]
    assert posts == [Post.FIRST_SECRETARY, Post.MEMBER]
    assert first.division_id != second.division_id
    assert leave.facts["needs_county"] is False
