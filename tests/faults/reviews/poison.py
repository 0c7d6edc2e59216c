"""Households that no worker can decide: rows of the database that fail whoever reads them.

The register's own rows stay sound. A view in the place of the table of surveys spoils the facts of
some of them, and a trigger refuses the proposals of others.
"""

import os
import random
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

from django.db import connection

from households.models import Survey
from households.rules import Kind
from tests.faults.reviews.country import YEAR
from tests.servers import Servers

MADE_UP = "not a number"  # PostgreSQL cannot make fen of it
HALF = "one and a half guarantees"  # the frame cannot hold it
REFUSED = "a proposal that the database refuses"
HANGS = "nobody answers for a long time"
DEVOURS = "whoever reads it is killed"
KINDS = (DEVOURS, HANGS, MADE_UP, HALF, REFUSED)
HANG_SECONDS = 10
EARLY = 0.9
DEVOURED = "devoured by "
SPOILT = {
    "wage_income": f"""CASE survey.reason
        WHEN '{MADE_UP}' THEN 'NaN'
        WHEN '{HANGS}' THEN hang(survey.wage_income)
        WHEN '{DEVOURS}' THEN devour(survey.wage_income)
        ELSE survey.wage_income END""",
    "food": f"CASE survey.reason WHEN '{HALF}' THEN 1.5 ELSE survey.food END",
}
FUNCTIONS = f"""
CREATE FUNCTION hang(kept numeric) RETURNS numeric STABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep({HANG_SECONDS}); RETURN kept; END $$;
CREATE FUNCTION devour(kept numeric) RETURNS numeric STABLE LANGUAGE plpgsql AS $$ BEGIN
    PERFORM set_config(
        'application_name', '{DEVOURED}' || current_setting('application_name'), false
    );
    PERFORM pg_sleep({HANG_SECONDS});
    RETURN kept;
END $$;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no proposal for this household'; END $$;
"""
REFUSAL = """
CREATE TRIGGER refuse BEFORE INSERT ON reviews_proposal FOR EACH ROW
    WHEN (NEW.kind <> {attention} AND NEW.household_id IN ({households}))
    EXECUTE FUNCTION refuse();
"""


def choose(number: int) -> dict[int, str]:
    """What is wrong with which surveyed household, the KINDS in turn, each in its own village.

    None lies among the last villages: finding a killer takes half a minute from the first death,
    and the end of a campaign measures what the faults cost. The choice is written down as the
    reason of the survey, before anything is spoilt.
    """
    of_a_village = Survey.objects.filter(year=YEAR).order_by("village_id", "pk")
    firsts = list(of_a_village.distinct("village_id").values_list("pk", "household_id"))
    early = firsts[: round(len(firsts) * EARLY)]
    places = sorted(random.Random(100).sample(range(len(early)), number))
    chosen = [early[place] for place in places]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE households_survey DISABLE TRIGGER USER")
        for place, (survey, _) in enumerate(chosen):
            cursor.execute(
                "UPDATE households_survey SET reason = %s WHERE id = %s",
                [KINDS[place % len(KINDS)], survey],
            )
        cursor.execute("ALTER TABLE households_survey ENABLE TRIGGER USER")
    return {household: KINDS[place % len(KINDS)] for place, (_, household) in enumerate(chosen)}


def spoil(poisoned: dict[int, str]) -> None:
    """From now on every process meets them."""
    names = [field.column for field in Survey._meta.concrete_fields]
    columns = ", ".join(f"{SPOILT.get(name, f'survey.{name}')} AS {name}" for name in names)
    refused = [str(household) for household, kind in poisoned.items() if kind == REFUSED]
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute("ALTER TABLE households_survey RENAME TO survey_kept")
        cursor.execute(
            f"CREATE VIEW households_survey AS SELECT {columns} FROM survey_kept AS survey"
        )
        cursor.execute(REFUSAL.format(attention=int(Kind.ATTENTION), households=", ".join(refused)))


class Devourer:
    """Kills, as the kernel does for want of memory, each process that reads certain facts.

    `ours` names the processes that may be killed.
    """

    def __init__(self, servers: Servers, ours: Callable[[], set[int]]):
        self.servers, self.ours = servers, ours
        self.devoured: set[int] = set()
        self.enough = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Devourer":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.enough.wait(0.1):
            names = self.servers.ask(
                "SELECT application_name FROM pg_stat_activity"
                " WHERE starts_with(application_name, %s)",
                DEVOURED,
            )
            for victim in {int(name.split()[-1]) for (name,) in names} & self.ours():
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    self.devoured.add(victim)
