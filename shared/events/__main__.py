"""What an operator does with events that went wrong: `python -m shared.events replay | drain`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from shared.core.errors import Unavailable
from shared.events.drain import PATIENCE, drain
from shared.events.replay import replay


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0, or 1 if a service did not answer: run it again then, nothing is lost or counted twice."""
    arguments = _parser().parse_args(argv)
    try:
        told = _replay(arguments) if arguments.command == "replay" else _drain(arguments)
    except Unavailable as error:
        print(f"{error.detail} Run this again.", file=sys.stderr)  # noqa: T201
        return 1
    print(told)  # noqa: T201
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.events", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("replay", help="take in rejected events that are good now, after a fix")
    again.add_argument("--reason", metavar="CODE", help="only those rejected for this reason_code")
    again.add_argument("--since", metavar="TIME", type=_moment, help="only those received since, in ISO 8601 (UTC)")
    again.add_argument("--dry-run", action="store_true", help="only say what would be taken in")
    dead = commands.add_parser("drain", help="take in the messages of events-dead")
    dead.add_argument(
        "--patience",
        metavar="SECONDS",
        type=float,
        default=PATIENCE,
        help="how long none must have come before it is over (default: %(default)s)",
    )
    return parser


def _replay(arguments: argparse.Namespace) -> str:
    done = replay(reason=arguments.reason, since=arguments.since, dry_run=arguments.dry_run)
    verb = "would be taken" if arguments.dry_run else "were taken"
    return f"{done.examined} rejections examined: {done.taken} with {done.events} events {verb} in, {done.left} are still bad."


def _drain(arguments: argparse.Namespace) -> str:
    done = drain(arguments.patience)
    return (
        f"{done.messages} dead letters settled: {done.accepted} events accepted, {done.duplicate} duplicates, "
        f"{done.filtered} withheld, {done.invalid} quarantined."
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
