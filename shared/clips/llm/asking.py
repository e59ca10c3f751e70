"""Asking: a question to a language model until its answer can be used, and only if it was not asked before."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from shared.clips.llm.cache import AnswerCache, key_of
from shared.clips.llm.forms import Answer, Form, read_answer
from shared.clips.llm.model import LanguageModel, Question, Turn
from shared.clips.llm.salvage import whole
from shared.clips.ranking.errors import RankerUnavailable

F = TypeVar("F", bound=Form)
_REPAIRS = 2
_MOST_PROBLEMS = 5
_MOST_QUOTED = 6000
"""Characters of an answer that its model is shown again."""


@dataclass(frozen=True)
class Asking:
    """A model, and what it has answered before."""

    model: LanguageModel
    cache: AnswerCache

    def ask(
        self, question: Question, item: type[F], accept: Callable[[F], str | None] = lambda _: None, *, least: int
    ) -> Answer[F]:
        """Its answer with at least `least` items that have the form and are accepted. A model whose answer has fewer, or of whose
        items none is right, is told what was wrong with it, twice; in the end what is right is taken, if anything is.

        Raises RankerUnavailable: the model does not answer, or not with anything that can be used."""
        key = key_of(self.model, question)
        kept = self.cache.get(key)
        if kept is not None and (answer := _read(kept, item, accept)) is not None:
            return answer
        answer, text = self._asked(question, item, accept, least)
        self.cache.put(key, text)
        return answer

    def _asked(
        self, question: Question, item: type[F], accept: Callable[[F], str | None], least: int
    ) -> tuple[Answer[F], str]:
        best: tuple[Answer[F], str] | None = None
        for _ in range(1 + _REPAIRS):
            text = whole(self.model.ask(question))
            answer = _read(text, item, accept)
            if answer is not None and (best is None or len(answer.clips) > len(best[0].clips)):
                best = answer, text
            if answer is not None and len(answer.clips) >= (least if not answer.problems else max(least, 1)):
                return answer, text
            question = replace(question, before=(Turn(text[:_MOST_QUOTED], _objection(answer)),))
        if best is None or (best[0].problems and not best[0].clips):
            raise RankerUnavailable(f"The model {self.model.name} does not answer in the form that was asked for.")
        return best


def prompt_text(name: str) -> str:
    """The text of `prompts/{name}.txt`."""
    return _prompt(name)


@cache
def _prompt(name: str) -> str:
    return Path(__file__).with_name("prompts").joinpath(f"{name}.txt").read_text()


def _read(text: str, item: type[F], accept: Callable[[F], str | None]) -> Answer[F] | None:
    try:
        return read_answer(text, item, accept=accept)
    except ValueError:
        return None


def _objection(answer: Answer[F] | None) -> str:
    problems = "There is no JSON of that form in it."
    if answer is not None:
        problems = " ".join(f"{problem}." for problem in answer.problems[:_MOST_PROBLEMS]) or "It has too few clips."
    return _prompt("objection").format(problems=problems).strip()
