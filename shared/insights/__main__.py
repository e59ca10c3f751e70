"""`python -m shared.insights report …`: a report for a past period, as a file."""

import sys
from collections.abc import Sequence

USAGE = "Say what to do: python -m shared.insights report --kind weekly --until DATE -o report.pdf\n"


def main(arguments: Sequence[str]) -> int:
    """Run the command that is named."""
    if arguments[:1] != ["report"]:
        sys.stderr.write(USAGE)
        return 2
    from shared.insights.reports.command import main as report

    return report(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
