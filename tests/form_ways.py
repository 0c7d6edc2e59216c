"""How a test gets to the page of each form: rows are made, the address comes back."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse

from divisions.models import Division
from households.actions.freezing import freeze_year
from households.models.households import StateChange
from households.rules import State
from officers.actions.accounts import issue_reset_link
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import Proposal
from teams.models import Cadre
from tests import factories as make
from tests.form_world import World
from tests.procedures import open_for
from tests.unguarded import unguarded
from tests.web.assistance.delivered import agreed_item
from tests.web.route_rows import objection_to
from tests.web.teams.present import serving
from tests.web.teams.sent import make_handover
from trail.dates import business_date


def _proposal(world: World, *, state: State, wage: int) -> Proposal:
    """A waiting proposal of the committed review of the far county, which is made once."""
    made = Proposal.everywhere.filter(village_id=make.OTHER_CITY_VILLAGE).first()
    if made:
        return made
    household = make.make_household(make.OTHER_CITY_VILLAGE, state=state)
    make.make_survey(household, 2019, wage_income=wage)
    county = Division.objects.get(pk=make.OTHER_CITY_COUNTY)
    review = propose_review(root=county, year=2019, by=world.far_clerk)
    drive(review.pk)
    commit_review(review.pk, by=world.far_approver)
    return Proposal.everywhere.get(review=review, household=household)


def answering(world: World) -> str:
    """The refusal of a proposal."""
    found = _proposal(world, state=State.POOR, wage=9000)
    return reverse("reviews:answer", args=[found.review_id, found.pk, "refuse"])


def answering_many(world: World) -> str:
    """The refusal of all proposals of one kind."""
    found = _proposal(world, state=State.POOR, wage=9000)
    return reverse("reviews:answer_batch", args=[found.review_id, "refuse"]) + "?kind=5"


def undoing(world: World) -> str:
    """Taking back an acceptance."""
    found = _proposal(world, state=State.POOR, wage=9000)
    accept_proposals(found.review_id, [found.pk], by=world.far_clerk)
    return reverse("reviews:undo", args=[found.review_id, found.pk])


def adding_post(world: World) -> str:
    """A public-benefit post for a member of the household, in the draft of a plan."""
    return reverse("assistance:plan_add", args=[world.rows.planned.plan.uuid, "PUB-POST"])


def correcting(world: World) -> str:
    """A figure of a frozen year, which no other place is about."""
    household = make.make_household()
    make.make_survey(household, 2018)
    county = Division.objects.get(pk=make.COUNTY)
    freeze_year(county, year=2018, reason="核对无误", by=world.cast.county_approver)
    return reverse("households:correct", args=[household.number, 2018])


def revoking(world: World) -> str:
    """A household that left the register by a case that is closed."""
    household = make.make_household(state=State.EXITED)
    case = make.make_case(household, facts={"year": 2019})
    with unguarded():
        StateChange.objects.create(
            household=household,
            from_state=State.POOR,
            to_state=State.EXITED,
            on=case.opened_on,
            case=case,
        )
    return reverse("exits:revoke", args=[household.number])


def resurveying(world: World) -> str:
    """An exit on the plan of a household that was surveyed since."""
    household = make.make_household(state=State.PLANNED_EXIT)
    make.make_survey(household, 2019)
    case = open_for(household, "exit", by=world.cast.county_clerk)
    make.make_survey(household, 2020)
    return reverse("exits:survey", args=[case.pk])


def resetting(world: World) -> str:
    """The page behind a one-time link, in the session of whoever opened it."""
    link = issue_reset_link(world.cast.reader, by=world.cast.account_admin)
    return reverse("officers:reset", args=[link.uidb64, link.token])


def withdrawing(world: World) -> str:
    """An import that went through."""
    batch = make.make_batch(make.VILLAGE, state="done", imported_by=world.cast.county_clerk)
    return reverse("pages:withdraw_import", args=[batch.pk])


def stepping(world: World) -> str:
    """The first step of an exit, which the county approver takes."""
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, wage_income=9000)
    case = open_for(household, "exit", by=world.cast.county_clerk)
    return reverse("pages:case_step", args=[case.pk, "plan"])


def deciding_many(world: World) -> str:
    """The exits of a village that wait for the county."""
    stepping(world)
    return reverse("pages:batch", args=[make.VILLAGE, "exit", "proposed"])


def objecting(_world: World) -> str:
    """An exit that waits on its notice."""
    case = make.make_case(make.make_household(), state="noticed")
    objection_to(case, posted_on=business_date())
    return reverse("pages:case_objection", args=[case.pk])


def resolving(world: World) -> str:
    """An objection that somebody else recorded."""
    objection = world.rows.objection
    return reverse("pages:case_resolution", args=[world.rows.case.pk, objection.pk])


def later_facts(world: World) -> str:
    """A case whose facts changed since."""
    return reverse("pages:case_facts", args=[world.rows.case.pk])


def parameter(key: str) -> Callable[[World], str]:
    """The page that sets one parameter."""
    return lambda world: f"{reverse('pages:parameter')}?key={key}"


def hit(act: str) -> Callable[[World], str]:
    """What is done about a red line that a household meets."""
    return lambda world: reverse(
        "pages:case_hit", args=[world.rows.application.pk, world.rows.hit.pk, act]
    )


def appealed(world: World) -> str:
    """The result of an appeal."""
    appeal = world.rows.appeal
    return reverse("pages:case_appeal_result", args=[appeal.case_id, appeal.pk])


def evidence(world: World) -> str:
    """The photos of a household."""
    return reverse("pages:evidence", args=["household", world.rows.household.number])


def changing(kind: str) -> Callable[[World], str]:
    """A change of a household of two."""

    def path(world: World) -> str:
        household = make.make_household(persons=2)
        make.make_survey(household, 2019)
        return reverse("households:change_report", args=[household.number, kind])

    return path


def ticking(world: World) -> str:
    """Who of a township took part in a course."""
    return reverse("teams:training_people", args=[world.rows.training.pk, make.TOWNSHIP])


def serving_here(route: str) -> Callable[[World], str]:
    """A page of a member of a team, whose term runs."""

    def path(world: World) -> str:
        if not Cadre.everywhere.filter(account=world.cast.first_secretary).exists():
            serving(world.cast.first_secretary)
        return reverse(route)

    return path


def unhelped(world: World) -> str:
    """The list with a household that waits for a helper."""
    make.make_household(state=State.POOR)
    return reverse("pages:unhelped")


def unrecorded(world: World) -> str:
    """Yesterday of somebody of whom nothing is on record."""
    day = world.rows.inspected.day - timedelta(days=1)
    return reverse("teams:keep_day", args=[world.rows.inspected.cadre.number, day])


def handed_over(world: World) -> str:
    """The change of hands of a term whose handover stands."""
    term = make.make_term()
    make_handover(term, world.cast.county_clerk)
    return reverse("teams:change_hands", args=[term.pk])


def drawing_a_loan(world: World) -> str:
    """The loan of a measure that is not drawn yet."""
    return reverse("assistance:item_loan", args=[agreed_item("LOAN-MICRO").uuid])


def moving_house(world: World) -> str:
    """The relocation of a household."""
    return reverse("assistance:item_move", args=[agreed_item("REL-MOVE").uuid])


def planning(world: World) -> str:
    return reverse("exits:plan_write", args=[world.rows.exit_plan.division_id, "households"])


def judging(world: World) -> str:
    """An indicator that waits for its judgement."""
    return reverse("exits:judge", args=[world.rows.village_exit.pk, "TV"])


def recording_village(world: World) -> str:
    """A year of a village of which nothing is on record."""
    return reverse("exits:record_enter", args=[world.rows.listed.division_id, 2018])
