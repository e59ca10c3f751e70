"""Process: the other side of an engine that works in a process of its own (`child.py`)."""

import logging
import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from shared.transcripts.engines import child
from shared.transcripts.engines.errors import EngineFailed, EngineUnready

log = logging.getLogger(__name__)

_ENDED = (
    "The speech engine {name} ended while it worked. Try again; if it happens again, the machine has too little memory."
)
_FAILED = "The speech engine {name} could not do its work; why has been recorded. Try again, or name another engine."


class EngineProcess:
    """An engine in a process of its own, which begins at once. Used by one thread at a time; `close` by any."""

    def __init__(self, name: str, *arguments: str) -> None:
        self._name = name
        command = [sys.executable, "-P", str(Path(child.__file__)), name, *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def ask(self, method: str, *arguments: Any) -> Any:
        """What a method of the engine answers. Raises `EngineUnready` when it could not be loaded, `EngineFailed` when it has
        ended or cannot answer."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        try:
            pickle.dump((method, arguments), requests)
            requests.flush()
            ended, answer = pickle.load(answers)  # noqa: S301 - from the process that was started above
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise EngineFailed(_ENDED.format(name=self._name)) from error
        if ended == child.UNREADY:
            raise EngineUnready(f"The speech engine {self._name} cannot be loaded ({answer}).", answer)
        if ended == child.FAILED:
            reason, trace = answer
            log.warning("the engine %s failed: %s", self._name, trace)
            raise EngineFailed(_FAILED.format(name=self._name), reason)
        return answer

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class Processes:
    """Those of one engine. Once they are closed none begins any more, also for a thread that was left behind."""

    def __init__(self) -> None:
        self._running: list[EngineProcess] = []
        self._lock = threading.Lock()
        self._closed = False

    def get(self, count: int, name: str, *arguments: str) -> list[EngineProcess]:
        """So many of them, begun if need be. Raises `EngineFailed` when they are closed."""
        with self._lock:
            if self._closed:
                raise EngineFailed(_ENDED.format(name=name))
            while len(self._running) < count:
                self._running.append(EngineProcess(name, *arguments))
            return self._running[:count]

    def end(self) -> None:
        """End those that run; others may begin."""
        with self._lock:
            for process in self._running:
                process.close()
            self._running = []

    def close(self) -> None:
        """End them."""
        with self._lock:
            self._closed = True
        self.end()
