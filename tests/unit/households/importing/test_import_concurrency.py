"""What two sessions do to each other: only the household concerned is left out."""

from io import BytesIO

from django.db import IntegrityError

from households.importing import run as running
from households.importing.importers import importer_of
from households.importing.reader import COMMAND, read_table
from households.importing.run import Run
from households.importing.saving import Author
from households.importing.staging import staged
from households.models import Household, Member
from tests import factories as make
from trail.dates import business_date

HEAD = "village_code,household_number,name,relation,id_number,person_number\n"
ROWS = [
    f"{make.VILLAGE},A-{n},陈大山,01,{id_number},A-{n}-1\n"
    for n, id_number in enumerate(
        ["970123196503074013", "970123196805124020", "970123199511234017", "970123201109123028"]
    )
]


def imported(during) -> Run:
    """The run over ROWS, `during` being done between judging and saving."""
    operator = make.the_operator()
    with staged() as staging:
        importer = importer_of("operator", "0")
        run = Run(staging, importer, year=2019, today=business_date())
        run.read(read_table(BytesIO((HEAD + "".join(ROWS)).encode()), COMMAND))
        batch = make.make_batch(make.COUNTY)
        author = Author(operator.pk, "o", "operator", "0", batch.pk, 2019, business_date())
        run.plan_for(author)
        run.judge()
        during()
        run.save(author)
        run.told = [(fault.column, fault.code) for fault in staging.faults()]
    return run


def test_without_others_everything_is_saved(tree):
    run = imported(lambda: None)
    assert run.tally.kinds == {"new": 4}
    assert Household.everywhere.count() == 4


def test_a_person_taken_meanwhile_leaves_out_one_household(tree):
    def take_person() -> None:
        other = make.make_household(make.OTHER_COUNTY_VILLAGE)
        make.make_member(other, relation="02", id_number="970123196805124020")

    run = imported(take_person)
    assert (run.tally.kinds["new"], run.tally.kinds["faulty"]) == (3, 1)
    assert run.told == [("id_number", "active_elsewhere")]
    assert not Household.everywhere.filter(number="A-1").exists()


def test_a_number_taken_meanwhile_is_judged_as_a_known_household(tree):
    def take_number() -> None:
        household = make.make_household(make.NEXT_VILLAGE)
        Household.everywhere.filter(pk=household.pk).update(number="A-2")

    run = imported(take_number)
    assert run.tally.kinds["new"] == 3
    assert ("village_code", "village_moved") in run.told
    assert Member.objects.filter(household__number__in=["A-0", "A-1", "A-3"]).count() == 3


def test_a_conflict_that_no_verdict_explains_leaves_out_one_household(tree, monkeypatch):
    real = running.save

    def save(verdicts, author):
        if any(verdict.filed.number == "A-3" for verdict in verdicts):
            raise IntegrityError("taken")
        return real(verdicts, author)

    monkeypatch.setattr(running, "save", save)
    monkeypatch.setattr(running.Plan, "move", lambda self: ())
    run = imported(lambda: None)
    assert run.tally.kinds == {"new": 3, "faulty": 1}
    assert run.told == [("household_number", "changed_meanwhile")]
