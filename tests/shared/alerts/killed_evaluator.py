"""`python -m tests.shared.alerts.killed_evaluator AT LINE`: an evaluation that dies, as by kill -9, at the LINE-th line of code
that it comes to; 0: it does not, and tells how many lines there were."""

import os
import sys
import threading
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

WRITING = ("turns", "moving", "history", "stored", "carrying_out", "record", "manager")
"""Modules that write, and what leads there: between two of their lines anything can be done or not."""


class Dying:
    """Counts lines, in all threads, and ends the process at one of them."""

    def __init__(self, line: int) -> None:
        self.lines, self._last = 0, line
        self._lock = threading.Lock()

    def trace(self, frame: FrameType, event: str, _argument: Any) -> Any:
        path = Path(frame.f_code.co_filename)
        if "alerts" not in path.parts or path.stem not in WRITING:
            return None
        if event == "line":
            with self._lock:
                self.lines += 1
                if self.lines == self._last:
                    os._exit(137)
        return self.trace


def main() -> None:
    """Evaluate, and die or tell."""
    from shared.alerts import AlertManager

    dying = Dying(int(sys.argv[2]))
    threading.settrace(dying.trace)
    sys.settrace(dying.trace)
    AlertManager().check_alerts(datetime.fromisoformat(sys.argv[1]))
    sys.settrace(None)
    sys.stdout.write(str(dying.lines))


if __name__ == "__main__":
    main()
