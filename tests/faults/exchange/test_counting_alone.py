"""Of the workers that let the totals follow the log one works; no other waits behind it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from exchange.actions.digesting import follow_log_alone
from exchange.models import DigestMark

SECONDS = 20


@pytest.mark.usefixtures("real_database")
def test_a_worker_leaves_when_another_one_counts():
    def work() -> None:
        try:
            follow_log_alone(parts=1)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        DigestMark.locked()
        pool.submit(work).result(timeout=SECONDS)
    follow_log_alone(parts=2)
    assert DigestMark.objects.get().walked is None
