"""An import killed at any moment and run again: every household once, nothing half-saved.

A trigger slows the statement that writes surveys, so that kills fall inside the transaction too.
"""

import csv
import random
import time
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.import_file import rows, villages
from divisions.models import Division
from households.models import Household, ImportBatch, Member, Survey
from tests import factories as make
from trail.models import Change

HOUSEHOLDS, KILLS = 400, 2
FULL_KILLS = 20
SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
    CREATE TRIGGER slow AFTER INSERT ON households_survey FOR EACH STATEMENT
        EXECUTE FUNCTION slow();
"""
COMMAND = ("manage.py", "import_households")


@pytest.fixture
def file(tmp_path: Path, real_database: str) -> Path:
    place = tmp_path / "register.csv"
    with place.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows(HOUSEHOLDS))
    make.plant_tree()
    for village in villages(-(-HOUSEHOLDS // 150)):
        for digits, level in ((2, 1), (4, 2), (6, 3), (9, 4), (12, 5)):
            parent = village[: {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}[digits]] or "0"
            code = village[:digits]
            Division.objects.get_or_create(
                code=code, defaults={"level": level, "name": code, "parent_id": parent}
            )
    with connection.cursor() as cursor:
        cursor.execute(SLOW)
    return place


def test_a_killed_import_is_run_again_without_doubles(file, processes, full_counts):
    dice = random.Random(7)
    for _ in range(FULL_KILLS if full_counts else KILLS):
        process = processes.start(*COMMAND, str(file), "--year", "2019")
        time.sleep(dice.uniform(2, 6))
        process.kill()
        process.wait()
        whole = Household.everywhere.count()
        assert Survey.objects.count() == whole
        assert Change.objects.filter(action="import").count() == whole
    process = processes.start(*COMMAND, str(file), "--year", "2019")
    assert process.wait() == 0, processes.log_of(process)
    persons = sum(1 for _ in rows(HOUSEHOLDS)) - 1
    assert Household.everywhere.count() == HOUSEHOLDS
    assert Survey.objects.count() == HOUSEHOLDS
    assert Member.objects.count() == persons
    assert set(ImportBatch.everywhere.values_list("state", flat=True)) == {"saved"}
