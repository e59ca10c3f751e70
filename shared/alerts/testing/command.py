"""`python -m shared.alerts test FILE.yaml …`: rules, tried on series of values before they watch anything."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from shared.alerts.durations import write_duration
from shared.alerts.testing.running import Difference, run_scenario
from shared.alerts.testing.scenario import InvalidScenarios, read_scenarios

OK, DIFFERENT, USAGE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Run the tests in all files: 0 if all alerts were as expected, 1 if not, 2 if a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m shared.alerts test", description="Try alert rules on series of values, on a simulated clock."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.yaml")
    parser.add_argument("--json", action="store_true", help="tell the result as JSON")
    chosen = parser.parse_args(arguments)
    told: list[dict[str, object]] = []
    for path in chosen.files:
        try:
            file = read_scenarios(path)
        except InvalidScenarios as error:
            sys.stderr.write(f"{error.detail}\n")
            sys.stderr.writelines(f"  {each.pointer or '/'}: {each.detail}\n" for each in error.errors[1:])
            return USAGE
        for scenario in file.tests:
            found = run_scenario(file.rules, scenario, file)
            told.append({"file": str(path), "test": scenario.name, "differences": [_plain(each) for each in found]})
            if not chosen.json:
                sys.stdout.writelines(f"{line}\n" for line in _lines(scenario.name, found))
    failed = sum(bool(test["differences"]) for test in told)
    if chosen.json:
        sys.stdout.write(json.dumps({"tests": told, "failed": failed}, indent=2) + "\n")
    else:
        sys.stdout.write(f"{len(told) - failed} of {len(told)} tests passed\n")
    return DIFFERENT if failed else OK


def _lines(name: str, differences: Sequence[Difference]) -> list[str]:
    if not differences:
        return [f"ok    {name}"]
    lines = [f"FAIL  {name}"]
    for each in differences:
        lines.append(f"      at {write_duration(each.at)}:")
        lines += [f"        expected, and not there: {sentence}" for sentence in each.missing]
        lines += [f"        there, and not expected: {sentence}" for sentence in each.unexpected]
    return lines


def _plain(difference: Difference) -> dict[str, object]:
    return {**asdict(difference), "at": write_duration(difference.at)}
