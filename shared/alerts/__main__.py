"""`python -m shared.alerts test FILE.yaml …`: tests of alert rules; they need no cloud."""

import sys
from collections.abc import Sequence

USAGE = "Say what to do: python -m shared.alerts test FILE.yaml …\n"


def main(arguments: Sequence[str]) -> int:
    """Run the command that is named."""
    if arguments[:1] in (["-h"], ["--help"]):
        sys.stdout.write(USAGE)
        return 0
    if arguments[:1] != ["test"]:
        sys.stderr.write(USAGE)
        return 2
    from shared.alerts.testing.command import main as test

    return test(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
