"""Celery, which only nudges: the truth about work is in the database.

A message carries ids. It is acknowledged when the work is done, so a killed worker loses nothing;
the sweep brings back whatever the broker lost.
"""

import ctypes
import os
import signal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_init, worker_process_init
from django.conf import settings

PR_SET_PDEATHSIG = 1
VISIBILITY_TIMEOUT_SECONDS = 900
SENDER_SECONDS = 0.2  # a page waits up to three times as long for a silent broker
WORKER_SECONDS = 30  # longer than a worker's longest wait for a message


def broker_url(redis_url: str) -> str:
    """The address of the broker as Celery writes it: unix:///path?db=1 is redis+socket:///path…"""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


def configuration() -> dict[str, Any]:
    transport = {
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "unacked_restore_throttle": 1,  # look for lost messages every 10 s, not every 100 s
        "socket_connect_timeout": 2,
        "socket_timeout": SENDER_SECONDS,
    }
    return {
        "broker_url": broker_url(settings.REDIS_URL),
        "broker_connection_retry_on_startup": True,
        "broker_connection_timeout": 2,
        "broker_transport_options": transport,
        "result_backend_transport_options": transport,
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_max": 0.5},
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": 120,
        "task_soft_time_limit": 90,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_soft_shutdown_timeout": 60,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": {
            "sweep": {"task": "reviews.tasks.sweep", "schedule": 30, "options": {"expires": 30}},
            "sweep-imports": {
                "task": "households.tasks.sweep_imports",
                "schedule": 30,
                "options": {"expires": 30},
            },
            "sweep-gaps": {
                "task": "assistance.tasks.sweep_gaps",
                "schedule": 30,
                "options": {"expires": 30},
            },
            "sweep-pushes": {
                "task": "exchange.tasks.sweep_pushes",
                "schedule": 30,
                "options": {"expires": 30},
            },
            "count-provinces": {
                "task": "households.tasks.count_provinces",
                "schedule": crontab(minute=20),
            },
            "count-readiness": {
                "task": "reviews.tasks.count_readiness",
                "schedule": crontab(minute=40),
            },
            "count-changes": {
                "task": "exchange.tasks.count_changes",
                "schedule": 60,
                "options": {"expires": 60},
            },
            "prune-feed": {
                "task": "exchange.tasks.prune_feed",
                "schedule": crontab(hour=3, minute=5),
            },
            "sweep-uploads": {
                "task": "exchange.tasks.sweep_uploads",
                "schedule": 30,
                "options": {"expires": 30},
            },
            "purge-uploaded": {
                "task": "exchange.tasks.purge_uploaded",
                "schedule": crontab(hour=3, minute=30),
            },
            "purge-answers": {
                "task": "exchange.tasks.purge_answers",
                "schedule": crontab(hour=3, minute=45),
            },
            "weigh-cases": {
                "task": "exits.tasks.weigh_cases",
                "schedule": crontab(hour=2, minute=45),
            },
            "purge-uploads": {
                "task": "households.tasks.purge_uploads",
                "schedule": crontab(hour=3, minute=15),
            },
        },
    }


@celeryd_init.connect
def wait_for_messages(conf: Any, **_: Any) -> None:
    """A worker has time for a slow broker; who sends a message for a page has not."""
    conf.broker_transport_options = conf.broker_transport_options | {
        "socket_timeout": WORKER_SECONDS
    }


@worker_process_init.connect
def die_with_worker(**_: Any) -> None:
    """A pool process must not go on alone when its worker is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
app = Celery("registry")
app.config_from_object(configuration())
app.autodiscover_tasks()
