"""Where each form of the site stands, so that one test can send every one of them.

A class that asks (GET) and one that acts (POST) have a `Place`: how to get to its page, who opens
it, and under which name its context holds the form. `BASES` are classes that no page shows.
"""

from django.urls import reverse

from tests import factories as make
from tests.form_ways import (
    adding_post,
    answering,
    answering_many,
    appealed,
    changing,
    correcting,
    deciding_many,
    drawing_a_loan,
    evidence,
    handed_over,
    hit,
    judging,
    later_facts,
    moving_house,
    objecting,
    parameter,
    planning,
    recording_village,
    resetting,
    resolving,
    resurveying,
    revoking,
    serving_here,
    stepping,
    ticking,
    undoing,
    unhelped,
    unrecorded,
    withdrawing,
)
from tests.form_world import Place, named
from workflow import parameters

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
    "officers.client_forms.NewClientForm": Place(named("officers:new_client"), ADMIN),
    "officers.client_forms.RotateForm": Place(named("officers:rotate_key", "key.pk"), ADMIN),
    "officers.client_forms.NetworksForm": Place(
        named("officers:client_networks", "key.client.pk"), ADMIN
    ),
    "officers.forms.HandOverForm": Place(named("officers:hand_over", "posting.pk"), ADMIN),
    "exchange.forms.ChoicesForm": Place(
        named("exchange:household_differences", "difference.household.number")
    ),
    "exchange.forms.AllForm": Place(
        named(
            "exchange:decide_all_differences",
            "difference.household.number",
            query="?choice=theirs",
        )
    ),
    "exchange.forms.ReasonForm": Place(
        named("exchange:difference_numbers", "difference.household.number")
    ),
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
    "registry.pages.cases.forms.ObjectionForm": Place(objecting),
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
    "exchange.forms.ListForm": Place(named("exchange:differences")),
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
    "exits.forms.plans.PlanFilterForm": Place(named("exits:plans")),
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
