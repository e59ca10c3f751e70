"""The command line: `rules check FILE` and `rules explain --as UID METHOD PATH`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import InvalidRules, LimitExceeded
from .explanation import as_json, as_text
from .ruleset import METHODS, Ruleset
from .scenario import InvalidScenario, Scenario

RULES = Path(__file__).parents[3] / "firestore.rules"
FINE, NOT_FINE, UNUSABLE = 0, 1, 2
_WIDTH, _BEFORE = 160, 120
"""Columns of a line that are shown, and how many of them may come before the problem."""


def main(argv: Sequence[str]) -> int:
    """`check …` or `explain …`. Returns the exit code."""
    commands = {"check": check, "explain": explain}
    if not argv or argv[0] not in commands:
        sys.stderr.write("usage: rules check [FILE] | rules explain --as UID METHOD PATH …  (--help says more)\n")
        return UNUSABLE
    return commands[argv[0]](argv[1:])


def check(argv: Sequence[str]) -> int:
    """Check a file of rules. Returns 0 if they are valid, 1 if not, 2 if there is no such file."""
    parser = argparse.ArgumentParser(prog="rules check", description="Check a file of security rules.")
    parser.add_argument("file", type=Path, nargs="?", default=RULES, help="default: %(default)s")
    arguments = parser.parse_args(argv)
    try:
        text = arguments.file.read_text()
        Ruleset(text)
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{arguments.file} cannot be read: {error}\n")
        return UNUSABLE
    except InvalidRules as invalid:
        sys.stdout.write(_told(invalid, arguments.file, text))
        return NOT_FINE
    sys.stdout.write(f"{arguments.file}: valid\n")
    return FINE


def explain(argv: Sequence[str]) -> int:
    """Say what the rules say about a request, and why. Returns 0 if it is allowed, 1 if it is denied, 2 for bad arguments."""
    arguments = _explain_parser().parse_args(argv)
    try:
        ruleset = Ruleset(arguments.rules.read_text(), tracing=True)
        scenario = Scenario(
            method=arguments.method,
            path=arguments.path,
            uid=arguments.uid,
            claims=arguments.claims,
            data=arguments.data,
            before=arguments.before,
            query=arguments.query,
            documents=arguments.documents,
        )
        verdict = ruleset.decide(scenario.request())[0]
    except LimitExceeded as limit:
        sys.stdout.write(f"DENIED  {limit}\n")
        return NOT_FINE
    except (InvalidScenario, InvalidRules, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    file = arguments.rules.name
    if arguments.json:
        sys.stdout.write(json.dumps(as_json(verdict, ruleset.source, file), indent=2) + "\n")
    else:
        what = f"{scenario.method} {scenario.path} as {scenario.uid or 'nobody (signed out)'}"
        sys.stdout.write(as_text(verdict, ruleset.source, file, what))
    return FINE if verdict.allowed else NOT_FINE


def _explain_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rules explain",
        description="Say whether the rules allow a request, which clause decided, and the value of every sub-expression.",
        epilog='In JSON, "$now" is the time of the request and {"$timestamp": "2026-01-31T12:00:00Z"} another one.',
    )
    parser.add_argument("--as", dest="uid", metavar="UID", help="who asks; without it nobody is signed in")
    parser.add_argument("--claims", type=_object, default={}, metavar="JSON", help="custom claims of the token")
    parser.add_argument("--data", type=_object, metavar="JSON", help="the document after the write, or the one read")
    parser.add_argument("--before", type=_object, metavar="JSON", help="the document before the write")
    parser.add_argument(
        "--query",
        type=_object,
        metavar="JSON",
        help='{"where": [["f", "==", 1]], "orderBy": ["-f"], "limit": 9, "group": true}',
    )
    parser.add_argument(
        "--documents", type=_object, default={}, metavar="JSON", help="other documents that are there, by path"
    )
    parser.add_argument("--rules", type=Path, default=RULES, metavar="FILE", help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("method", choices=METHODS)
    parser.add_argument("path", help="of a document, or for list of a collection")
    return parser


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"no JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("a JSON object is needed")
    return value


def _told(invalid: InvalidRules, file: Path, text: str) -> str:
    """The problems as compilers tell them: file, line and column, then the line with a mark."""
    lines = text.splitlines()
    told = []
    for problem in invalid.problems:
        line, column = problem.position.line, problem.position.column
        told.append(f"{file}:{problem}\n")
        if line <= len(lines):
            start = max(column - _BEFORE, 0)
            told.append(f"    {lines[line - 1][start : start + _WIDTH]}\n    {' ' * (column - 1 - start)}^\n")
    return "".join(told)
