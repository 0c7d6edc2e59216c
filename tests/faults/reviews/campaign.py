"""Everything that works on one review, and the means to break it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import Popen
from uuid import uuid4

from kombu import Connection

from registry.celery import broker_url
from reviews.tasks import drive
from tests.processes import Processes, children_of, wait_for
from tests.servers import Servers

GROUPS, POOL = 3, 2
PROCESSES = GROUPS * POOL + 1
BROKEN_SECONDS = 3
READY_SECONDS = 90
BEAT_SECONDS = 3
OPEN = 1_000_000
CELERY = ("-m", "celery", "-A", "tests.faults.reviews.twice")
SWEEPER = """
import os
from django.core.management import execute_from_command_line
os.environ["PGAPPNAME"] = f"process {os.getpid()}"
execute_from_command_line(["manage.py", "sweep"])
"""
GATE = """
    CREATE TABLE gate AS SELECT {review}::bigint AS review_id, 0 AS villages;
    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        WHILE (SELECT count(*) >= (SELECT villages FROM gate) FROM reviews_reviewvillage
               WHERE review_id = (SELECT review_id FROM gate)) LOOP
            PERFORM pg_sleep(0.05);
        END LOOP;
        RETURN NULL;
    END $$;
    CREATE TRIGGER gate BEFORE INSERT ON reviews_reviewvillage FOR EACH STATEMENT
        EXECUTE FUNCTION wait_at_gate();
"""
AT_WORK = """
    SELECT application_name FROM pg_stat_activity
    WHERE application_name ~ '^process [0-9]+$' AND state <> 'idle'
"""


class Campaign:
    """Worker groups, beat and a sweeper on one review.

    Whoever has decided a village waits at a gate before it commits. Each fault lets some villages
    more pass, so that every fault finds work under way and none finds the review finished.
    """

    def __init__(self, servers: Servers, processes: Processes, review_id: int, folder: Path):
        self.servers, self.processes, self.review_id = servers, processes, review_id
        self.schedule, self.deliveries = folder / "beat", folder / "deliveries"
        self.chance = random.Random(3)
        self.groups: list[Popen[bytes]] = []
        self.beat = self.sweeper = None
        self.begun = self.last_fault = time.monotonic()
        self.made: Counter[str] = Counter()
        self.villages = self.count("true")
        servers.ask(GATE.format(review=review_id))

    # --- who works ---------------------------------------------------------------------------

    def start(self, *command: str) -> Popen[bytes]:
        own = {"DELIVERIES": str(self.deliveries), "PYTEST_XDIST_WORKER": ""}
        return self.processes.start(*command, **own)

    def keep_up(self) -> None:
        """Start again what has ended, as systemd or a container would."""
        self.keep_up_celery()
        if not self.sweeper or self.sweeper.poll() is not None:
            self.sweeper = self.start("-c", SWEEPER)

    def keep_up_celery(self) -> None:
        self.groups = [group for group in self.groups if group.poll() is None]
        while len(self.groups) < GROUPS:
            name = f"{len(self.processes.running)}@%h"
            arguments = ("worker", "-c", str(POOL), "-n", name, "-l", "WARNING")
            self.groups.append(self.start(*CELERY, *arguments))
        if not self.beat or self.beat.poll() is not None:
            arguments = ("beat", "--schedule", str(self.schedule), "--pidfile=", "-l", "WARNING")
            self.beat, self.beat_since = self.start(*CELERY, *arguments), time.monotonic()

    def living(self) -> set[int]:
        """Our processes and their children."""
        alive = [one.pid for one in list(self.processes.running) if one.poll() is None]
        return {*alive, *(child for pid in alive for child in children_of(pid))}

    def at_work(self) -> set[int]:
        """Those of our processes that PostgreSQL is busy for."""
        return {int(name.split()[1]) for (name,) in self.servers.ask(AT_WORK)} & self.living()

    def nudge(self) -> None:
        """One message, twice."""
        task_id = str(uuid4())
        with Connection(broker_url(self.servers.redis_url)) as broker:
            for _ in range(2):
                drive.apply_async(args=[self.review_id], task_id=task_id, connection=broker)

    # --- how far it is -----------------------------------------------------------------------

    def count(self, condition: str) -> int:
        [(number,)] = self.servers.ask(
            f"SELECT count(*) FROM reviews_reviewchunk WHERE review_id = %s AND {condition}",
            self.review_id,
        )
        return number

    def is_finished(self) -> bool:
        [(state,)] = self.servers.ask(
            "SELECT state FROM reviews_review WHERE id = %s", self.review_id
        )
        return state == "finished"

    def let_pass(self, share: float) -> None:
        """That share of the villages, without those that are kept for the end."""
        kept = self.villages // 40 + 2 * PROCESSES
        self.servers.ask("UPDATE gate SET villages = %s", round((self.villages - kept) * share))

    # --- what is broken ----------------------------------------------------------------------

    def faults(self, kills: int, broker: int, database: int) -> list[Callable[[], None]]:
        """So many of each kind, shuffled."""
        killed = [self.kill_pool_child, self.kill_group, self.kill_beat, self.kill_sweeper]
        broken = [self.restart_broker, self.flush_broker, self.stop_broker, self.fill_broker]
        every = killed * kills + broken * broker + [self.restart_postgres] * database
        self.chance.shuffle(every)
        return every

    def run(self, faults: list[Callable[[], None]]) -> None:
        for place, fault in enumerate(faults):
            self.let_pass((place + 1) / len(faults))
            self.keep_up()
            self.nudge()
            wait_for(lambda: self.at_work() or self.is_finished(), seconds=READY_SECONDS)
            assert not self.is_finished(), "the gate let too many pass"
            fault()
            self.made[fault.__name__] += 1
            self.last_fault = time.monotonic()

    def wait_for_the_end(self, seconds: float) -> float:
        """Returns the seconds since the last fault. No sweeper and no nudge helps any more."""
        if self.sweeper:
            self.sweeper.kill()
        self.servers.ask("UPDATE gate SET villages = %s", OPEN)
        while not self.is_finished():
            waited = time.monotonic() - self.last_fault
            assert waited < seconds, f"unfinished after {waited:.0f} s: {self.left_over()}"
            self.keep_up_celery()
            time.sleep(0.2)
        return time.monotonic() - self.last_fault

    def left_over(self) -> list[tuple]:
        return self.servers.ask(
            "SELECT seq, state, attempts, error FROM reviews_reviewchunk"
            " WHERE review_id = %s AND state <> 'done' ORDER BY seq LIMIT 10",
            self.review_id,
        )

    def kill_pool_child(self) -> None:
        os.kill(self.one_at_work(lambda: {c for g in self.groups for c in children_of(g.pid)}),
                signal.SIGKILL)  # fmt: skip

    def kill_group(self) -> None:
        child = self.one_at_work(lambda: {c for g in self.groups for c in children_of(g.pid)})
        [group] = [group for group in self.groups if child in children_of(group.pid)]
        os.killpg(group.pid, signal.SIGKILL)
        group.wait()

    def kill_beat(self) -> None:
        time.sleep(max(self.beat_since + BEAT_SECONDS - time.monotonic(), 0))
        self.beat.kill()
        self.beat.wait()

    def kill_sweeper(self) -> None:
        def sweeper() -> set[int]:
            self.keep_up()
            return {self.sweeper.pid}

        self.one_at_work(sweeper)
        self.sweeper.kill()
        self.sweeper.wait()

    def one_at_work(self, among: Callable[[], set[int]]) -> int:
        found: set[int] = set()

        def is_there() -> bool:
            found.clear()
            found.update(self.at_work() & among())
            return bool(found)

        wait_for(is_there, seconds=READY_SECONDS)
        return self.chance.choice(sorted(found))

    def restart_broker(self) -> None:
        self.servers.restart_broker()

    def flush_broker(self) -> None:
        self.servers.redis().flushall()

    def stop_broker(self) -> None:
        self.for_a_while(self.servers.broker_stopped())

    def fill_broker(self) -> None:
        self.for_a_while(self.servers.broker_full())

    def for_a_while(self, broken: AbstractContextManager[None]) -> None:
        with broken:
            time.sleep(BROKEN_SECONDS)

    def restart_postgres(self) -> None:
        self.servers.restart_postgres()
