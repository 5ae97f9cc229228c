"""`python -m portal.embedded run|test|bench|exec|reset|doctor|browser`."""

import argparse
import sys

from portal.embedded.console import LauncherError, prepare_streams, say


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; what follows `--` is handed to the command as it is."""
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("test", "run pytest beside servers of its own; pytest's arguments follow --"),
        ("exec", "run any command beside the test servers; the command follows --"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    if getattr(options, "arguments", None) and options.arguments[0] == "--":
        options.arguments = options.arguments[1:]
    return options


def main(arguments: list[str]) -> int:
    """Run one command and give its exit code."""
    options = parse(arguments)
    from portal.embedded import testing

    if options.command == "test":
        command = testing.pytest_command(options.arguments)
        return testing.run_beside_services(command, name="test", settings="portal.settings.test")
    if options.command == "exec":
        return testing.run_beside_services(options.arguments, name="test", settings="portal.settings.test")
    raise AssertionError(options.command)


if __name__ == "__main__":
    prepare_streams()
    try:
        sys.exit(main(sys.argv[1:]))
    except LauncherError as error:
        say(f"Erreur : {error}")
        sys.exit(1)
