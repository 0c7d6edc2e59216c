"""Where each form of the site stands, so that one test can send every one of them.

A class that asks (GET) and one that acts (POST) have a `Place`: how to get to its page, who opens
it, and under which name its context holds the form. `BASES` are classes that no page shows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from divisions.models import Division
from households.actions.freezing import freeze_year
from households.models.households import StateChange
from households.rules import State
from officers.actions.accounts import issue_reset_link
from officers.models import Officer
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import Proposal
from teams.models import Cadre
from tests import factories as make
from tests.cast import Cast
from tests.procedures import open_for
from tests.web.assistance.delivered import agreed_item
from tests.web.route_rows import Rows
from tests.web.teams.present import serving
from tests.web.teams.sent import make_handover
from workflow import parameters


@dataclass(frozen=True)
class World:
    """What a place may lean on: the cast, its rows, and a client that signs in as anybody.

    The far clerk and approver are of a third county, where no review was yet.
    """

    cast: Cast
    rows: Rows
    signed_in: Callable[..., Client]
    far_clerk: Officer
    far_approver: Officer

    def who(self, name: str) -> Officer:
        """The officer of a place."""
        return getattr(self, name, None) or getattr(self.cast, name)


@dataclass(frozen=True)
class Place:
    """A page with a form.

    `sent` are entries beside the form's own, such as the button; `target` is where it goes, where
    that is another address.
    """

    path: Callable[[World], str]
    officer: str = "county_clerk"
    context: str = "form"
    sent: dict[str, str] = field(default_factory=dict)
    target: Callable[[World], str] | None = None


def named(route: str, *attributes: str, query: str = "") -> Callable[[World], str]:
    """The path of a route whose arguments are attributes of the rows: "case.pk"."""

    def path(world: World) -> str:
        found = []
        for attribute in attributes:
            value: object = world.rows
            for part in attribute.split("."):
                value = getattr(value, part)
            found.append(value)
        return reverse(route, args=found) + query

    return path


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


CLERK = "county_clerk"
MEMBER = "first_secretary"
APPROVER, ADMIN, PREPARER = "county_approver", "account_admin", "province_officer"
FAR = "far_clerk"
ACTING = {
    "officers.forms.SignInForm": Place(named("officers:sign_in"), officer=""),
    "officers.forms.NewPasswordForm": Place(resetting, officer=""),
    "officers.forms.ChangePasswordForm": Place(named("officers:password")),
    "officers.forms.AccountSearchForm": Place(named("officers:accounts"), ADMIN, "search"),
    "officers.forms.NewOfficerForm": Place(named("officers:create"), ADMIN),
    "officers.forms.GrantForm": Place(named("officers:grant", "account.pk"), ADMIN),
    "officers.forms.ReasonForm": Place(named("officers:deactivate", "account.pk"), ADMIN),
    "officers.forms.EndForm": Place(named("officers:end", "posting.pk"), ADMIN),
    "officers.forms.HandOverForm": Place(named("officers:hand_over", "posting.pk"), ADMIN),
    "reviews.forms.ProposeForm": Place(named("reviews:propose")),
    "reviews.forms.CancelForm": Place(named("reviews:cancel", "review.pk")),
    "reviews.acting_forms.AnswerForm": Place(answering, FAR),
    "reviews.acting_forms.AnswerForm of many": Place(answering_many, FAR),
    "reviews.acting_forms.UndoForm": Place(undoing, FAR),
    "reviews.freeze_forms.FreezeForm": Place(
        named("freezes:new", query=f"?year=2019&division={make.COUNTY}"), APPROVER
    ),
    "reviews.standard_forms.StandardForm": Place(named("standards:prepare"), PREPARER),
    "reviews.standard_forms.DiscardForm": Place(
        named("standards:discard", "standard.pk"), PREPARER
    ),
    "registry.pages.cases.forms.StepForm": Place(stepping, APPROVER),
    "registry.pages.cases.forms.BatchForm": Place(deciding_many, APPROVER),
    "registry.pages.cases.forms.FactsForm": Place(later_facts),
    **{
        f"registry.pages.cases.recording_forms.{name}": Place(path, officer)
        for name, path, officer in (
            ("ComparisonForm", named("pages:case_comparison", "application.pk"), CLERK),
            ("RedLineForm", named("pages:case_red_line", "application.pk"), CLERK),
            ("ExplainForm", hit("explain"), CLERK),
            ("AcceptForm", hit("accept"), CLERK),
            ("WithdrawForm", hit("withdraw"), CLERK),
            ("AppealForm", named("pages:case_appeal", "application.pk"), CLERK),
            ("AppealResultForm", appealed, CLERK),
        )
    },
    **{
        f"households.changing.forms.ChangeForm {kind}": Place(changing(kind), "village_official")
        for kind in ("birth", "death", "split", "relocation")
    },
    "registry.pages.notices.forms.TakeDownForm": Place(
        named("pages:notice", "objection.line.notice.pk"),
        "village_official",
        target=named("pages:notice_down", "objection.line.notice.pk"),
    ),
    "registry.pages.evidence.forms.EvidenceForm": Place(evidence, "village_official"),
    "registry.pages.quality.forms.ExplainForm": Place(named("pages:quality_explain", "issue.pk")),
    "registry.pages.cases.forms.ObjectionForm": Place(named("pages:case_objection", "case.pk")),
    "registry.pages.cases.forms.ResolutionForm": Place(resolving, APPROVER),
    **{
        f"registry.pages.parameters.forms.ParameterForm {key}": Place(parameter(key), APPROVER)
        for key in (
            parameters.QUORUM,
            parameters.VISITORS,
            parameters.FIELD_WORK,
            parameters.FREEZE,
            parameters.red_line_key("house"),
        )
    },
    "registry.pages.unhelped.forms.PairForm": Place(unhelped),
    "teams.forms.pairings.HandOnForm": Place(
        named("teams:helper_hand_on", "pairing.cadre.number"), sent={"reason": "left"}
    ),
    "teams.forms.pairings.ReassignForm": Place(named("teams:pairing_hand_over", "pairing.pk")),
    "teams.forms.pairings.EndPairingForm": Place(named("teams:pairing_end", "pairing.pk")),
    "teams.forms.roster.NameForm": Place(named("teams:roster"), context="search"),
    "teams.forms.needs.ListForm": Place(
        named("teams:need_add", query=f"?township={make.TOWNSHIP}")
    ),
    "teams.forms.needs.EndNeedForm": Place(named("teams:need_end", "need.pk")),
    "teams.forms.terms.EndForm": Place(named("teams:term_end", "assessment.term.pk")),
    "teams.forms.terms.ChangeOfHandsForm": Place(named("teams:change_hands", "assessment.term.pk")),
    "teams.forms.terms.SuccessionForm": Place(handed_over),
    "teams.forms.terms.HandoverForm": Place(named("teams:hand_over", "assessment.term.pk")),
    "teams.forms.units.UnitForm": Place(named("teams:unit_add")),
    "teams.forms.units.ChangeUnitForm": Place(
        named("teams:unit_change", "candidacy.cadre.unit.pk")
    ),
    "teams.forms.units.EndUnitForm": Place(named("teams:unit_end", "candidacy.cadre.unit.pk")),
    "teams.forms.cadres.CadreForm": Place(named("teams:cadre_add")),
    "teams.forms.cadres.ChangeCadreForm": Place(
        named("teams:cadre_change", "candidacy.cadre.number")
    ),
    "teams.forms.cadres.LinkForm": Place(named("teams:cadre_account", "candidacy.cadre.number")),
    "teams.forms.cadres.PhoneForm": Place(named("teams:cadre_phone", "candidacy.cadre.number")),
    "teams.forms.cadres.FindCadreForm": Place(named("teams:cadres")),
    "teams.forms.candidates.ProposeForm": Place(named("teams:candidate_propose")),
    "teams.forms.candidates.MendForm": Place(
        named("teams:candidate_mend", "candidacy.case.pk"), "township_reviewer"
    ),
    "teams.forms.importing.RosterFileForm": Place(named("teams:import")),
    "teams.forms.visits.VisitForm": Place(
        named("teams:visit_new", "household.number"), "village_official"
    ),
    "teams.forms.visits.WithdrawVisitForm": Place(
        named("teams:visit_withdraw", "visit.uuid"), "village_official"
    ),
    "teams.forms.assessments.PointsForm": Place(named("teams:points", "assessment.pk")),
    "teams.forms.assessments.PollForm": Place(
        named("teams:poll", "assessment.pk"), "township_reviewer"
    ),
    "teams.forms.assessments.OpenOneForm": Place(named("teams:assess", "assessment.cadre.number")),
    "teams.forms.assessments.IncentiveForm": Place(
        named("teams:incentive", "assessment.cadre.number")
    ),
    "assistance.forms.catalogue.VersionForm": Place(
        named("assistance:measure_change", "measure.code")
    ),
    "assistance.forms.catalogue.WithdrawMeasureForm": Place(
        named("assistance:measure_withdraw", "measure.code")
    ),
    "assistance.forms.catalogue.NewMeasureForm": Place(
        named("assistance:measure_add", query="?unit=village")
    ),
    "assistance.forms.importing.MeasureFileForm": Place(named("assistance:import")),
    "assistance.forms.delivering.DeliveryForm": Place(
        named("assistance:item_deliver", "delivered.item.uuid")
    ),
    "assistance.forms.delivering.WithdrawDeliveryForm": Place(
        named("assistance:delivery_withdraw", "delivered.uuid")
    ),
    "assistance.forms.delivering.FinishForm": Place(
        named("assistance:item_finish", "delivered.item.uuid")
    ),
    "assistance.forms.delivering.StopForm": Place(
        named("assistance:item_stop", "delivered.item.uuid")
    ),
    "assistance.forms.delivering.InstalmentsForm": Place(
        named("assistance:item_instalments", "delivered.item.uuid")
    ),
    "assistance.forms.kept.LoanForm": Place(drawing_a_loan),
    "assistance.forms.kept.ExtendLoanForm": Place(
        named("assistance:item_loan_extend", "loan.item.uuid")
    ),
    "assistance.forms.kept.RepayForm": Place(named("assistance:item_loan_repay", "loan.item.uuid")),
    "assistance.forms.kept.ContractForm": Place(
        named("assistance:item_contract", "contract.item.uuid")
    ),
    "assistance.forms.kept.EndContractForm": Place(
        named("assistance:item_contract_end", "contract.item.uuid", "contract.pk")
    ),
    "assistance.forms.kept.MoveForm": Place(moving_house),
    "assistance.forms.kept.CourseForm": Place(named("assistance:item_course", "course.item.uuid")),
    "assistance.forms.kept.CertificateForm": Place(
        named("assistance:item_certificate", "course.item.uuid")
    ),
    "assistance.forms.planning.NewPlanForm": Place(
        named("assistance:plan_draft", "household.number"), "village_official"
    ),
    "assistance.forms.planning.ChangeFrameForm": Place(
        named("assistance:plan_frame", "planned.plan.uuid"), "village_official"
    ),
    "assistance.forms.planning.ItemForm": Place(adding_post, "village_official"),
    "assistance.forms.planning.ChangeItemForm": Place(
        named("assistance:plan_item_change", "planned.uuid"), "village_official"
    ),
    "assistance.forms.planning.ReasonForm": Place(
        named("assistance:plan_withdraw", "planned.plan.uuid"), "village_official"
    ),
    "assistance.forms.planning.BeginForm": Place(
        named("assistance:plan_begin", "planned.plan.uuid"), "village_official"
    ),
    "assistance.forms.planning.CarryForm": Place(
        named("assistance:plan_carry", "planned.plan.uuid"), "village_official"
    ),
    "assistance.forms.planning.SignForm": Place(
        named("assistance:plan_sign", "planned.plan.uuid"), "village_official"
    ),
    "assistance.forms.planning.TakeUpForm": Place(
        named("assistance:plan_revise", "planned.plan.uuid"), "village_official"
    ),
    "assistance.forms.evaluating.EvaluationForm": Place(
        named("assistance:evaluate", "approved_plan.uuid"), "village_official"
    ),
    "assistance.forms.villages.AddForm": Place(
        named("assistance:beneficiaries_add", "shared.item.uuid")
    ),
    "assistance.forms.villages.ChangeForm": Place(
        named("assistance:beneficiaries", "shared.item.uuid")
    ),
    "assistance.forms.villages.DistributionForm": Place(
        named("assistance:distribute", "shared.item.uuid")
    ),
    "assistance.forms.villages.WithdrawForm": Place(
        named("assistance:distribution_withdraw", "shared.uuid")
    ),
    "exits.forms.places.ProposeForm": Place(
        named("exits:village", "listed.division_id"), context="propose"
    ),
    "exits.forms.households.YearForm": Place(
        named("exits:propose", "household.number"), "village_official"
    ),
    "exits.forms.households.RemovalForm": Place(
        named("exits:remove", "household.number"), "village_official"
    ),
    "exits.forms.households.ReasonForm": Place(revoking),
    "exits.forms.households.SurveyForm": Place(resurveying),
    "exits.forms.places.ListPlacesForm": Place(named("exits:list_places")),
    "exits.forms.places.JudgeForm": Place(judging),
    "exits.forms.places.IndicatorForm": Place(
        lambda world: reverse("exits:indicator_change", args=["INCOME"]), PREPARER
    ),
    "exits.forms.places.NewIndicatorForm": Place(named("exits:indicator_add"), PREPARER),
    "exits.forms.places.EvaluationForm": Place(
        named("exits:evaluation", "county_exit.pk"), PREPARER
    ),
    "exits.forms.places.EvaluationFileForm": Place(
        named("exits:evaluation_file", "county_exit.pk"), PREPARER
    ),
    "exits.forms.plans.PlansForm": Place(planning),
    "exits.forms.records.RecordForm": Place(recording_village),
    "exits.forms.records.RecordFileForm": Place(named("exits:records_import")),
    "teams.forms.training.CourseForm": Place(named("teams:training_add")),
    "teams.forms.training.CorrectCourseForm": Place(named("teams:training_correct", "training.pk")),
    "teams.forms.training.ParticipantsForm": Place(ticking),
    "teams.forms.presence.SignInForm": Place(serving_here("teams:presence"), MEMBER),
    "teams.forms.presence.AbsenceForm": Place(serving_here("teams:ask_absence"), MEMBER),
    "teams.forms.presence.DayForm": Place(unrecorded, "village_official"),
    "teams.forms.presence.InspectionForm": Place(named("teams:inspect", "inspected.cadre.number")),
    "teams.forms.presence.WithdrawInspectionForm": Place(
        named("teams:withdraw_day", "inspected.cadre.number", "inspected.day"), APPROVER
    ),
    "teams.forms.todo.OpenTaskForm": Place(named("teams:task_new", "household.village_id")),
    "teams.forms.todo.CloseTaskForm": Place(named("teams:task_close", "task.uuid")),
    "teams.forms.todo.ReassignTaskForm": Place(named("teams:task_reassign", "task.uuid")),
    "teams.forms.todo.MoveTaskForm": Place(named("teams:task_move", "task.uuid")),
    "teams.forms.worklog.LogForm": Place(named("teams:log_new"), "village_official"),
    "registry.pages.forms.RevealForm": Place(named("pages:reveal_phone", "household.number")),
    "households.importing.forms.UploadForm": Place(named("importing:upload")),
    "households.importing.forms.TemplateForm": Place(
        named("importing:upload"), context="template", target=named("importing:filled_template")
    ),
    "households.importing.forms.WithdrawForm": Place(withdrawing),
    "households.forms.SearchForm": Place(named("households:register"), context="search"),
    "households.correction_forms.CorrectionForm": Place(correcting, sent={"act": "check"}),
}
ASKING = {
    "assistance.forms.importing.MeasureYearForm": Place(
        named("assistance:import"), context="year_form"
    ),
    "teams.forms.importing.RosterDayForm": Place(named("teams:import"), context="day_form"),
    "teams.forms.presence.DayTableForm": Place(named("teams:presence_totals")),
    "teams.forms.assessments.AssessmentFilter": Place(named("teams:assessments")),
    "teams.forms.assessments.YearForm": Place(named("teams:training")),
    "teams.forms.roster.RosterForm": Place(named("teams:roster")),
    "teams.forms.roster.DayForm": Place(named("teams:coverage")),
    "teams.forms.units.UnitListForm": Place(named("teams:units")),
    "assistance.forms.catalogue.CatalogueForm": Place(named("assistance:catalogue")),
    "assistance.forms.catalogue.RecommendationForm": Place(
        named("assistance:recommendation", "household.number")
    ),
    "assistance.forms.delivering.DueForm": Place(named("assistance:due")),
    "assistance.forms.delivering.HowManyForm": Place(
        named("assistance:item_instalments", "delivered.item.uuid", query="?number=3"),
        context="asked",
    ),
    "assistance.forms.planning.PlanListForm": Place(named("assistance:plans")),
    "assistance.forms.effect.EffectForm": Place(named("assistance:effect")),
    "assistance.forms.villages.VillageListForm": Place(named("assistance:village_measures")),
    "assistance.forms.villages.YearForm": Place(named("assistance:asset_income")),
    "exits.forms.places.PlaceYearForm": Place(named("exits:villages")),
    "teams.forms.visits.KindForm": Place(named("teams:unvisited_households")),
    "teams.forms.visits.MonthForm": Place(named("teams:log"), "helper"),
    "teams.forms.visits.WhoseMonthForm": Place(named("teams:visits")),
    "assistance.forms.gaps.SearchForm": Place(named("assistance:gap_search")),
    "assistance.forms.gaps.YearForm": Place(named("assistance:gaps")),
    "assistance.forms.gaps.GapListForm": Place(named("assistance:gap_list")),
    "assistance.forms.gaps.ResolveForm": Place(named("assistance:gap_resolve", "gap.pk")),
    "teams.forms.todo.TaskListForm": Place(named("teams:tasks")),
    "registry.pages.quality.forms.IssueFilter": Place(named("pages:quality")),
    "registry.pages.notices.forms.NoticeFilter": Place(named("pages:notices")),
    "registry.pages.cases.forms.InboxForm": Place(named("pages:inbox")),
    "officers.forms.AccountFilterForm": Place(named("officers:accounts"), ADMIN, "filters"),
    "reviews.readiness_forms.ReadinessForm": Place(named("reviews:readiness")),
    "reviews.readiness_forms.KindForm": Place(named("reviews:unready")),
    "reviews.freeze_forms.FreezeChoiceForm": Place(named("freezes:new"), APPROVER),
    "reviews.running_forms.ReviewFilterForm": Place(named("reviews:list")),
    "reviews.running_forms.ChangeFilterForm": Place(named("reviews:changes", "review.pk")),
    "reviews.forms.ProposalFilterForm": Place(named("reviews:proposals", "review.pk")),
    "divisions.forms.DivisionSearchForm": Place(named("divisions:browse")),
    "registry.pages.parameters.forms.YearForm": Place(named("pages:parameters")),
    "registry.pages.forms.KnownForm": Place(named("pages:household", "household.number")),
    "households.forms.RegisterFilterForm": Place(named("households:register"), context="filters"),
}
BASES = {
    "trail.forms.PlainForm",
    "teams.forms.judged.JudgedForm",
    "teams.forms.versioned.VersionedForm",
    "teams.forms.seen.SeenForm",
    "assistance.forms.planning.FrameForm",
    "assistance.forms.catalogue.EntryForm",
    "exits.forms.places.ReportForm",
    "reviews.acting_forms.ActForm",
    "registry.pages.cases.forms.ActForm",
    "registry.pages.forms.DemoDateForm",  # of the frame: it answers with a message on any page
}
JUDGED_BEYOND_THEIR_FIELDS = "registry.pages.registering.forms."
"""Steps of a draft are judged by households.entry; tests/web/registry/registering sends them."""
