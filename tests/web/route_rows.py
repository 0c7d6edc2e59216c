"""One row of each kind, for the addresses of the routes."""

from dataclasses import dataclass
from datetime import date, timedelta

from assistance.models import (
    Contract,
    Course,
    Delivery,
    Distribution,
    Gap,
    Item,
    Loan,
    Measure,
    Plan,
)
from divisions.models import Division
from exchange.models import Difference, ForeignDecision
from exits.models import ExitPlan, Indicator, ListedPlace
from households.actions.changes import advance, propose_change
from households.changing.judging import Wanted
from households.entry.drafts import open_draft
from households.models import (
    Draft,
    Household,
    HouseholdChange,
    ImportBatch,
    Member,
    QualityIssue,
    Standard,
)
from households.rules import State
from identification.models import Appeal, RedLineHit
from officers.actions import KeyTerms, create_client, propose_posting
from officers.actions.postings import Terms
from officers.models import Client, ClientKey, Officer, Posting, PostingRequest
from officers.rules import Role, Scope
from reviews.models import BatchAcceptance, Proposal, Review
from teams.models import (
    Assessment,
    Candidacy,
    Pairing,
    Presence,
    Task,
    TeamVillage,
    Training,
    Visit,
)
from teams.rules.presence import Source, Status
from tests import factories as make
from tests.cast import Cast
from tests.pictures import photo
from tests.web.assistance.catalogued import own_measure
from tests.web.assistance.delivered import agreed_item, contract_of, course_of, deliver, loan_of
from tests.web.assistance.planned import drafted, make_poor, with_item
from tests.web.assistance.served import approved_plan, plant, shared_out
from tests.web.exchange.differing import a_household, differing
from tests.web.exits.listed import (
    asked,
    exit_of_county,
    exit_of_village,
    listed,
    ready_village,
    waiting_plan,
)
from tests.web.teams.assessed import make_assessment, make_training
from tests.web.teams.present import on_record, serving
from tests.web.teams.sent import proposed, step
from tests.web.teams.visiting import make_task, make_visit
from trail.dates import business_date
from workflow.actions.attachments import attach
from workflow.models import Attachment, Case, Notice, NoticeLine, Objection, PolicyParameter
from workflow.parameters import FREEZE


@dataclass
class Rows:
    """One row of each kind in COUNTY, and the like of the stranger's own in OTHER_COUNTY."""

    household: Household
    member: Member
    case: Case
    objection: Objection
    application: Case
    hit: RedLineHit
    appeal: Appeal
    batch: ImportBatch
    review: Review
    proposal: Proposal
    acceptance: BatchAcceptance
    standard: Standard
    account: Officer
    posting: Posting
    request: PostingRequest
    key: ClientKey
    reported: ForeignDecision
    difference: Difference
    draft: Draft
    file: Attachment
    change: HouseholdChange
    candidacy: Candidacy
    issue: QualityIssue
    visit: Visit
    task: Task
    assessment: Assessment
    need: TeamVillage
    pairing: Pairing
    training: Training
    inspected: Presence
    gap: Gap
    shared: Distribution
    approved_plan: Plan
    planned: Item
    measure: Measure
    delivered: Delivery
    loan: Loan
    contract: Contract
    course: Course
    listed: ListedPlace
    village_exit: Case
    listed_county: ListedPlace
    county_exit: Case
    exit_plan: ExitPlan
    parameter: PolicyParameter
    indicator: Indicator
    own_household: Household
    own_case: Case
    own_review: Review


def make_rows(cast: Cast) -> Rows:
    """One row of each kind, and the like in the other county."""
    household, own = make.make_household(), make.make_household(make.OTHER_COUNTY_VILLAGE)
    for one in (household, own):
        make.make_survey(one, 2019)
    case = make.make_case(household)
    application = make.make_case(household, "identification")
    review = make.make_review(make.COUNTY, proposed_by=cast.county_clerk)
    today = business_date()
    terms = Terms(Role.AUDITOR, Division.objects.get(pk=make.COUNTY), today)
    return Rows(
        household=household,
        member=household.members.get(),
        case=case,
        objection=objection_to(case, posted_on=today),
        application=application,
        hit=RedLineHit.objects.create(
            case=application,
            rule="house",
            found="县城有房",
            recorded_on=today,
            recorded_by=make.the_operator(),
        ),
        appeal=Appeal.objects.create(
            case=application,
            level="county",
            appellant="applicant",
            received_on=today,
            text="请复核",
            recorded_by=make.the_operator(),
        ),
        batch=make.make_batch(make.COUNTY),
        review=review,
        proposal=make.make_proposal(review, household),
        acceptance=make.make_acceptance(review),
        standard=make.make_draft(prepared_by=cast.province_officer),
        account=cast.county_clerk,
        posting=cast.county_clerk.postings.get(),
        request=propose_posting(cast.nobody, terms, by=cast.account_admin),
        key=client_of(cast.account_admin),
        reported=reported_decision(),
        difference=differing(a_household(), group="二组")[0],
        draft=open_draft(make.VILLAGE, by=cast.village_official, year=2019, head={"name": "陈"}),
        change=returned_change(household, cast),
        candidacy=returned_candidate(cast),
        issue=QualityIssue.everywhere.create(
            household=household,
            village_id=household.village_id,
            year=2019,
            rule="4_01_001",
            severity=4,
            field="household.phone",
        ),
        visit=make_visit(household, today, cast.village_official),
        task=make_task(cast.village_official, today, opened_by=cast.first_secretary),
        file=file_of(household, cast.village_official),
        assessment=make_assessment(cast),
        need=make.make_team_village(),
        pairing=make.make_pairing(make.make_household(state=State.POOR)),
        training=make_training(),
        inspected=on_record(serving(None), today, Status.ABSENT, Source.INSPECTION),
        gap=make.make_gap(household),
        shared=shared_out(plant(), cast.village_official),
        approved_plan=approved_plan(make.make_household(state=State.POOR)),
        planned=with_item(drafted(make_poor(), cast.village_official), cast.village_official),
        measure=own_measure(make.COUNTY),
        delivered=deliver(agreed_item(), 100, by=cast.village_official),
        loan=loan_of(cast.village_official),
        contract=contract_of(cast.village_official),
        course=course_of(cast.village_official),
        listed=ready_village(),
        village_exit=exit_of_village(make.NEXT_VILLAGE),
        listed_county=listed(make.COUNTY),
        county_exit=exit_of_county(make.COUNTY),
        exit_plan=waiting_plan(cast),
        parameter=PolicyParameter.objects.create(
            division_id=make.COUNTY, key=FREEZE, year=2020, value="12-20", source="县通知"
        ),
        indicator=asked("OWN", division_id=make.COUNTY),
        own_household=own,
        own_case=make.make_case(own),
        own_review=make.make_review(make.OTHER_COUNTY),
    )


def returned_change(household: Household, cast: Cast) -> HouseholdChange:
    """A change of the household that came back to the village."""
    wanted = Wanted("relocation", date(2020, 5, 4), "搬迁", "证明", to_village=make.NEXT_VILLAGE)
    case = propose_change(household, wanted, by=cast.village_official)
    advance(case.pk, "return", by=cast.township_reviewer, version=case.version, note="补证明")
    return case.household_change


def returned_candidate(cast: Cast) -> Candidacy:
    """A candidate who came back to the township."""
    case = proposed(cast.township_reviewer)
    step(case, "return", cast.county_clerk, note="请改任期")
    return case.candidacy


def file_of(household: Household, by: Officer) -> Attachment:
    """A photo of the household."""
    return attach(
        photo((8, 8)),
        by=by,
        division=household.village_id,
        subject_kind="household",
        subject_id=household.number,
        purpose="housing",
    )


def client_of(admin: Officer) -> ClientKey:
    """The key of a machine client of COUNTY."""
    return create_client(
        username="other-system",
        name="省级平台",
        division=Division.objects.get(pk=make.COUNTY),
        terms=KeyTerms([Scope.READ], 30),
        by=admin,
    ).key


def reported_decision() -> ForeignDecision:
    """An exit that another system decided, about a household of COUNTY."""
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019)
    return ForeignDecision.everywhere.create(
        client=Client.objects.get(),
        reference="P-1",
        kind="exit",
        household=household,
        village_id=household.village_id,
        year=2019,
        decided_on=date(2020, 11, 2),
        foreign_case="2020-000117",
        signers=[{"name": "周审批", "office": "县乡村振兴局", "day": "2020-11-02"}],
        evidence_hash="ab" * 32,
    )


def objection_to(case: Case, *, posted_on: date) -> Objection:
    """An open objection to the case's line on a notice."""
    notice = Notice.everywhere.create(
        division_id=case.division_id,
        kind=case.kind,
        step="post",
        place="公示栏",
        posted_on=posted_on,
        counted_from=posted_on,
        days=7,
        last_day=posted_on + timedelta(days=7),
        posted_by=make.the_operator(),
    )
    line = NoticeLine.objects.create(
        notice=notice, case=case, serial=1, householder="陈大山", people=1
    )
    return Objection.objects.create(
        line=line, received_on=posted_on, recorded_by=make.the_operator(), text="收入不实"
    )
