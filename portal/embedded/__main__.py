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
    commands.add_parser("run", help="start the portal and stay until Ctrl-C")
    commands.add_parser("reset", help="drop the local data of run, test and bench")
    commands.add_parser("doctor", help="say what this machine lacks")
    commands.add_parser("browser", help="obtain the tests' browser and print its path")
    bench = commands.add_parser("bench", help="run the benchmark beside servers of its own")
    bench.add_argument("--size", type=int, default=100_000, help="number of demandes")
    options = parser.parse_args(arguments)
    if getattr(options, "arguments", None) and options.arguments[0] == "--":
        options.arguments = options.arguments[1:]
    return options


def main(arguments: list[str]) -> int:
    """Run one command and give its exit code."""
    options = parse(arguments)
    from portal.embedded import browser, doctor, machine, resetting, running, testing

    if options.command == "doctor":
        return doctor.examine()
    if options.command == "browser":
        return browser.show()
    if options.command == "reset":
        return resetting.reset()
    machine.ensure_pango()
    if options.command == "run":
        return running.run()
    if options.command == "bench":
        return testing.bench(options.size)
    if options.command == "test":
        return testing.test(options.arguments)
    return testing.run_beside_services(options.arguments)


if __name__ == "__main__":
    prepare_streams()
    try:
        sys.exit(main(sys.argv[1:]))
    except LauncherError as error:
        say(f"Erreur : {error}")
        sys.exit(1)
