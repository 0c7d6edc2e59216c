#!/usr/bin/env python3
"""The project's commands; one that needs servers gets the embedded ones unless URLs name others."""

import os
import sys

from django.core.management import execute_from_command_line

from registry import embedded

WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "spectacular",
    "version",
    "write_api",
    "write_procedures",
}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in WITHOUT_SERVERS and not command.startswith("-"):
        try:
            embedded.enter()
        except embedded.NoServers as problem:
            sys.exit(str(problem))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
