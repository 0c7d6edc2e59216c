"""Two loads at one moment: one waits for the other, and nothing is loaded twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from divisions.actions import load_divisions
from divisions.models import Division
from tests import factories as make
from trail.models import Change


def test_two_loads_at_once_leave_one_tree(real_database):
    barrier = Barrier(2)

    def load(_: int) -> int:
        try:
            barrier.wait()
            report = load_divisions(make.TREE, by=make.the_operator(), progress=lambda _: None)
            return sum(counts["new"] for counts in report.counts.values())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(load, range(2))) == [0, 30]
    assert Division.objects.count() == 31
    assert Change.objects.filter(action="load_divisions").count() == 2
