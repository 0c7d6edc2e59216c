"""What waits for an officer: tasks with counts, deadlines, the register in figures, last opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assistance.procedure import PLANNERS
from assistance.queries.due import own_due
from assistance.queries.plan_list import missing_plans, own_drafts
from divisions.scope import in_reach
from exchange.queries.decisions import untaken
from exchange.queries.differences import waiting_differences
from exchange.rights import DECIDERS
from households.models import Draft, Household, ImportBatch
from households.models.batches import BatchState
from households.queries import COUNT_CAP, Wanted, counted, visible_households
from households.rights import shown_count
from households.rules import ACCEPTABLE, State
from officers.models import Officer
from officers.rules import Role
from registry.pages.cases.inbox import waiting_cases
from registry.pages.notices.queries import to_take_down
from registry.pages.places import PLACES
from registry.pages.quality.queries import open_issues
from reviews.models import Proposal, Review, ReviewState
from reviews.queries.standards import publishable
from teams.queries.gaps import Gap, gap_counts
from teams.queries.helper_list import LEFT, helpers_in, waiting_for_helper
from teams.queries.standing import unrecorded_today, unsigned_today
from teams.queries.todo import own_waiting
from teams.queries.unposted import unposted
from teams.rights import MANAGERS, PROPOSERS
from trail.dates import business_date
from workflow.models import Notice

NOTICES_SHOWN = 5
PLANNING = PLANNERS | {Role.TOWNSHIP_REVIEWER}
PAIRED_FOR = MANAGERS | {Role.VILLAGE_OFFICIAL, Role.TOWNSHIP_REVIEWER}
COUNTED = (State.POOR, State.PLANNED_EXIT, State.RELAPSED, State.EXITED)


def capped(rows: QuerySet) -> int:
    """How many rows, no further than one above COUNT_CAP."""
    return rows.order_by()[: COUNT_CAP + 1].count()


def figure(count: int) -> str:
    """A capped count as text: 10,000+ above the cap."""
    return f"{COUNT_CAP:,}+" if count > COUNT_CAP else f"{count:,}"


def open_proposals(officer: Officer) -> QuerySet[Proposal]:
    """Proposals of committed reviews that can be accepted and wait for the clerk."""
    found = Proposal.objects.visible_to(officer).waiting()
    return found.filter(kind__in=ACCEPTABLE, review__state=ReviewState.COMMITTED)


def uncommitted_reviews(officer: Officer) -> QuerySet[Review]:
    """Finished binding reviews within the posting that somebody else proposed."""
    found = Review.objects.visible_to(officer).binding().filter(state=ReviewState.FINISHED)
    return found.filter(in_reach("root_id", officer.reach)).exclude(proposed_by=officer)


def judged_imports(officer: Officer) -> QuerySet[ImportBatch]:
    """The officer's own files that were checked and wait to be confirmed."""
    found = ImportBatch.objects.visible_to(officer)
    return found.filter(imported_by=officer, state=BatchState.JUDGED)


def open_drafts(officer: Officer) -> QuerySet[Draft]:
    """The drafts of the officer's village that nobody has submitted yet."""
    return Draft.objects.visible_to(officer).open()


@dataclass(frozen=True)
class Task:
    """Something that waits for the acting role, and the page where it is done.

    That is a place of the menu, or the page of a `route`; `note` says what is pressing.
    """

    title: Promise
    count: int
    place: str
    route: str = ""
    note: str = ""
    query: str = ""

    @property
    def figure(self) -> str:
        """The count as text."""
        return figure(self.count)

    @property
    def url(self) -> str:
        """Where it is done."""
        page = reverse(self.route) if self.route else PLACES[self.place].url
        return page + self.query


Duty = tuple[Promise, Callable[[Officer], QuerySet], str]
CASES: Duty = (_("Cases that wait for your step"), waiting_cases, "cases")
PROPOSALS: Duty = (_("Proposals to accept"), open_proposals, "reviews")
COMMITS: Duty = (_("Finished reviews to commit"), uncommitted_reviews, "reviews")
IMPORTS: Duty = (_("Imports to confirm"), judged_imports, "imports")
DRAFTS: Duty = (_("Drafts to finish"), open_drafts, "registration")
NOTICES: Duty = (_("Notices to take down"), to_take_down, "notices")
FACTS: Duty = (_("Facts to check"), open_issues, "quality")
STANDARDS: Duty = (_("Standards to publish"), publishable, "standards")
UNPOSTED: Duty = (_("People sent to a village without an account there"), unposted, "unposted")
DUTIES: dict[str, tuple[Duty, ...]] = {
    Role.VILLAGE_OFFICIAL: (DRAFTS, CASES, FACTS, NOTICES, IMPORTS),
    Role.TEAM_MEMBER: (CASES, DRAFTS),
    Role.TOWNSHIP_REVIEWER: (CASES, NOTICES),
    Role.COUNTY_CLERK: (PROPOSALS, CASES, IMPORTS),
    Role.COUNTY_APPROVER: (CASES, COMMITS),
    Role.PROVINCE_APPROVER: (COMMITS, STANDARDS),
    Role.ACCOUNT_ADMIN: (UNPOSTED,),
}


def tasks_of(officer: Officer) -> list[Task]:
    """What the acting role has to do, with how much of it waits."""
    duties = DUTIES.get(officer.acting_role, ())
    found = [Task(title, capped(waiting(officer)), place) for title, waiting, place in duties]
    return [
        *_day_tasks(officer),
        *found,
        *_exchange_tasks(officer),
        *_helper_tasks(officer),
        *_gap_tasks(officer),
        *_plan_tasks(officer),
        *_village_tasks(officer),
        *_help_tasks(officer),
    ]


def _day_tasks(officer: Officer) -> list[Task]:
    """The sign-in of a member of a team that is still to come, and whom the village misses."""
    today = business_date()
    if officer.acting_role == Role.TEAM_MEMBER:
        count = unsigned_today(officer, today).count()
        return [Task(_("Not signed in today"), count, "teams", "teams:presence")]
    if officer.acting_role == Role.VILLAGE_OFFICIAL:
        count = unrecorded_today(officer, today).count()
        return [Task(_("Of the team, not on record today"), count, "teams", "teams:attendance")]
    return []


def _exchange_tasks(officer: Officer) -> list[Task]:
    """What other systems pushed and reported, as far as it waits for the county's clerk."""
    if officer.acting_role not in DECIDERS:
        return []
    values, reports = capped(waiting_differences(officer)), capped(untaken(officer))
    return [
        Task(_("Values of other systems to decide"), values, "exchange", "exchange:differences"),
        Task(_("Decisions of other systems to take in"), reports, "exchange", "exchange:decisions"),
    ]


def _helper_tasks(officer: Officer) -> list[Task]:
    """Households that wait for a helper, and for the county's clerk those of helpers who left."""
    if officer.acting_role not in PAIRED_FOR:
        return []
    today = business_date()
    waiting = capped(waiting_for_helper(officer, today))
    found = [Task(_("Households without a helper"), waiting, "teams", "pages:unhelped")]
    if officer.acting_role in MANAGERS:
        gone = capped(helpers_in(officer, officer.acting_division, LEFT, today))
        title = _("Helpers who left, still with households")
        found.append(Task(title, gone, "teams", "teams:helpers", query=f"?kind={LEFT}"))
    return found


def _gap_tasks(officer: Officer) -> list[Task]:
    """For the township and the county clerk where somebody is missing, or soon will be."""
    if officer.acting_role not in PROPOSERS:
        return []
    counts = gap_counts(officer.acting_division, business_date())
    return [
        Task(title, counts[kind], "teams", "teams:gaps", query=f"?kind={kind}")
        for title, kind in (
            (_("Villages without first secretary"), Gap.VACANT),
            (_("Terms that end soon"), Gap.ENDING),
        )
    ]


def _plan_tasks(officer: Officer) -> list[Task]:
    """Plans that wait for the officer's step, and households whose plan should stand by now.

    The days until a household has its plan are a policy parameter.
    """
    if officer.acting_role not in PLANNING:
        return []
    today, found = business_date(), []
    if officer.acting_role == Role.HELPER:
        drafts = capped(own_drafts(officer))
        title = _("Plans of help to finish and have signed")
        found.append(Task(title, drafts, "assistance", query="?kind=drafted"))
    missing = capped(missing_plans(officer, today=today))
    title = _("Households whose plan of help is missing")
    return [*found, Task(title, missing, "assistance", query="?kind=none")]


def _village_tasks(officer: Officer) -> list[Task]:
    """The tasks that came of visits and wait for the officer himself, with those that are late."""
    waiting = own_waiting(officer, today=business_date())
    if waiting is None:
        return []
    late = ngettext("%(count)s overdue", "%(count)s overdue", waiting.overdue)
    note = late % {"count": waiting.overdue} if waiting.overdue else ""
    title = _("Tasks from visits and the villages")
    return [Task(title, waiting.open, "teams", "teams:tasks", note)]


def _help_tasks(officer: Officer) -> list[Task]:
    """What is to be delivered of agreed measures soon, for who delivers it, and what is late."""
    if officer.acting_role not in PLANNERS:
        return []
    counts = own_due(officer, today=business_date())
    late = ngettext("%(count)s overdue", "%(count)s overdue", counts.overdue)
    note = late % {"count": counts.overdue} if counts.overdue else ""
    title = _("Deliveries that are due")
    return [Task(title, counts.due, "assistance", "assistance:due", note)]


@dataclass(frozen=True)
class StateCount:
    """Households in one state; the count stops above COUNT_CAP."""

    state: State
    figure: str


def register_figures(officer: Officer) -> list[StateCount]:
    """The register below the acting posting, by state; small counts as the role may see them."""
    found = visible_households(officer)
    counts = {state: capped(found.filter(state=state)) for state in COUNTED}
    return [StateCount(state, _count(officer, state, number)) for state, number in counts.items()]


def _count(officer: Officer, state: State, capped_number: int) -> str:
    """A count as text: above the cap that of the summary, where it was ever taken."""
    if capped_number <= COUNT_CAP:
        return shown_count(officer, capped_number)
    summary = counted(officer, Wanted(state=state))
    return f"{summary.households:,}" if summary else figure(capped_number)


def running_notices(officer: Officer, *, today: date) -> list[Notice]:
    """Public notices that stand today, the first to end first."""
    found = Notice.objects.visible_to(officer).running(on=today).select_related("division")
    return list(found.order_by("last_day", "pk")[:NOTICES_SHOWN])


def last_opened(officer: Officer, keys: Sequence[int]) -> list[Household]:
    """The households that the officer opened last, in that order, where he may still see them."""
    found = visible_households(officer).filter(pk__in=keys).select_related("village")
    return sorted(found.defer("search", "phone_sealed"), key=lambda one: keys.index(one.pk))
