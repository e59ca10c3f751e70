"""Declared: the tables, words and rules that come with Kompo as YAML files.

libyaml reads them ten times as fast as PyYAML's own parser, which makes itself felt in every process that starts."""

from pathlib import Path
from typing import Any


def read_declared(path: Path) -> Any:
    """What a YAML file of ours says: dicts, lists, strings, numbers and dates."""
    import yaml

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    with path.open("rb") as file:
        return yaml.load(file, Loader=loader)  # noqa: S506  # It is the safe loader.
