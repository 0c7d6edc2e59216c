import pytest

from registry.celery import VISIBILITY_TIMEOUT_SECONDS, app, broker_url


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://:pw@broker:6379/2", "redis://:pw@broker:6379/2"),
        ("rediss://broker:6380/0", "rediss://broker:6380/0"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
    ],
)
def test_celery_gets_the_address_in_its_own_words(redis_url, expected):
    assert broker_url(redis_url) == expected


def test_work_is_acknowledged_only_when_it_is_done():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_no_task_runs_as_long_as_the_broker_waits_before_it_gives_the_message_to_another():
    places = [
        app.conf.broker_transport_options["visibility_timeout"],
        app.conf.result_backend_transport_options["visibility_timeout"],
        app.conf.visibility_timeout,
    ]
    assert places == [VISIBILITY_TIMEOUT_SECONDS] * 3
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit < VISIBILITY_TIMEOUT_SECONDS


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= app.tasks.keys()


def test_messages_are_json_only():
    assert app.conf.accept_content == ["json"]
