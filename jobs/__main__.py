"""`python -m jobs render --user UID --job ID`: the entry point of every Cloud Run job."""

import argparse
import os
import sys

from shared.core.logs import configure_logs, log_context


def main() -> int:
    """Do the job named on the command line. Returns 0 when it has ended, well or not: a retry could not end it better."""
    parser = argparse.ArgumentParser(prog="python -m jobs")
    kinds = parser.add_subparsers(dest="kind", required=True)
    render = kinds.add_parser("render", help="render a komposition into an asset")
    for option in ("--user", "--job"):
        render.add_argument(option, required=True)
    arguments = parser.parse_args()
    configure_logs()
    with log_context(jobId=arguments.job, execution=os.environ.get("CLOUD_RUN_EXECUTION", "")):
        from jobs.render import run

        run(arguments.user, arguments.job, os.environ.get("CLOUD_RUN_EXECUTION"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
