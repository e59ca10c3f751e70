"""A server on loopback that speaks OpenAI's and Anthropic's API; what it answers is up to a mind, a function."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A question as a model sees it. `form`: shortlist or detail. `body`: as it came over the wire."""

    rules: str
    content: str
    form: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def fenced(self) -> str:
        """What is inside the fence that the rules name."""
        name = re.search(r"<(transcript-\w+)>", self.rules)
        assert name is not None
        return self.content.split(f"<{name[1]}>")[1].split(f"</{name[1]}>")[0]

    @property
    def lines(self) -> dict[int, str]:
        """The transcript's lines by number."""
        found = re.findall(r"^(\d+) \[[\d:.]+\](?: [^:\n]+:)? (.*)$", self.fenced, re.MULTILINE)
        return {int(number): said for number, said in found}

    @property
    def moments(self) -> list[int]:
        """The numbers of the moments to be told of."""
        return [int(number) for number in re.findall(r"^Moment (\d+),", self.fenced, re.MULTILINE)]


Mind = Callable[[Asked], str]


@dataclass
class Server:
    """Where it is, and what it was asked. `statuses`: to answer the next requests with, instead of what the mind says. `most`:
    characters of a question that its model can hold; one that is longer it does not take, and says so."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    statuses: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    most: int | None = None


@contextmanager
def serving(mind: Mind) -> Iterator[Server]:
    """The server, for as long as the context lasts."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}")
    http.mind, http.server = mind, server  # type: ignore[attr-defined]
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        openai = self.path == "/v1/chat/completions"
        server: Server = self.server.server  # type: ignore[attr-defined]
        asked = _read_openai(body, dict(self.headers)) if openai else _read_anthropic(body, dict(self.headers))
        server.asked.append(asked)
        if server.statuses:
            status, headers, text = server.statuses.pop(0)
            self._send(status, headers, text)
            return
        if server.most is not None and len(asked.content) > server.most:
            self._send(
                400, {}, json.dumps({"error": {"message": "This model's maximum context length is 2048 tokens."}})
            )
            return
        text = self.server.mind(asked)  # type: ignore[attr-defined]
        answer = _openai(text) if openai else _anthropic(text, asked.form)
        self._send(200, {}, json.dumps(answer))

    def _send(self, status: int, headers: dict[str, str], text: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nothing: tests are quiet."""


def _read_openai(body: dict[str, Any], headers: dict[str, str]) -> Asked:
    messages = body["messages"]
    assert [message["role"] for message in messages[:2]] == ["system", "user"]
    form = "detail" if "# Moments" in messages[1]["content"] else "shortlist"
    return Asked(messages[0]["content"], messages[1]["content"], form, headers, body)


def _read_anthropic(body: dict[str, Any], headers: dict[str, str]) -> Asked:
    assert body["messages"][0]["role"] == "user"
    content = body["messages"][0]["content"]
    form = body["tools"][0]["name"] if "tools" in body else "detail" if "# Moments" in content else "shortlist"
    return Asked(body["system"], content, form, headers, body)


def _openai(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None}
    return {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


def _anthropic(text: str, form: str) -> dict[str, Any]:
    try:
        block = {"type": "tool_use", "id": "toolu_1", "name": form, "input": json.loads(text)}
    except ValueError:
        block = {"type": "text", "text": text}
    return {"type": "message", "role": "assistant", "content": [block], "stop_reason": "end_turn"}
