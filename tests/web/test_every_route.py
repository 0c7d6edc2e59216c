"""Every route of the site, visited by those who must not get in.

A route is one of three: PUBLIC (anybody), OPEN (an officer; it names no row) or ROWS (its address
names a row: an officer of another county gets 404, whatever his role and method). A route without
an entry here fails, and so does an entry whose row the county's own officer cannot find.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from divisions.models import Division
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
from identification.models import Appeal, RedLineHit
from officers.actions import propose_posting
from officers.actions.postings import Terms
from officers.models import Officer, Posting, PostingRequest
from officers.rules import Role
from reviews.models import BatchAcceptance, Proposal, Review
from tests import factories as make
from tests.cast import Cast
from tests.pictures import photo
from trail.dates import business_date
from workflow.actions.attachments import attach
from workflow.models import Attachment, Case, Notice, NoticeLine, Objection

SIGN_IN = "/sign-in/"


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
    draft: Draft
    file: Attachment
    change: HouseholdChange
    issue: QualityIssue
    own_household: Household
    own_case: Case
    own_review: Review


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
    "standards:list",
    "standards:prepare",
}
ADMIN = "account_admin"
PREPARER = "province_officer"
HOUSEHOLD = named(number="household.number")
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
ROWS = {
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
    "pages:case_step": Route(fixed(CASE, step="plan"), insider="county_approver"),
    "pages:case_facts": Route(CASE),
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
STRANGERS = {
    Role.VILLAGE_OFFICIAL: make.OTHER_COUNTY_VILLAGE,
    Role.TEAM_MEMBER: make.OTHER_COUNTY_VILLAGE,
    Role.TOWNSHIP_REVIEWER: "970124100",
    Role.COUNTY_CLERK: make.OTHER_COUNTY,
    Role.COUNTY_APPROVER: make.OTHER_COUNTY,
    Role.READER: make.OTHER_COUNTY,
    Role.AUDITOR: make.OTHER_COUNTY,
    Role.ACCOUNT_ADMIN: make.OTHER_COUNTY,
}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every route; a nameless one is known by its path.

    Those of the REST door are visited by tests/api/test_every_route.py.
    """
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "api":
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name or pattern.pattern}", pattern


@pytest.fixture
def rows(cast: Cast) -> Rows:
    return make_rows(cast)


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
        draft=open_draft(make.VILLAGE, by=cast.village_official, year=2019, head={"name": "陈"}),
        change=returned_change(household, cast),
        issue=QualityIssue.everywhere.create(
            household=household,
            village_id=household.village_id,
            year=2019,
            rule="4_01_001",
            severity=4,
            field="household.phone",
        ),
        file=file_of(household, cast.village_official),
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


def refusals(route: Route, method: str) -> set[int]:
    """404; a method that the page does not have may also be refused for everybody alike.

    Whoever asks for the address of a button is led to the page above, whether that is there or not.
    """
    if method == route.method:
        return {404}
    return {404, 302} if method == "get" else {404, 405}


def visit(client: Client, name: str, address: dict[str, Any], method: str) -> int:
    """The status of one visit by address."""
    return getattr(client, method)(reverse(name, kwargs=address)).status_code


def test_every_route_has_one_entry():
    known = [*PUBLIC, *SIGNED_OUT_SAFELY, *OPEN, *ROWS]
    assert len(known) == len(set(known))
    assert {name for name, _ in routes()} == set(known)


def test_a_route_that_names_something_is_a_row_or_public():
    addressed = {name for name, pattern in routes() if pattern.pattern.regex.groups}
    assert addressed <= set(ROWS) | PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted([*OPEN, *ROWS]))
def test_an_anonymous_visitor_is_sent_to_the_sign_in(client, rows, name):
    address = ROWS[name].address(rows) if name in ROWS else {}
    for method in ("get", "post"):
        response = getattr(client, method)(reverse(name, kwargs=address))
        assert response.status_code == 302
        assert response.url.startswith(SIGN_IN)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_stranger_from_another_county_finds_no_row(cast, rows, signed_in, name):
    route = ROWS[name]
    found = [
        (role, method)
        for role, division in STRANGERS.items()
        for client in [signed_in(make.make_officer(role, division))]
        for method in ("get", "post")
        if visit(client, name, route.address(rows), method) not in refusals(route, method)
    ]
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in ROWS if ROWS[name].mixed))
def test_a_foreign_row_is_not_found_below_a_row_of_ones_own(cast, rows, signed_in, name):
    route = ROWS[name]
    role = Role(getattr(cast, route.insider).posting.role)
    client = signed_in(make.make_officer(role, STRANGERS[role]))
    assert visit(client, name, route.mixed(rows), route.method) == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROWS))
def test_an_officer_without_posting_finds_no_row(cast, rows, signed_in, name):
    route = ROWS[name]
    assert visit(signed_in(cast.nobody), name, route.address(rows), route.method) == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_countys_own_officer_finds_the_row(cast, rows, signed_in, name):
    route = ROWS[name]
    client = signed_in(getattr(cast, route.insider))
    assert visit(client, name, route.address(rows), route.method) != 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OPEN))
def test_an_officer_without_posting_gets_no_error_on_open_pages(cast, signed_in, name):
    assert visit(signed_in(cast.nobody), name, {}, "get") in {200, 302, 403, 404}
