"""list: the operations that there are, or one with its parameters."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

from shared.media.cli.command import OK, Command
from shared.media.operations import OperationDescription, describe_operations, find_operation


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("operation", nargs="?", metavar="OPERATION", help="one of them, with its parameters")
    parser.add_argument("--json", action="store_true", help="write JSON")


def _run(chosen: argparse.Namespace) -> int:
    found = describe_operations()
    if chosen.operation is not None:
        name = find_operation(chosen.operation).name
        found = tuple(each for each in found if each.name == name)
    if chosen.json:
        sys.stdout.write(json.dumps([asdict(each) for each in found], indent=2) + "\n")
        return OK
    width = max(len(each.name) for each in found)
    lines = [f"{each.name:{width}}  {each.description.splitlines()[0]}" for each in found]
    details = _params(found[0]) if chosen.operation is not None else ()
    sys.stdout.write("\n".join([*lines, *details]) + "\n")
    return OK


def _params(described: OperationDescription) -> Iterator[str]:
    for name, schema in described.params.get("properties", {}).items():
        told = [schema.get("description", ""), f"in {schema['unit']}" if "unit" in schema else ""]
        usual = "" if "default" not in schema else f" = {json.dumps(schema['default'])}"
        yield f"  {name}{usual}  {', '.join(filter(None, told))}".rstrip()


COMMAND = Command("list", "Show the operations, or one with its parameters.", _configure, _run)
