"""`python -m shared.clips run|multitrack …`: clips on this machine, without a cloud."""

import argparse
import sys
from collections.abc import Sequence

from shared.clips.multitrack.command import add_parser as add_multitrack
from shared.clips.running.command import add_parser as add_run


def main(arguments: Sequence[str]) -> int:
    """Run the command that is named."""
    parser = argparse.ArgumentParser(prog="python -m shared.clips")
    commands = parser.add_subparsers(dest="command", required=True)
    add_run(commands)
    add_multitrack(commands)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
