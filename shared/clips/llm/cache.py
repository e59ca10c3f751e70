"""Caches of answers: a question that was answered is not asked again."""

import contextlib
import hashlib
import json
import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

from shared.clips.llm.model import LanguageModel, Question


class AnswerCache(Protocol):
    """Keeps answers by the key of their question."""

    def get(self, key: str) -> str | None:
        """The answer, if there is one."""
        ...

    def put(self, key: str, answer: str) -> None:
        """Keeps an answer, for a while at least. Losing it costs a question, nothing else."""
        ...


def key_of(model: LanguageModel, question: Question) -> str:
    """The key of a question: of the model, where it is, and every word of it, the transcript's and the prompt's."""
    asked = [model.name, model.address, question.rules, question.content, question.form, dict(question.schema)]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


class MemoryCache:
    """The last answers of this process."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._answers: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: str, answer: str) -> None:
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)


class FolderCache:
    """Answers in files of a folder, which only its owner can read. Several processes may use one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> str | None:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return (self._folder / f"{key}.json").read_text()
        return None

    def put(self, key: str, answer: str) -> None:
        with contextlib.suppress(OSError):  # A full disk is no reason to give no clips.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._folder / f"{key}.{os.getpid()}.{threading.get_ident()}"
            part.write_text(answer)
            part.replace(self._folder / f"{key}.json")
