import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_signing_in(client: Client):
    assert client.get("/healthz").content == b"ok\n"


def test_a_site_with_database_migrations_and_broker_is_ready(client: Client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "migrations": "ok"}


def test_a_site_without_broker_is_not_ready_and_names_no_address(client: Client, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "failed", "migrations": "ok"}


def test_a_site_with_a_pending_migration_is_not_ready(client: Client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reviews'")
    assert client.get("/readyz").json()["migrations"] == "failed"


def test_an_answer_is_never_kept_by_a_cache(client: Client):
    assert "no-store" in client.get("/readyz")["Cache-Control"]
