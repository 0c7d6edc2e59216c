"""A year's review in a browser, from its standard to the accepted batch, past a killed worker.

Each page is held against the accessibility rules. In the short run the journey is made twice: in
Chinese with scripts, and in English without; at full counts in all four ways.
"""

import gzip
import os
import signal
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import pytest
from django.utils import translation
from playwright.sync_api import Locator, Page, Route, expect

from divisions.models import Division, Level
from households.models import Standard
from households.rules import Kind, State
from reviews import tasks
from reviews.models import BatchAcceptance, ChunkState, Proposal, Review, ReviewState
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast
from tests.faults.reviews.conftest import slow_down, speed_up
from tests.processes import Processes, wait_for
from workflow.models import Case, PolicyParameter

WAYS = [
    ("zh-CN", True), ("zh-CN", False), ("en-GB", True), ("en-GB", False),
]  # fmt: skip
SHORT = WAYS[::3]
LANGUAGES = {"zh-CN": "zh-hans", "en-GB": "en"}
DASHBOARD_BYTES = 120_000
PATIENCE_MS = 90_000
SOURCE = "示例省〔2019〕8 号"
SECONDS_A_PART = 1.5


@dataclass
class Desk:
    """An officer's browser. Words are given as the source has them, and read as the page says."""

    page: Page
    language: str
    javascript: bool

    def said(self, text: str, **values: object) -> str:
        with translation.override(self.language):
            return translation.gettext(text) % values

    def counted(self, one: str, many: str, count: int) -> str:
        with translation.override(self.language):
            return translation.ngettext(one, many, count) % {"number": count}

    def go(self, path: str) -> None:
        self.page.goto(path)

    def checked(self) -> Page:
        """The page, once nothing in it breaks the accessibility rules.

        Where the page's own scripts are off, they stay off; only the checker runs.
        """
        switch = self.page.context.new_cdp_session(self.page)
        for off in [] if self.javascript else [True, False]:
            switch.send("Emulation.setScriptExecutionDisabled", {"value": off})
        found = violations(self.page)
        if not self.javascript:
            switch.send("Emulation.setScriptExecutionDisabled", {"value": True})
        switch.detach()
        assert found == [], self.page.url
        return self.page

    def press(self, text: str, **values: object) -> None:
        """Press a button of a page that is accessible."""
        self.checked().get_by_role("button", name=self.said(text, **values)).click()

    def follow(self, text: str, *, within: str = "main") -> None:
        """Follow a link of a page that is accessible."""
        place = self.page.locator(within)
        self.checked()
        place.get_by_role("link", name=self.said(text), exact=True).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(self.said(label), exact=True).fill(value)

    def wait_for(self, text: str, **values: object) -> None:
        """Wait until the page shows the words: by script, or by loading itself again."""
        self.sees(self.page.get_by_text(self.said(text, **values)))

    def sees(self, sign: Locator) -> None:
        expect(sign.first).to_be_visible(timeout=PATIENCE_MS)


def weight(page: Page) -> int:
    """Bytes of the page with all that it fetches, as a gzipped first visit has them.

    Each answer is weighed on its way to the page: the browser forgets what an earlier document
    had asked for, and that may still be arriving when this one begins.
    """
    sizes: dict[str, int] = {}

    def weigh(route: Route) -> None:
        answer = route.fetch()
        if answer.ok:
            sizes[route.request.url] = len(gzip.compress(answer.body()))
        route.fulfill(response=answer)

    page.route("**/*", weigh)
    page.reload(wait_until="networkidle")
    page.unroute_all(behavior="wait")
    assert page.url.partition("#")[0] in sizes
    return sum(sizes.values())


@pytest.fixture
def register(officers: Cast) -> Cast:
    """Three households in each village of the province; chunks of one village."""
    for village in Division.objects.filter(level=Level.VILLAGE).values_list("pk", flat=True):
        for state, wage in ((State.POOR, 9000), (State.EXITED, 5500), (State.ORDINARY, 1000)):
            household = make.make_household(village, state=state)
            make.make_survey(household, 2019, wage_income=Decimal(wage))
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households", value=1, source="test"
    )
    return officers


@pytest.fixture
def desk_of(browse):
    """Signs an officer in through the door, in one language, with or without scripts."""

    def signed_in(officer, locale: str, javascript: bool) -> Desk:
        page = browse(locale=locale, javascript=javascript)
        desk = Desk(page, LANGUAGES[locale], javascript)
        desk.go("/sign-in/")
        desk.fill("User name", officer.username)
        desk.fill("Password", make.PASSWORD)
        desk.press("Sign in")
        desk.sees(desk.page.get_by_role("navigation", name=desk.said("Main"), exact=True))
        return desk

    return signed_in


def prepare_and_preview(officer: Desk) -> str:
    """The province officer drafts a higher line and sees what it would change; its address."""
    officer.follow("Standards", within="header")
    officer.follow("Prepare a standard")
    officer.page.get_by_label(officer.said("Year"), exact=True).select_option("2019")
    officer.fill("Poverty line", "4,500")
    officer.fill("Monitoring line", "6000")
    officer.press("Keep as a draft")
    expect(officer.page.get_by_role("alert")).to_contain_text(
        officer.said("Name the document that sets this standard.")
    )
    officer.fill("Source", SOURCE)
    officer.press("Keep as a draft")
    officer.press("Preview")
    officer.sees(officer.page.locator(".verdict"))
    officer.checked()
    assert officer.page.locator("button", has_text=officer.said("Publish")).count() == 0
    return officer.page.url


def publish(approver: Desk, address: str) -> None:
    """The province approver finds the draft, reads its effect and publishes it."""
    approver.follow("Standards", within="header")
    place = Division.objects.get(pk=make.PROVINCE).name
    approver.checked().get_by_role("link", name=f"2019 {place}").first.click()
    assert approver.page.url == address
    approver.press("Publish as the standard of %(year)s", year=2019)
    number = Standard.objects.published().order_by("number").last().number
    approver.wait_for("published, no. %(number)s", number=number)
    approver.checked()


def propose(clerk: Desk, *ticked: str) -> Review:
    """The county clerk proposes a review of the county; it has begun."""
    clerk.follow("Reviews", within="header")
    clerk.follow("Propose a review")
    clerk.page.get_by_label(clerk.said("Year"), exact=True).select_option("2019")
    clerk.fill("Place", make.COUNTY)
    for label in ticked:
        clerk.page.get_by_label(clerk.said(label)).check()
    clerk.press("Propose and begin")
    clerk.wait_for("The review has begun. It goes on when you leave this page.")
    return Review.everywhere.latest("pk")


def read_figures_and_compare(clerk: Desk, review: Review) -> None:
    """What the dry run shows, in figures and beside what the old line would have meant."""
    clerk.sees(clerk.page.get_by_role("link", name=clerk.said("Figures"), exact=True))
    assert weight(clerk.page) <= DASHBOARD_BYTES
    for tab in ("Figures", "Flow", "Compare"):
        clerk.follow(tab)
        assert weight(clerk.checked()) <= DASHBOARD_BYTES, tab
    clerk.page.get_by_role("table").get_by_role("link").last.click()
    expect(clerk.page.locator(".verdict")).to_be_visible()
    assert weight(clerk.checked()) <= DASHBOARD_BYTES


def is_in(review: Review, *states: ReviewState) -> bool:
    return Review.everywhere.filter(pk=review.pk, state__in=states).exists()


def outlive_a_kill(clerk: Desk, review: Review, processes: Processes) -> None:
    """A worker dies in the middle of a part; another one and a sweep bring it to its end."""
    parts = review.chunks
    wait_for(lambda: parts.filter(state=ChunkState.DONE).exists(), seconds=60)
    wait_for(lambda: parts.filter(state=ChunkState.RUNNING).exists(), seconds=60)
    os.killpg(processes.running[-1].pid, signal.SIGKILL)
    processes.running[-1].wait()
    assert is_in(review, ReviewState.PROPOSED, ReviewState.RUNNING)
    clerk.sees(clerk.page.locator("progress"))
    if clerk.javascript:  # without, the page loads itself again every few seconds, on purpose
        clerk.checked()
    processes.start_worker()
    speed_up()

    def recovered() -> bool:
        tasks.sweep()
        return is_in(review, ReviewState.FINISHED)

    wait_for(recovered, seconds=60)
    clerk.wait_for("finished, not committed")
    decided = Counter(
        Proposal.everywhere.in_force().filter(review=review).values_list("household", flat=True)
    )
    assert set(decided.values()) == {1}
    assert len(decided) == parts.count() * 3


def commit(approver: Desk, address: str) -> None:
    approver.go(address)
    approver.press("Commit this review")
    approver.wait_for("The review is committed. The county clerk can now accept its proposals.")
    approver.checked()


def accept_batch(clerk: Desk, address: str, review: Review) -> None:
    """All exits of one filter: counted, confirmed, and followed to the end."""
    clerk.go(address)
    clerk.follow("exit")
    clerk.follow("Accept these…")
    exits = Proposal.everywhere.in_force().filter(review=review, kind=Kind.EXIT).count()
    assert exits > 5
    wanted = clerk.counted("Accept %(number)s proposal", "Accept %(number)s proposals", exits)
    clerk.checked().get_by_role("button", name=wanted, exact=True).click()
    clerk.wait_for("Nothing was left out.")
    clerk.checked()
    batch = BatchAcceptance.everywhere.get(review=review)
    assert (batch.accepted, batch.left_out) == (exits, 0)
    assert Case.everywhere.filter(kind="exit").count() == exits


def read_why(clerk: Desk, address: str) -> None:
    """One household: what was judged, the sum, and the case that it opened."""
    clerk.go(address)
    clerk.follow("exit")
    clerk.checked().locator("tbody a.cover").first.click()
    page = clerk.checked()
    expect(page.get_by_text(clerk.said("The sum, to check by hand"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("9,000.00")
    expect(page.get_by_role("main")).to_contain_text("4,500.00")
    clerk.follow("To the case")
    clerk.checked()


@pytest.mark.parametrize(
    ("locale", "javascript"), WAYS if os.environ.get("BROWSER") == "full" else SHORT
)
def test_a_year_is_reviewed_from_its_standard_to_the_accepted_batch(
    register, desk_of, processes, locale, javascript
):
    at_desk = partial(desk_of, locale=locale, javascript=javascript)
    processes.start_worker()
    publish(
        at_desk(register.province_approver), prepare_and_preview(at_desk(register.province_officer))
    )

    clerk = at_desk(register.county_clerk)
    dry = propose(clerk, "Dry run: only look, nothing can be accepted")
    read_figures_and_compare(clerk, dry)

    slow_down(SECONDS_A_PART)
    review = propose(clerk)
    address = clerk.page.url
    outlive_a_kill(clerk, review, processes)

    commit(at_desk(register.county_approver), address)
    accept_batch(clerk, address, review)
    read_why(clerk, address)
