"""Every route of the site: PUBLIC, OPEN or ROWS, as `test_every_route` explains."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests import factories as make
from tests.web.route_rows import Rows

Address = Callable[[Rows], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """How to build an address; `insider` is a part of the cast that finds the row by `method`.

    `mixed` builds an address whose outer row is the stranger's own and whose inner row is not.
    """

    address: Address
    insider: str = "county_clerk"
    method: str = "get"
    mixed: Address | None = None


def named(**attributes: str) -> Address:
    """Keywords of an address from attributes of rows: case="case.pk"."""

    def build(rows: Rows) -> dict[str, Any]:
        found = {}
        for keyword, path in attributes.items():
            value: Any = rows
            for part in path.split("."):
                value = getattr(value, part)
            found[keyword] = value
        return found

    return build


def fixed(address: Address, **values: str) -> Address:
    """The address with keywords that name no row."""
    return lambda rows: address(rows) | values


PUBLIC = {
    "healthz",
    "readyz",
    "set_language",
    "pages:look",
    "pages:help_keyboard",
    "pages:help_printing",
    "pages:public_notices",
    "pages:public_notices_of",
    "pages:robots",
    "officers:sign_in",
    "officers:reset",
}
SIGNED_OUT_SAFELY = {"officers:sign_out"}
OPEN = {
    "assistance:gaps",
    "assistance:gap_list",
    "assistance:gap_list_csv",
    "assistance:gap_list_xlsx",
    "assistance:gap_search",
    "pages:home",
    "pages:notices",
    "pages:quality",
    "pages:quality_list",
    "pages:quality_csv",
    "pages:quality_xlsx",
    "pages:inbox",
    "pages:parameters",
    "pages:parameter",
    "pages:move_date",
    "officers:act_as",
    "officers:account",
    "officers:password",
    "officers:accounts",
    "officers:create",
    "divisions:browse",
    "households:register",
    "freezes:list",
    "freezes:new",
    "registering:list",
    "registering:start",
    "importing:list",
    "importing:upload",
    "importing:filled_template",
    "importing:template_csv",
    "importing:template_xlsx",
    "reviews:list",
    "reviews:propose",
    "reviews:readiness",
    "reviews:unready",
    "reviews:readiness_download",
    "reviews:count_readiness",
    "teams:roster",
    "teams:helpers",
    "teams:helpers_file",
    "pages:unhelped",
    "teams:ask_absence",
    "teams:attendance",
    "teams:presence",
    "teams:presence_totals",
    "teams:presence_csv",
    "teams:presence_xlsx",
    "teams:gaps",
    "teams:calendar",
    "teams:coverage",
    "teams:coverage_csv",
    "teams:coverage_xlsx",
    "teams:needs",
    "teams:need_add",
    "teams:accounts",
    "teams:cadre_add",
    "teams:cadres",
    "teams:candidate_propose",
    "teams:candidates",
    "teams:unit_add",
    "teams:units",
    "teams:import",
    "teams:import_save",
    "teams:import_template_csv",
    "teams:import_template_xlsx",
    "teams:import_roster_csv",
    "teams:import_roster_xlsx",
    "teams:import_faulty_csv",
    "teams:import_faulty_xlsx",
    "standards:list",
    "standards:prepare",
    "teams:assessments",
    "teams:assessments_open",
    "teams:training",
    "teams:training_add",
    "teams:training_short",
    "assistance:catalogue",
    "assistance:import",
    "assistance:import_save",
    "assistance:import_template_csv",
    "assistance:import_template_xlsx",
    "assistance:import_measures_csv",
    "assistance:import_measures_xlsx",
    "assistance:import_faulty_csv",
    "assistance:import_faulty_xlsx",
    "assistance:measure_add",
    "assistance:due",
    "assistance:due_totals",
    "assistance:plans",
    "assistance:asset_income",
    "assistance:effect",
    "assistance:effect_csv",
    "assistance:effect_xlsx",
    "assistance:income_csv",
    "assistance:income_xlsx",
    "assistance:village_measures",
    "exits:plan",
    "exits:tracking",
    "exits:returns",
    "exits:villages",
    "exits:list_places",
    "exits:counties",
    "exits:plans",
    "exits:approvers",
    "exits:indicators",
    "exits:indicator_add",
    "exits:records",
    "exits:records_import",
    "exits:records_import_save",
    "exits:records_template_csv",
    "exits:records_template_xlsx",
    "exits:records_file_csv",
    "exits:records_file_xlsx",
    "exits:records_faulty_csv",
    "exits:records_faulty_xlsx",
    "teams:households",
    "teams:log",
    "teams:log_new",
    "teams:tasks",
    "teams:unvisited",
    "teams:unvisited_households",
    "teams:visit_months",
    "teams:visits",
}
COUNTY_EXIT = named(case="county_exit.pk")
TERM = named(term="assessment.term.pk")
ADMIN = "account_admin"
PREPARER = "province_officer"
HOUSEHOLD = named(number="household.number")
CADRE = named(cadre="candidacy.cadre.number")
UNIT = named(unit="candidacy.cadre.unit.pk")
MEMBER = named(number="household.number", member="member.pk")
CASE = named(case="case.pk")
IDENTIFICATION = named(case="application.pk")
HIT = named(case="application.pk", hit="hit.pk")
APPEAL = named(case="application.pk", appeal="appeal.pk")
OBJECTION = named(case="case.pk", objection="objection.pk")
DRAFT = named(draft="draft.uuid")
FILE = named(file="file.uuid")
NOTICE = named(notice="objection.line.notice.pk")
BATCH = named(batch_id="batch.pk")
REVIEW = named(review_id="review.pk")
PROPOSAL = named(review_id="review.pk", proposal_id="proposal.pk")
STANDARD = named(standard_id="standard.pk")
ACCOUNT = named(pk="account.pk")
POSTING = named(pk="posting.pk")
REQUEST = named(pk="request.pk")
ACCEPTANCE = named(review_id="review.pk", batch_id="acceptance.pk")
FOREIGN_ACCEPTANCE = named(review_id="own_review.pk", batch_id="acceptance.pk")
FOREIGN_PROPOSAL = named(review_id="own_review.pk", proposal_id="proposal.pk")
VISIT = named(visit="visit.uuid")
TASK = named(task="task.uuid")
GAP = named(gap="gap.pk")
GAP_RUN = named(run="gap.first_run.pk")
HELPER = named(cadre="pairing.cadre.number")
PAIRING = named(pairing="pairing.pk")
ASSESSMENT = named(assessment="assessment.pk")
ASSESSED = named(cadre="assessment.cadre.number")
TRAINING = named(training="training.pk")
SHARED = named(distribution="shared.uuid")
VILLAGE_MEASURE = named(item="shared.item.uuid")
MEASURE = named(code="measure.code")
DELIVERED = named(item="delivered.item.uuid")
LOAN = named(item="loan.item.uuid")
POST = named(item="contract.item.uuid")
COURSE = named(item="course.item.uuid")
PLANNED = named(plan="planned.plan.uuid")
PLANNED_ITEM = named(item="planned.uuid")
APPROVED_PLAN = named(plan="approved_plan.uuid")
DAYS = named(cadre="inspected.cadre.number")
DAY = named(cadre="inspected.cadre.number", day="inspected.day")
MONTH = fixed(DAYS, month="2024-12")
ROWS = {
    "pages:print_month": Route(MONTH),
    "teams:presence_person": Route(DAYS),
    "teams:inspect": Route(DAYS),
    "teams:keep_day": Route(DAY, insider="village_official"),
    "teams:withdraw_day": Route(DAY, insider="county_approver"),
    "pages:household": Route(HOUSEHOLD),
    "pages:quality_explain": Route(named(issue="issue.pk")),
    "pages:notice": Route(NOTICE),
    "pages:notice_down": Route(NOTICE, method="post"),
    "pages:notice_poster": Route(NOTICE),
    "pages:evidence": Route(fixed(named(key="household.number"), kind="household")),
    "pages:evidence_file": Route(FILE),
    "pages:evidence_removal": Route(FILE, insider="village_official"),
    "pages:reveal_phone": Route(HOUSEHOLD),
    "pages:reveal_id": Route(
        MEMBER, mixed=named(number="own_household.number", member="member.pk")
    ),
    "pages:case": Route(CASE),
    "pages:case_next": Route(CASE),
    "pages:case_step": Route(fixed(CASE, step="plan"), insider="county_approver"),
    "pages:case_facts": Route(CASE),
    "pages:case_explained": Route(CASE),
    "pages:print_case_file": Route(CASE),
    "pages:batch": Route(
        fixed(named(village="case.division_id"), kind="identification", state="noticed"),
        insider="township_reviewer",
    ),
    "pages:case_comparison": Route(IDENTIFICATION),
    "pages:case_red_line": Route(IDENTIFICATION),
    "pages:case_hit": Route(
        fixed(HIT, act="withdraw"),
        mixed=fixed(named(case="own_case.pk", hit="hit.pk"), act="withdraw"),
    ),
    "pages:case_appeal": Route(IDENTIFICATION),
    "pages:case_appeal_result": Route(APPEAL, mixed=named(case="own_case.pk", appeal="appeal.pk")),
    "pages:case_objection": Route(CASE),
    "pages:case_resolution": Route(
        OBJECTION,
        insider="county_approver",
        mixed=named(case="own_case.pk", objection="objection.pk"),
    ),
    "pages:print_choose": Route(HOUSEHOLD),
    "pages:print_sheet": Route(fixed(HOUSEHOLD, sheet="registration")),
    "pages:print_minutes": Route(CASE),
    "pages:withdraw_import": Route(BATCH),
    "registering:update": Route(HOUSEHOLD, insider="village_official", method="post"),
    "registering:tasks": Route(DRAFT, insider="village_official"),
    "registering:discard": Route(DRAFT, insider="village_official"),
    "registering:check": Route(DRAFT, insider="village_official"),
    "registering:go_on": Route(DRAFT, insider="village_official", method="post"),
    "registering:done": Route(DRAFT, insider="village_official"),
    "registering:step": Route(fixed(DRAFT, step="household"), insider="village_official"),
    "households:change": Route(HOUSEHOLD),
    "households:change_report": Route(fixed(HOUSEHOLD, kind="death")),
    "households:change_mend": Route(
        named(number="household.number", change="change.pk"), insider="village_official"
    ),
    "households:correct": Route(fixed(HOUSEHOLD, year="2019")),
    "importing:batch": Route(BATCH),
    "importing:confirm": Route(BATCH, method="post"),
    "importing:faulty_csv": Route(BATCH),
    "importing:faulty_xlsx": Route(BATCH),
    "reviews:review": Route(REVIEW),
    "reviews:progress": Route(REVIEW),
    "reviews:commit": Route(REVIEW, insider="county_approver", method="post"),
    "reviews:cancel": Route(REVIEW, method="post"),
    "reviews:pause": Route(REVIEW, method="post"),
    "reviews:resume": Route(REVIEW, method="post"),
    "reviews:parts": Route(REVIEW),
    "reviews:attention": Route(REVIEW),
    "reviews:try_again": Route(REVIEW, method="post"),
    "reviews:changes": Route(REVIEW),
    "reviews:changes_file": Route(fixed(REVIEW, form="csv")),
    "reviews:proof": Route(REVIEW),
    "reviews:verify": Route(REVIEW, insider="auditor", method="post"),
    "reviews:recompute": Route(PROPOSAL, mixed=FOREIGN_PROPOSAL),
    "reviews:corrected": Route(REVIEW),
    "reviews:corrected_file": Route(fixed(REVIEW, form="csv")),
    "reviews:figures": Route(REVIEW),
    "reviews:figures_table": Route(fixed(REVIEW, name="matrix", form="csv")),
    "reviews:flow": Route(REVIEW),
    "reviews:flow_table": Route(fixed(REVIEW, form="csv")),
    "reviews:flow_line": Route(fixed(REVIEW, name="new")),
    "reviews:flow_line_file": Route(fixed(REVIEW, name="new", form="csv")),
    "reviews:report": Route(REVIEW),
    "reviews:proposals": Route(REVIEW),
    "reviews:download": Route(fixed(REVIEW, form="csv")),
    "reviews:proposal": Route(PROPOSAL, mixed=FOREIGN_PROPOSAL),
    "reviews:accept": Route(PROPOSAL, method="post", mixed=FOREIGN_PROPOSAL),
    "reviews:answer": Route(
        fixed(PROPOSAL, answer="refuse"), mixed=fixed(FOREIGN_PROPOSAL, answer="refuse")
    ),
    "reviews:take_back": Route(PROPOSAL, method="post", mixed=FOREIGN_PROPOSAL),
    "reviews:undo": Route(PROPOSAL, mixed=FOREIGN_PROPOSAL),
    "reviews:compare": Route(REVIEW),
    "reviews:compare_count": Route(REVIEW, method="post"),
    "reviews:compare_progress": Route(REVIEW),
    "reviews:compare_matrix": Route(fixed(REVIEW, form="csv")),
    "reviews:compare_table": Route(fixed(REVIEW, name="sides", form="csv")),
    "reviews:flips": Route(REVIEW),
    "reviews:flips_file": Route(fixed(REVIEW, form="csv")),
    "reviews:accept_batch": Route(REVIEW),
    "reviews:answer_batch": Route(fixed(REVIEW, answer="send-back")),
    "reviews:batches": Route(REVIEW),
    "reviews:batch": Route(ACCEPTANCE, mixed=FOREIGN_ACCEPTANCE),
    "reviews:batch_progress": Route(ACCEPTANCE, mixed=FOREIGN_ACCEPTANCE),
    "reviews:batch_rows": Route(ACCEPTANCE, mixed=FOREIGN_ACCEPTANCE),
    "reviews:left_out_file": Route(
        fixed(ACCEPTANCE, form="csv"), mixed=fixed(FOREIGN_ACCEPTANCE, form="csv")
    ),
    "teams:village": Route(named(code="assessment.term.village_id")),
    "teams:person": Route(named(number="assessment.term.cadre.number")),
    "teams:need_end": Route(named(need="need.pk")),
    "teams:term_end": Route(TERM),
    "teams:hand_over": Route(TERM),
    "teams:change_hands": Route(TERM),
    "teams:unit": Route(UNIT),
    "teams:unit_change": Route(UNIT),
    "teams:unit_end": Route(UNIT),
    "teams:unit_resume": Route(UNIT, method="post"),
    "teams:helper": Route(HELPER),
    "teams:helper_hand_on": Route(HELPER),
    "teams:pairing_hand_over": Route(PAIRING),
    "teams:pairing_end": Route(PAIRING),
    "teams:cadre": Route(CADRE),
    "teams:cadre_change": Route(CADRE),
    "teams:cadre_account": Route(CADRE),
    "teams:cadre_phone": Route(CADRE),
    "teams:candidate_mend": Route(named(case="candidacy.case.pk")),
    "teams:household_visits": Route(HOUSEHOLD),
    "teams:visit_new": Route(HOUSEHOLD, insider="village_official"),
    "teams:visit": Route(VISIT),
    "teams:visit_withdraw": Route(VISIT, insider="village_official"),
    "teams:assessment": Route(ASSESSMENT),
    "teams:points": Route(ASSESSMENT),
    "teams:poll": Route(ASSESSMENT, insider="township_reviewer"),
    "teams:assess": Route(ASSESSED),
    "teams:incentive": Route(ASSESSED),
    "exits:propose": Route(HOUSEHOLD, insider="village_official"),
    "exits:revoke": Route(HOUSEHOLD),
    "exits:remove": Route(HOUSEHOLD, insider="village_official"),
    "exits:survey": Route(CASE),
    "exits:village": Route(named(code="listed.division_id")),
    "exits:judge": Route(fixed(named(case="village_exit.pk"), code="TV")),
    "exits:county": Route(named(code="listed_county.division_id")),
    "exits:evaluation": Route(COUNTY_EXIT, "province_officer"),
    "exits:evaluation_file": Route(COUNTY_EXIT, "province_officer"),
    "exits:evaluation_template_csv": Route(COUNTY_EXIT, "province_officer"),
    "exits:evaluation_template_xlsx": Route(COUNTY_EXIT, "province_officer"),
    "exits:plan_versions": Route(fixed(named(code="exit_plan.division_id"), about="households")),
    "exits:plan_write": Route(fixed(named(code="exit_plan.division_id"), about="households")),
    "exits:plan_approve": Route(named(plan="exit_plan.pk"), "county_approver", method="post"),
    "exits:indicator": Route(named(code="indicator.code")),
    "exits:indicator_change": Route(named(code="indicator.code")),
    "exits:record": Route(named(code="listed.division_id")),
    "exits:record_enter": Route(fixed(named(code="listed.division_id"), year="2019")),
    "assistance:village_measure": Route(VILLAGE_MEASURE),
    "assistance:beneficiaries_add": Route(VILLAGE_MEASURE),
    "assistance:beneficiaries": Route(VILLAGE_MEASURE),
    "assistance:distribute": Route(VILLAGE_MEASURE),
    "assistance:distribution": Route(SHARED),
    "assistance:distribution_withdraw": Route(SHARED),
    "assistance:item": Route(DELIVERED),
    "assistance:item_deliver": Route(DELIVERED),
    "assistance:item_instalments": Route(DELIVERED),
    "assistance:item_finish": Route(DELIVERED),
    "assistance:item_stop": Route(DELIVERED),
    "assistance:item_loan": Route(LOAN),
    "assistance:item_loan_extend": Route(LOAN),
    "assistance:item_loan_repay": Route(LOAN),
    "assistance:item_contract": Route(POST),
    "assistance:item_contract_end": Route(named(item="contract.item.uuid", contract="contract.pk")),
    "assistance:item_move": Route(DELIVERED),
    "assistance:item_course": Route(COURSE),
    "assistance:item_certificate": Route(COURSE),
    "assistance:delivery_withdraw": Route(named(delivery="delivered.uuid")),
    "assistance:plan_draft": Route(HOUSEHOLD, "village_official"),
    "assistance:plan_draft_village": Route(named(code="household.village_id"), "village_official"),
    "assistance:measure": Route(MEASURE),
    "assistance:measure_change": Route(MEASURE),
    "assistance:measure_withdraw": Route(MEASURE),
    "assistance:recommendation": Route(HOUSEHOLD),
    "assistance:plan": Route(PLANNED),
    "assistance:plan_frame": Route(PLANNED, "village_official"),
    "assistance:plan_begin": Route(PLANNED, "village_official"),
    "assistance:plan_carry": Route(PLANNED, "village_official"),
    "assistance:plan_sign": Route(PLANNED, "village_official"),
    "assistance:plan_revise": Route(PLANNED, "village_official"),
    "assistance:plan_withdraw": Route(PLANNED, "village_official"),
    "assistance:plan_choose": Route(PLANNED, "village_official"),
    "assistance:plan_add": Route(fixed(PLANNED, code="OTH-WILL"), "village_official"),
    "assistance:plan_item_change": Route(PLANNED_ITEM, "village_official"),
    "assistance:plan_item_replace": Route(PLANNED_ITEM, "village_official"),
    "assistance:plan_item_drop": Route(PLANNED_ITEM, "village_official"),
    "assistance:plan_effect": Route(APPROVED_PLAN),
    "assistance:evaluate": Route(APPROVED_PLAN, "village_official"),
    "teams:training_course": Route(TRAINING),
    "teams:training_correct": Route(TRAINING),
    "teams:training_people": Route(fixed(TRAINING, code=make.TOWNSHIP)),
    "teams:task": Route(TASK),
    "teams:task_new": Route(named(code="household.village_id")),
    "teams:task_close": Route(TASK),
    "teams:task_reassign": Route(TASK),
    "teams:task_move": Route(TASK),
    "assistance:gap": Route(GAP),
    "assistance:gap_resolve": Route(GAP),
    "assistance:gap_run": Route(GAP_RUN),
    "assistance:gap_run_progress": Route(GAP_RUN),
    "standards:standard": Route(STANDARD, insider=PREPARER),
    "standards:change": Route(STANDARD, insider=PREPARER),
    "standards:discard": Route(STANDARD, insider=PREPARER),
    "standards:preview": Route(STANDARD, insider=PREPARER, method="post"),
    "standards:progress": Route(STANDARD, insider=PREPARER),
    "standards:publish": Route(STANDARD, insider="province_approver", method="post"),
    "officers:show": Route(ACCOUNT, insider=ADMIN),
    "officers:reset_link": Route(ACCOUNT, insider=ADMIN, method="post"),
    "officers:deactivate": Route(ACCOUNT, insider=ADMIN),
    "officers:activate": Route(ACCOUNT, insider=ADMIN),
    "officers:grant": Route(ACCOUNT, insider=ADMIN),
    "officers:end": Route(POSTING, insider=ADMIN),
    "officers:hand_over": Route(POSTING, insider=ADMIN),
    "officers:decide": Route(REQUEST, insider=ADMIN),
    "officers:confirm": Route(REQUEST, insider="second_account_admin", method="post"),
}
