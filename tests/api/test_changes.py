"""The change feed: all that stands, then what changed, for whom it is, as it stands now."""

import re
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.core.management import call_command
from django.core.signing import b64_encode
from django.db import connection, transaction
from django.utils import timezone

from exchange.actions.feed import prune_feed
from exchange.api.changes import KINDS
from exchange.models import FeedEntry, FeedEpoch, FeedMark
from exchange.queries import feed
from exchange.queries.settled import settled_before
from households.models import Household, Member
from officers.models import ClientKey
from officers.rules import Scope
from tests import factories as make
from tests.api.followed import FEED, Follower, follower, named
from trail.models import Change
from workflow.models import Case

ALL = (Scope.READ, Scope.CASES, Scope.HELP_READ, Scope.TEAMS)


@pytest.fixture
def register(real_database: str) -> None:
    """An empty register on a database of its own: the log is read of what is committed."""
    make.plant_tree()


def opened(household: Household, kind: str = "exit") -> Case:
    """A case with the event that opens it, which the database wants in one transaction."""
    with transaction.atomic():
        return make.make_case(household, kind)


def moved(household: Household, village: str) -> None:
    Household.everywhere.filter(pk=household.pk).update(village=village)


@pytest.mark.usefixtures("register")
class TestFollowing:
    """A client that begins with nothing and asks again and again."""

    def test_it_walks_over_all_that_stands_of_each_kind_and_then_waits(self):
        households = [make.make_household() for _ in range(3)]
        case, plan = opened(households[0]), make.make_plan(households[1])
        make.make_term()
        make.make_team_village(make.NEXT_VILLAGE)
        client = follower(make.COUNTY, *ALL, limit=2)
        client.catch_up()
        assert client.keys() == {one.number for one in households}
        assert client.keys("case") == {str(case.pk)}
        assert client.keys("plan") == {str(plan.uuid)}
        assert client.keys("team") == {make.VILLAGE, make.NEXT_VILLAGE}
        page = client.ask()
        assert (page["results"], page["more"]) == ([], False)

    def test_what_changes_during_the_walk_comes_behind_it(self):
        first, second = sorted(
            (make.make_household(), make.make_household(make.NEXT_VILLAGE)),
            key=lambda one: one.village_id,
        )
        client = follower(limit=1)
        assert named(client.take(client.ask())) == [(first.number, False)]
        moved(second, first.village_id)
        Household.everywhere.filter(pk=first.pk).update(group="九组")
        client.catch_up()
        assert client.copy["household", first.number]["group"] == "九组"
        assert client.copy["household", second.number]["village"] == first.village_id

    def test_a_thing_that_changed_often_comes_once_and_as_it_stands_now(self):
        household = make.make_household()
        client = follower()
        client.catch_up()
        for group in ("二组", "三组", "四组"):
            Household.everywhere.filter(pk=household.pk).update(group=group)
        (told,) = client.catch_up()
        assert (told["key"], told["document"]["group"]) == (household.number, "四组")
        assert told["version"] == told["document"]["version"] == household.version

    def test_the_same_cursor_gives_the_same_page(self):
        for _ in range(5):
            make.make_household()
        client = follower(limit=2)
        pages = []
        while not pages or pages[-1]["more"]:
            pages.append(client.ask())
            assert client.ask() | {"next": ""} == pages[-1] | {"next": ""}
            client.take(pages[-1])
        for household in Household.everywhere.all():
            household.save()
        full = client.ask()
        make.make_household()
        assert client.ask() == full

    def test_from_now_on_nothing_old_is_told(self):
        make.make_household()
        client = follower(since="now")
        page = client.ask()
        assert (page["results"], page["more"]) == ([], False)
        client.parameters, client.cursor = {}, page["next"]
        later = make.make_household()
        assert named(client.catch_up()) == [(later.number, False)]

    def test_a_transaction_that_commits_late_is_waited_for(self):
        early, late = make.make_household(), make.make_household()
        client = follower()
        client.catch_up()

        def while_the_early_one_runs() -> None:
            moved(late, make.NEXT_VILLAGE)
            assert client.catch_up() == []
            connection.close()

        with transaction.atomic():
            moved(early, make.NEXT_VILLAGE)
            other = Thread(target=while_the_early_one_runs)
            other.start()
            other.join()
        assert named(client.catch_up()) == [(early.number, False), (late.number, False)]

    def test_no_running_transaction_counts_as_settled(self):
        settled = []

        def ask() -> None:
            settled.append(settled_before())
            connection.close()

        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
                running = int(cursor.fetchone()[0])
            other = Thread(target=ask)
            other.start()
            other.join()
        assert settled[0] <= running

    def test_what_was_rolled_back_is_never_told(self):
        client = follower()
        client.catch_up()
        with transaction.atomic():
            make.make_household()
            transaction.set_rollback(True)
        assert client.catch_up() == []

    def test_a_page_looks_at_so_many_entries_and_says_that_there_is_more(self, monkeypatch):
        monkeypatch.setattr(feed, "SCANNED", 3)
        client = follower()
        client.catch_up()
        for _ in range(7):
            make.make_household(make.OTHER_COUNTY_VILLAGE)
        own = make.make_household()
        page = client.ask()
        assert (page["results"], page["more"]) == ([], True)
        client.take(page)
        assert named(client.catch_up()) == [(own.number, False)]


@pytest.mark.usefixtures("register")
class TestScope:
    """Who is told what."""

    def test_a_stranger_is_told_nothing_neither_by_the_walk_nor_by_the_log(self):
        household = make.make_household()
        opened(household)
        make.make_plan(household)
        make.make_term()
        client = follower(make.OTHER_COUNTY, *ALL)
        assert client.catch_up() == []
        Household.everywhere.filter(pk=household.pk).update(group="九组")
        make.make_member(household)
        opened(household, "relapse")
        assert client.catch_up() == []

    def test_a_household_that_moves_to_another_county_is_gone_here_and_told_there(self):
        household, plan = make.make_household(), None
        plan = make.make_plan(household)
        here, there = (follower(place, *ALL) for place in (make.COUNTY, make.OTHER_COUNTY))
        province = follower(make.PROVINCE, *ALL)
        for client in (here, there, province):
            client.catch_up()
        moved(household, make.OTHER_COUNTY_VILLAGE)
        type(plan).everywhere.update(village=make.OTHER_COUNTY_VILLAGE)
        keys = household.number, str(plan.uuid)
        assert named(here.catch_up()) == [(key, True) for key in keys]
        assert named(there.catch_up()) == [(key, False) for key in keys]
        assert named(province.catch_up()) == [(key, False) for key in keys]
        Household.everywhere.filter(pk=household.pk).update(group="九组")
        assert here.catch_up() == []
        assert there.catch_up()[0]["document"]["group"] == "九组"

    def test_a_person_who_changes_while_the_household_moves_is_told_at_the_new_place(self):
        household = make.make_household()
        there = follower(make.OTHER_COUNTY)
        there.catch_up()

        def move_away() -> None:
            moved(household, make.OTHER_COUNTY_VILLAGE)
            there.catch_up()
            connection.close()

        with transaction.atomic():
            Member.objects.filter(household=household).update(health="02")
            other = Thread(target=move_away)
            other.start()
            other.join()
        there.catch_up()
        (person,) = there.copy["household", household.number]["members"]
        assert person["health"] == "02"

    def test_a_withdrawn_household_is_gone_with_its_plans(self):
        household = make.make_household()
        plan = make.make_plan(household)
        client = follower(make.COUNTY, *ALL)
        client.catch_up()
        Household.everywhere.filter(pk=household.pk).update(withdrawn_at=timezone.now())
        assert named(client.catch_up()) == [(household.number, True), (str(plan.uuid), True)]

    def test_a_number_that_is_given_again_is_not_gone(self):
        household = make.make_household()
        client = follower()
        client.catch_up()
        Household.everywhere.filter(pk=household.pk).update(withdrawn_at=timezone.now())
        again = make.make_household(number=household.number, group="九组")
        client.catch_up()
        Household.everywhere.filter(pk=household.pk).update(group="一组")
        assert named(client.catch_up()) == [(again.number, False)]
        assert client.copy["household", again.number]["group"] == "九组"

    def test_what_was_deleted_is_gone_by_its_key(self):
        term, plan = make.make_term(), make.make_plan(make.make_household())
        client = follower(make.COUNTY, *ALL)
        client.catch_up()
        term.delete()
        plan.delete()
        assert sorted(named(client.catch_up())) == sorted(
            [(str(plan.uuid), True), (make.VILLAGE, True)]
        )

    def test_only_the_kinds_that_are_asked_for_come(self):
        household = make.make_household()
        opened(household)
        client = follower(make.COUNTY, *ALL, kinds="case")
        assert {one["kind"] for one in client.catch_up()} == {"case"}
        Household.everywhere.update(group="九组")
        assert client.catch_up() == []


@pytest.mark.usefixtures("register")
class TestCursors:
    """What a cursor is good for."""

    @pytest.fixture
    def client(self) -> Follower:
        make.make_household()
        client = follower(make.COUNTY, *ALL)
        client.catch_up()
        return client

    def refused(self, client: Follower, **parameters: str) -> tuple[int, str]:
        asked = "".join(f"&{name}={value}" for name, value in parameters.items())
        answer = client.door.get(f"{FEED}?cursor={client.cursor}{asked}")
        return answer.status_code, answer.body.get("code", "")

    def test_it_is_gone_when_the_operator_renews_the_epoch(self, client):
        before = client.ask()["epoch"]
        call_command("renew_epoch", "--reason", "磁盘从副本恢复")
        assert self.refused(client) == (410, "cursor_gone")
        client.cursor = ""
        client.catch_up()
        assert client.ask()["epoch"] != before
        (trace,) = Change.objects.filter(action="renew_epoch")
        assert trace.reason == "磁盘从副本恢复"

    def test_it_is_gone_when_the_log_is_that_of_a_restored_dump(self, client):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE restored (LIKE exchange_feed INCLUDING ALL);"
                "INSERT INTO restored SELECT * FROM exchange_feed;"
                "DROP TABLE exchange_feed; ALTER TABLE restored RENAME TO exchange_feed;"
            )
        assert self.refused(client) == (410, "cursor_gone")

    def test_it_is_gone_when_it_comes_from_a_future_that_was_lost(self, client, monkeypatch):
        monkeypatch.setattr(feed, "settled_before", lambda: 10**15)
        client.catch_up()
        monkeypatch.undo()
        assert self.refused(client) == (410, "cursor_gone")

    def test_it_is_gone_when_a_fed_table_was_truncated(self, client):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE assistance_instalment")
        assert self.refused(client) == (410, "cursor_gone")

    def test_it_is_gone_for_other_kinds_another_posting_and_other_rights(self, client):
        assert self.refused(client, kinds="household") == (410, "cursor_gone")
        narrow = follower(make.COUNTY, Scope.READ)
        narrow.cursor = client.cursor
        assert self.refused(narrow) == (410, "cursor_gone")
        elsewhere = follower(make.OTHER_COUNTY, *ALL)
        elsewhere.cursor = client.cursor
        assert self.refused(elsewhere) == (410, "cursor_gone")
        ClientKey.objects.update(scopes=sorted([*ALL, Scope.IDENTITY]))
        assert self.refused(client) == (410, "cursor_gone")

    def test_it_is_gone_when_the_key_that_signed_it_is_another_one(self, client, settings):
        former, settings.SECRET_KEY = settings.SECRET_KEY, "another one, long enough " + "x" * 50
        assert self.refused(client) == (410, "cursor_gone")
        settings.SECRET_KEY_FALLBACKS = [former]
        assert self.refused(client)[0] == 200

    def test_it_is_gone_when_what_lies_behind_it_was_pruned(self, client):
        make.make_household()
        idle, active = follower(make.COUNTY, *ALL), client
        idle.cursor = client.cursor
        prune_feed(before=timezone.now() - timedelta(days=180))
        assert idle.ask()["results"] == active.catch_up()
        FeedMark.objects.update(at=datetime(2020, 1, 1, tzinfo=UTC))
        make.make_household()
        active.catch_up()
        assert prune_feed(before=datetime(2020, 6, 1, tzinfo=UTC)) > 0
        assert self.refused(idle) == (410, "cursor_gone")
        assert active.catch_up() == []
        assert FeedEntry.objects.exists()

    def test_a_prune_of_another_database_refuses_no_cursor_of_this_one(self, client):
        FeedEpoch.objects.update(origin="another", pruned_before=10**15)
        assert self.refused(client)[0] == 200
        prune_feed(before=datetime(2020, 1, 1, tzinfo=UTC))
        assert self.refused(client)[0] == 200
        assert FeedEpoch.objects.get().pruned_before == 0


SHAPELY = '["5f0e1c2d3b4a5968", "5f0e1c2d3b4a5968", "log", 7]'
FORMLESS = ("", "7", "{", "[]", '["a", "b"]', '["a", "b", "page"]', '["a", "b", []]', "[" * 2000)
NOBODYS = "A" * 43


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "WyJhIiwxXQ",
        "[]:sig",
        *(f"{b64_encode(text.encode()).decode()}:{NOBODYS}" for text in FORMLESS),
        f"{b64_encode(bytes([255])).decode()}:{NOBODYS}",
        f"!:{NOBODYS}",
        f"{b64_encode(SHAPELY.encode()).decode()}:{NOBODYS[:-1]}",
    ],
)
def test_a_cursor_that_this_door_has_not_made_is_refused(door, cursor):
    answer = door.get(f"{FEED}?cursor={cursor}")
    assert [one["code"] for one in answer.body["errors"]] == ["bad_cursor"]


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=1001", "since=2020-01-01", "cursor=x&since=now"]
)
def test_parameters_that_cannot_be_are_refused(door, asked):
    answer = door.get(f"{FEED}?{asked}")
    assert (answer.status_code, len(answer.body["errors"])) == (400, 1)


@pytest.mark.parametrize(
    ("asked", "unknown"),
    [("people", "people"), ("case,Team", "Team"), ("case,", ""), ("case, plan", " plan")],
    ids=["another", "capitals", "comma at the end", "space"],
)
def test_an_unknown_kind_is_refused_with_those_that_are_offered(door, asked, unknown):
    answer = door.get(f"{FEED}?kinds={asked}")
    (error,) = answer.body["errors"]
    assert (answer.status_code, error["parameter"], error["code"]) == (400, "kinds", "unknown_kind")
    assert error["detail"] == f"“{unknown}” is no kind; ask for some of household, case, plan, team"


def test_the_description_offers_exactly_the_kinds_that_there_are(door):
    operation = door.get("schema/").body["paths"]["/api/v1/sync/changes/"]["get"]
    (kinds,) = [one for one in operation["parameters"] if one["name"] == "kinds"]
    pattern = re.compile(kinds["schema"]["pattern"])
    assert all(pattern.match(name) for name in [*KINDS, ",".join(KINDS)])
    assert not any(pattern.match(name) for name in ("people", "case,", "cases", "Case", ""))
