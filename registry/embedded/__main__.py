import os
import sys

from registry.embedded.launcher import NoServers, enter


def main(argv: list[str]) -> None:
    command = argv[1:] if argv[:1] == ["--"] else argv
    if not command:
        sys.exit("usage: python -m registry.embedded -- COMMAND [ARGUMENT…]")
    try:
        enter()
    except NoServers as problem:
        sys.exit(str(problem))
    os.execvp(command[0], command)  # noqa: S606 - running the caller's command is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
