"""What every test can ask for: the cast (tests/cast.py), real processes, a site with a browser."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test.utils import teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.migrating import migrated_databases
from tests.processes import Processes, cloned_database, let_nobody_in

pytest_plugins = ["tests.cast"]

BUSY_MACHINE_MS = 90_000
OMNIBOX_POPUPS = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"]  # two hidden pages in every window
OFF_BY_PLAYWRIGHT = [  # of several lists of features Chromium reads the last
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF_BY_PLAYWRIGHT + OMNIBOX_POPUPS)}",
]
LONGEST = (  # a worker that begins one of them last keeps all others waiting
    "property/households/test_life.py",
    "browser/reviews/test_review_journey.py",
    "browser/every/",
    "faults/reviews/test_campaign.py",
    "browser/",
    "faults/",
    "property/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=turn)
    for item in items:
        for kind in ("browser", "faults"):
            if f"/tests/{kind}/" in item.path.as_posix():
                item.add_marker(kind)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported and collected stays to the end: no collection of garbage looks at it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def turn(item: pytest.Item) -> int:
    """Which part of the suite comes when: what takes longest is begun first."""
    path = item.path.as_posix()
    return next((n for n, part in enumerate(LONGEST) if f"/tests/{part}" in path), len(LONGEST))


@pytest.fixture(scope="session")
def full_counts() -> bool:
    """Whether this run owes the counts that an issue names (`make faults`, `make browser`)."""
    return os.environ.get("FAULTS") == "full" or os.environ.get("BROWSER") == "full"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
) -> Iterator[None]:
    """The migrated database. pytest-django makes none for a run whose tests only clone it.

    `pytest --reuse-db` keeps it for the next run, which then only applies what is new.
    """
    with django_db_blocker.unblock():
        made = migrated_databases(keep=django_db_keepdb)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            let_nobody_in(connection.settings_dict["NAME"])
            teardown_databases(made, verbosity=0)


@pytest.fixture
def real_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the migrated database that other processes and threads share; commits are real."""
    with django_db_blocker.unblock(), cloned_database() as url:
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
        yield url


@pytest.fixture
def processes(real_database: str, tmp_path: Path) -> Iterator[Processes]:
    """Starts real workers and commands on `real_database`; kills what is left."""
    started = Processes(tmp_path)
    yield started
    started.kill_all()


@pytest.fixture
def site(real_database: str) -> Iterator[str]:
    """The address of a running site on `real_database`."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that $CHROMIUM names."""
    candidates = [os.environ.get("CHROMIUM"), shutil.which("chromium"), shutil.which("chrome")]
    executable = next((path for path in candidates if path), None)
    if executable is None:
        pytest.skip("no Chromium here: install Debian's chromium, or name one in $CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=CHROMIUM_ARGUMENTS, timeout=BUSY_MACHINE_MS
        )
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser, site: str):
    """A function that opens a fresh context: language, width in px, JavaScript or not."""
    opened: list[BrowserContext] = []

    def open_page(*, locale: str = "zh-CN", width: int = 1280, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(BUSY_MACHINE_MS)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def page(browse) -> Page:
    """One page in Chinese at 1280 px."""
    return browse()
