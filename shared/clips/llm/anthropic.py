"""Anthropic's messages API."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shared.clips.llm.keys import Key
from shared.clips.llm.model import Question
from shared.clips.llm.posting import Endpoint, NotTaken, TooLong
from shared.clips.ranking.errors import RankerUnavailable

_VERSION = "2023-06-01"


class AnthropicModel:
    """A model behind Anthropic's API. It answers by a tool that takes JSON of our schema and that it has to use; one that cannot
    be made to use a tool, as those that think first, answers in text."""

    def __init__(self, url: str, model: str, key: Key, *, seconds: float = 120.0) -> None:
        self.name = f"anthropic:{model}"
        self.address = url.rstrip("/")
        self._model = model
        self._key = key
        self._uses_tool = True
        self._endpoint = Endpoint(f"The model {model}", f"{self.address}/v1/messages", self._headers, seconds)

    def ask(self, question: Question) -> str:
        try:
            answer = self._endpoint.post(self._body(question))
        except NotTaken as error:
            if isinstance(error, TooLong) or not self._uses_tool or "tool" not in error.told:
                raise
            self._uses_tool = False
            answer = self._endpoint.post(self._body(question))
        return _said(answer, self._endpoint.who)

    def _body(self, question: Question) -> Mapping[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "max_tokens": question.most_tokens,
            "system": question.rules,
            "messages": list(_messages(question)),
        }
        if self._uses_tool:
            described = "Gives the answer."
            body["tools"] = [{"name": question.form, "description": described, "input_schema": question.schema}]
            body["tool_choice"] = {"type": "tool", "name": question.form}
        return body

    def _headers(self) -> Mapping[str, str]:
        """The API takes the key in either header, gateways in one of them."""
        key = self._key()
        return {"x-api-key": key, "Authorization": f"Bearer {key}", "anthropic-version": _VERSION}


def _messages(question: Question) -> Iterator[Mapping[str, str]]:
    yield {"role": "user", "content": question.content}
    for turn in question.before:
        yield {"role": "assistant", "content": turn.answer}
        yield {"role": "user", "content": turn.objection}


def _said(answer: Mapping[str, Any], who: str) -> str:
    if answer.get("stop_reason") == "refusal":
        raise RankerUnavailable(f"{who} refuses to answer.")
    content = answer.get("content")
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    for block in blocks:
        if block.get("type") == "tool_use":
            given = block.get("input")
            return given if isinstance(given, str) else json.dumps(given)
    text = "".join(str(block.get("text") or "") for block in blocks if block.get("type") == "text")
    if not text.strip():
        raise RankerUnavailable(f"{who} answers with nothing.")
    return text
