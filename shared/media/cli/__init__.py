"""The command line: one operation, a batch of them, a transcode, another shape, or what there is."""

import argparse
import sys
from collections.abc import Sequence

from shared.core.errors import KompoError
from shared.media.cli import batch, listing, reframe, run, transcode
from shared.media.cli.command import ERRORS, Command

__all__ = ["COMMANDS", "main"]

COMMANDS: tuple[Command, ...] = (run.COMMAND, batch.COMMAND, transcode.COMMAND, reframe.COMMAND, listing.COMMAND)
"""Every command; a new one is a module with a `COMMAND`, named here."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. 0: all is well; 1: it could not be done, and why was said; 2: it was called wrongly; 130: interrupted."""
    parser = argparse.ArgumentParser(prog="python -m shared.media", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        described = commands.add_parser(command.name, help=command.help, description=command.help)
        command.configure(described)
        described.set_defaults(run=command.run)
    chosen = parser.parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except KompoError as error:
        sys.stderr.write("\n".join(_told(error)) + "\n")
        return ERRORS
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing was written.\n")
        return 130
    return status


def _told(error: KompoError) -> list[str]:
    """What went wrong, and each thing that is wrong at its place; once."""
    problems = [": ".join(filter(None, (each.pointer, f"{each.detail} [{each.code}]"))) for each in error.errors]
    if problems and error.errors[0].detail in error.detail:
        return problems
    return [error.detail, *problems]
