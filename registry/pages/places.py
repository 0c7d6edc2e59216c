"""The places of the site: their names in the menu, who works there, and what a role does first."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.rights import TOTAL_READERS
from exchange.rights import HEALTH_READERS
from exits.rights import PLACE_READERS
from households.entry.drafts import DRAFTERS
from households.rights import FIELD_ROLES, HOUSEHOLD_READERS
from officers.rules import Role
from reviews.rights import READERS as REVIEW_READERS
from reviews.rights import READINESS_READERS
from teams.rights import READERS as ROSTER_READERS


@dataclass(frozen=True)
class Place:
    """A page of the menu: its route, the roles that work there, further addresses of its own."""

    label: Promise
    route: str
    roles: frozenset[Role]
    also: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.route)

    def depth(self, path: str) -> int:
        """How much of `path` is an address of this place; 0 where the page lies elsewhere."""
        if self.url == "/":
            return int(path == "/")
        own = (self.url, *self.also)
        return max((len(one) for one in own if path.startswith(one)), default=0)


CASE_ROLES = HOUSEHOLD_READERS - {Role.HELPER, Role.READER}
PLACES = {
    "home": Place(_("Home"), "pages:home", frozenset(Role)),
    "register": Place(_("Register"), "households:register", HOUSEHOLD_READERS),
    "registration": Place(_("Registration"), "registering:list", frozenset(DRAFTERS)),
    "cases": Place(_("Cases"), "pages:inbox", CASE_ROLES, ("/cases/",)),
    "notices": Place(_("Notices"), "pages:notices", CASE_ROLES, ("/notices/",)),
    "quality": Place(_("Data quality"), "pages:quality", FIELD_ROLES, ("/quality/",)),
    "teams": Place(_("Work teams"), "teams:roster", ROSTER_READERS),
    "assistance": Place(_("Assistance"), "assistance:plans", TOTAL_READERS),
    "exits": Place(_("Exits"), "exits:villages", PLACE_READERS, ("/exits/",)),
    "reviews": Place(_("Reviews"), "reviews:list", REVIEW_READERS, ("/freezes/",)),
    "readiness": Place(_("Yearly survey"), "reviews:readiness", READINESS_READERS - REVIEW_READERS),
    "standards": Place(_("Standards"), "standards:list", REVIEW_READERS),
    "imports": Place(
        _("Imports"),
        "importing:list",
        frozenset({Role.VILLAGE_OFFICIAL, Role.COUNTY_CLERK}),
    ),
    "accounts": Place(
        _("Accounts"),
        "officers:accounts",
        frozenset({Role.ACCOUNT_ADMIN}),
        ("/postings/", "/posting-requests/"),
    ),
    "exchange": Place(_("Exchange"), "exchange:health", HEALTH_READERS, ("/clients/",)),
    "unposted": Place(
        _("Accounts of the work teams"), "teams:accounts", frozenset({Role.ACCOUNT_ADMIN})
    ),
}


@dataclass(frozen=True)
class Start:
    """What a role comes for: the big button of its home page and the first steps."""

    place: str
    button: Promise
    steps: tuple[Promise, ...]
    route: str = ""
    """Where the button leads; "" to the place itself."""

    @property
    def url(self) -> str:
        """The address behind the button."""
        return reverse(self.route) if self.route else PLACES[self.place].url


READ = Start(
    "register",
    _("Open the register"),
    (
        _("Open the register and narrow it by place, state or cause."),
        _("Open a household: the finding shows each figure and the sum, year by year."),
    ),
)
STARTS: dict[str, Start] = {
    Role.HELPER: Start(
        "teams",
        _("My households"),
        (
            _("Open your households: the one that waits longest for a visit comes first."),
            _("Record each visit; a problem that you note becomes a task with a person and a day."),
            _("Draft the plan of each household from what is recommended, and have it signed."),
        ),
        "teams:households",
    ),
    Role.VILLAGE_OFFICIAL: Start(
        "registration",
        _("Register a household"),
        (
            _("Register a household: the householder's ID number first, then six steps."),
            _("Open a household on the register to bring its facts of the year."),
            _("Many at once: download the template of your village, fill it in and import it."),
            _("Look at the finding, and carry the application through appraisal and notice."),
        ),
        "registering:start",
    ),
    Role.TEAM_MEMBER: Start(
        "teams",
        _("Sign in for today"),
        (
            _("Sign in every day that you are in the village; ask before you are away."),
            _("Open a case that waits for you: visit the household and record what you found."),
            _("Whoever proposed a case cannot verify it: two people always look."),
            _("Visit the households of the village and record it on the spot, in Work teams."),
            _("Plan help with each household and record what was delivered, in Assistance."),
        ),
        "teams:presence",
    ),
    Role.TOWNSHIP_REVIEWER: Start(
        "cases",
        _("Check the cases"),
        (
            _("Open a case that waits for you and read its facts and its notice."),
            _("Pass it on to the county, or return it with what must be mended."),
            _("Approve plans of help; those that cost more go on to the county."),
        ),
    ),
    Role.COUNTY_CLERK: Start(
        "reviews",
        _("Work on the annual review"),
        (
            _("See that the year's surveys of all villages are imported."),
            _("Propose the review of your county. It changes no household by itself."),
            _("When the approver has committed it, accept its proposals: each opens a case."),
        ),
    ),
    Role.COUNTY_APPROVER: Start(
        "cases",
        _("Decide the cases"),
        (
            _("Commit a finished review that the clerk proposed."),
            _("Open a case that waits for you: facts, notice and objections stand there."),
            _("Approve, return or reject it. You cannot decide what you proposed or changed."),
        ),
    ),
    Role.PROVINCE_OFFICER: Start(
        "reviews",
        _("See the reviews"),
        (
            _("Follow the reviews of the counties and their totals."),
            _("Propose a review of the whole province; the approver commits it."),
            _("Prepare the standard of a year, and see what it would change."),
        ),
    ),
    Role.PROVINCE_APPROVER: Start(
        "reviews",
        _("See the reviews"),
        (
            _("Commit a finished review that the province officer proposed."),
            _("Publish a standard that the province officer prepared, once you have its preview."),
        ),
    ),
    Role.ACCOUNT_ADMIN: Start(
        "accounts",
        _("Manage the accounts"),
        (
            _("Create an account and hand its one-time link over in person."),
            _("Give each officer a posting: a role, a place and its days."),
            _("End a posting on the day the officer leaves it."),
        ),
    ),
}


def start_of(role: str) -> Start:
    """What the role comes for; reading the register where nothing else is named."""
    return STARTS.get(role, READ)
