"""docker-compose.yml says what the programs expect; no engine is needed to see that."""

from pathlib import Path

import pytest
import yaml

from registry.embedded.postgres import LOCALE

PROJECT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "beat"}
TOP_LEVEL = {"services", "networks", "volumes", "secrets"}
OF_A_SERVICE = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image",
    "networks", "ports", "read_only", "restart", "secrets", "security_opt", "shm_size",
    "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
OF_A_HEALTHCHECK = {"test", "interval", "timeout", "retries", "start_period"}
SECRET_VALUES = ("DATABASE_URL", "SECRET_KEY", "FIELD_KEYS", "POSTGRES_PASSWORD")


def test_every_key_is_one_that_compose_knows():
    assert {key for key in COMPOSE if not key.startswith("x-")} <= TOP_LEVEL
    for name, service in SERVICES.items():
        assert service.keys() <= OF_A_SERVICE, name
        assert service.get("healthcheck", {}).keys() <= OF_A_HEALTHCHECK, name


def test_the_expected_services_are_there():
    assert SERVICES.keys() == OURS | {"postgres", "broker"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_only_for_what_can_become_ready(name):
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[needed]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[needed]["restart"] == "no"


@pytest.mark.parametrize("kind", ["networks", "volumes", "secrets"])
def test_what_a_service_names_is_declared_and_what_is_declared_is_used(kind):
    named = {use.split(":")[0] for service in SERVICES.values() for use in service.get(kind, [])}
    assert named == set(COMPOSE[kind])


def test_the_database_is_made_like_the_embedded_one():
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split() == LOCALE
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_a_full_broker_refuses_rather_than_forgets():
    command = SERVICES["broker"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_only_the_web_server_is_published_and_on_loopback_only():
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_programs_run_without_rights_they_do_not_need(name):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_files(name):
    environment = SERVICES[name].get("environment", {})
    assert not set(SECRET_VALUES) & set(environment)


def test_the_image_does_not_run_as_root():
    users = [
        line.split()[1]
        for line in (PROJECT / "Dockerfile").read_text().splitlines()
        if line.startswith("USER ")
    ]
    assert users == ["10001:10001"]
