"""The project's Celery as the campaign runs it: `celery -A tests.faults.reviews.twice …`

Every message is published twice; each start of a task is noted in the file $DELIVERIES; each pool
process tells PostgreSQL its number, so that whoever reads certain facts can be found and killed.
"""

import os
from typing import Any

from celery.signals import after_task_publish, task_prerun, worker_process_init

from registry.celery import app

__all__ = ["app"]


@after_task_publish.connect
def publish_again(
    headers: dict[str, Any], body: Any, exchange: str, routing_key: str, **_: Any
) -> None:
    with app.amqp.producer_pool.acquire(block=True) as producer:
        producer.publish(
            body, exchange=exchange, routing_key=routing_key, headers=headers, serializer="json"
        )


@task_prerun.connect
def note(task_id: str, **_: Any) -> None:
    with open(os.environ["DELIVERIES"], "a") as deliveries:  # noqa: PTH123 - one short append
        deliveries.write(f"{task_id}\n")


@worker_process_init.connect
def name_yourself(**_: Any) -> None:
    os.environ["PGAPPNAME"] = f"process {os.getpid()}"
