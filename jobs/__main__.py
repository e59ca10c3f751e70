"""`python -m jobs KIND --user UID --job ID`: the entry point of every Cloud Run job."""

import argparse
import os
import sys
from importlib import import_module

from shared.core.logs import configure_logs, log_context

KINDS = {
    "render": "render a komposition into an asset",
    "operation": "run an operation on assets into another",
    "transcode": "transcode an asset, together with the other tasks of the execution",
    "transcribe": "hear what is said in an asset, word by word",
    "analyze": "find out what is seen and heard in an asset",
    "export": "write the figures of a page of the dashboard as a file",
    "report": "write a report on a period that is over, and send it if it shall be",
    "archive": "write all that is a user's as a file",
    "multitrack": "compose separate recordings of one conversation into a film that shows who talks",
    "clip": "find the moments of a recording that a prompt asks for, and compose a clip of each",
}
"""What jobs do; each is a module with a `run`, loaded when it is asked for."""


def main() -> int:
    """Do the job named on the command line. Returns 0 when it has ended, well or not: a retry could not end it better."""
    parser = argparse.ArgumentParser(prog="python -m jobs")
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, told in KINDS.items():
        described = kinds.add_parser(kind, help=told)
        for option in ("--user", "--job"):
            described.add_argument(option, required=True)
    arguments = parser.parse_args()
    configure_logs()
    with log_context(jobId=arguments.job, execution=os.environ.get("CLOUD_RUN_EXECUTION", "")):
        run = import_module(f"jobs.{arguments.kind}").run
        run(arguments.user, arguments.job, os.environ.get("CLOUD_RUN_EXECUTION"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
