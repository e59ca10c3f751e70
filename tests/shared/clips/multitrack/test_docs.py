"""docs/multitrack.md names every option of the command and every arrangement."""

import argparse
import re
from pathlib import Path
from typing import get_args

from shared.clips.multitrack.command import add_parser
from shared.clips.multitrack.look import Arrangement

PAGE = (Path(__file__).parents[4] / "docs" / "multitrack.md").read_text("utf-8")


def test_every_option_is_told() -> None:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    told = parser.format_help() + parser._subparsers._group_actions[0].choices["multitrack"].format_help()  # type: ignore[union-attr,index]
    options = set(re.findall(r"--[a-z]+(?:-[a-z]+)*", told)) - {"--help", "--output", "--title"}
    assert options <= set(re.findall(r"--[a-z]+(?:-[a-z]+)*", PAGE))
    assert set(get_args(Arrangement)) <= set(re.findall(r"`(\w+)`", PAGE))
