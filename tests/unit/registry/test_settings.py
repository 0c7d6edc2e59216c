"""The settings in a process of their own, as an environment makes them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
NAMES = [
    "ALLOWED_HOSTS", "CSRF_COOKIE_NAME", "DATABASES", "DEMO", "EXTRA_PROVINCES", "FIELD_KEYS",
    "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
]  # fmt: skip


def settings_with(tmp_path: Path, **env: str) -> dict:
    code = (
        "import json; from registry import settings;"
        f"print(json.dumps({{name: getattr(settings, name, None) for name in {NAMES}}}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path / "state"), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


def test_importing_them_starts_and_writes_nothing(tmp_path):
    assert settings_with(tmp_path)["DATABASES"]["default"]["ENGINE"].endswith("dummy")
    assert not (tmp_path / "state").exists()


def test_without_a_word_the_site_is_closed_to_plain_http(tmp_path):
    found = settings_with(tmp_path)
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SESSION_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert not found["DEMO"]


def test_the_demonstration_speaks_plain_http_on_loopback(tmp_path):
    found = settings_with(tmp_path, DEMO="true")
    assert not found["SECURE_SSL_REDIRECT"]
    assert found["SESSION_COOKIE_NAME"] is None
    assert set(found["ALLOWED_HOSTS"]) == {"localhost", "127.0.0.1", "[::1]"}


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS"])
def test_a_secret_can_stand_in_a_file(tmp_path, name):
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    assert settings_with(tmp_path, **{f"{name}_FILE": str(file)})[name] == "from a file"


@pytest.mark.parametrize("told", ["former,older", "former\nolder\n", "former, older"])
def test_former_keys_are_named_in_a_file_or_the_environment(tmp_path, told):
    file = tmp_path / "former"
    file.write_text(told)
    for env in ({"SECRET_KEY_FALLBACKS": told}, {"SECRET_KEY_FALLBACKS_FILE": str(file)}):
        assert settings_with(tmp_path, **env)["SECRET_KEY_FALLBACKS"] == ["former", "older"]
    assert settings_with(tmp_path)["SECRET_KEY_FALLBACKS"] == []


def test_there_are_no_built_in_keys(tmp_path):
    found = settings_with(tmp_path)
    assert (found["SECRET_KEY"], found["FIELD_KEYS"]) == ("", "")


def test_a_socket_folder_and_a_statement_timeout_reach_the_database(tmp_path):
    url = "postgresql://app@/registry?host=/run/postgres"
    found = settings_with(tmp_path, DATABASE_URL=url, STATEMENT_TIMEOUT_MS="15000")
    options = found["DATABASES"]["default"]["OPTIONS"]
    assert options["host"] == "/run/postgres"
    assert "statement_timeout=15000" in options["options"]


def test_production_can_leave_out_the_demonstration_province(tmp_path):
    assert settings_with(tmp_path)["EXTRA_PROVINCES"] == ["97"]
    assert settings_with(tmp_path, EXTRA_PROVINCES="")["EXTRA_PROVINCES"] == []
