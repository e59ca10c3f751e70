"""Batches: many calls of the JSON API in one request (multipart/mixed)."""

import json
import uuid
from collections.abc import Awaitable, Callable
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus

from aiohttp import web

from infra.local.storage.api import Reply
from infra.local.storage.errors import invalid

_MAX_CALLS = 1000

Dispatch = Callable[[str, str, bytes], Awaitable[Reply]]
"""Answers a call given its method, its target (path and query string as sent), and its body; errors are replies too."""


async def answer_batch(request: web.Request, dispatch: Dispatch) -> web.Response:
    """Answer each call by itself, in order: one that fails leaves the others alone."""
    head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n".encode()
    batch = BytesParser().parsebytes(head + await request.read())
    parts = [part for part in batch.walk() if part.get_content_type() == "application/http"]
    if not parts or len(parts) > _MAX_CALLS:
        raise invalid(f"A batch is a multipart/mixed body of 1 to {_MAX_CALLS} calls.")
    boundary = f"batch_{uuid.uuid4().hex}"
    answers = [_part(part, await _answer(part, dispatch), boundary) for part in parts]
    body = "".join(answers) + f"--{boundary}--\r\n"
    return web.Response(body=body.encode(), headers={"Content-Type": f"multipart/mixed; boundary={boundary}"})


async def _answer(part: Message, dispatch: Dispatch) -> Reply:
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes), "a part of type application/http has no parts of its own"
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    request_line = head.split(b"\n", 1)[0].decode().split(" ")
    if len(request_line) < 2:
        raise invalid("A call of the batch has no request line.")
    target = request_line[1]
    if "://" in target:
        target = "/" + target.split("/", 3)[3]
    return await dispatch(request_line[0], target, body.strip())


def _part(part: Message, reply: Reply, boundary: str) -> str:
    body = "" if reply.body is None else json.dumps(reply.body)
    content_id = str(part.get("Content-ID", "")).replace("<", "<response-", 1)
    lines = [
        f"--{boundary}",
        "Content-Type: application/http",
        f"Content-ID: {content_id}",
        "",
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
        "Content-Type: application/json; charset=UTF-8",
        f"Content-Length: {len(body.encode())}",
        "",
        body,
        "",
    ]
    return "\r\n".join(lines)
