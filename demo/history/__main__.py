"""`python -m demo.history --events N --seed S -o FILE.jsonl`: a history as a file, one `{"userId", "event"}` a line."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from demo.history.history import History


def main() -> int:
    """Write it. Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m demo.history", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--end", type=datetime.fromisoformat, help="ISO time with a zone; the last full hour without it"
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="`-` for the standard output")
    given = parser.parse_args()
    history = History(given.seed, given.events, given.users, given.days, given.end)
    with sys.stdout if given.output == "-" else Path(given.output).open("w") as file:
        for user_id, event in history:
            file.write(json.dumps({"userId": user_id, "event": event}, separators=(",", ":")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
