"""The REST v1 routes."""

import base64
import binascii
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import google_crc32c
from aiohttp import web
from pydantic import ConfigDict, Field

from infra.local.google_json import GoogleError, Json, Message, errors, page, read_message, rfc3339
from infra.local.loopback import programs_only
from infra.local.secrets.store import Store

_PARENT = r"/v1/{parent:projects/[^/:]+}/secrets"
_NAMED = r"/v1/{name:projects/[^/:]+/secrets/[^/:]+}"
_VERSION = _NAMED + r"/versions/{version:[^/:]+}"
_SECRET_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_STATE = re.compile(r"state\s*[:=]\s*(ENABLED|DISABLED|DESTROYED)", re.IGNORECASE)
_MAX_DATA = 65_536
_SET_BY_CLIENTS = ("replication", "labels", "annotations", "versionAliases")


class Secret(Message):
    """The part of a secret that clients set."""

    model_config = ConfigDict(extra="ignore")

    replication: Json | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    version_aliases: dict[str, int] | None = None


class Payload(Message):
    """What a version holds: base64, with a checksum of what is encoded."""

    data: str = ""
    data_crc32c: int | None = Field(default=None, alias="dataCrc32c")

    def decoded(self) -> bytes:
        """The bytes. Raises GoogleError INVALID_ARGUMENT for none, too many, or a wrong checksum."""
        try:
            data = base64.b64decode(self.data, validate=True)
        except binascii.Error as error:
            raise GoogleError("INVALID_ARGUMENT", f"Invalid value at payload.data: {error}") from None
        if not 0 < len(data) <= _MAX_DATA:
            raise GoogleError("INVALID_ARGUMENT", "Secret Payload must be between 1 and 65536 bytes.")
        if self.data_crc32c is not None and self.data_crc32c != google_crc32c.value(data):
            raise GoogleError("INVALID_ARGUMENT", "The payload does not match its data_crc32c.")
        return data


class AddVersion(Message):
    """The body of addVersion."""

    payload: Payload = Payload()


class ChangeVersion(Message):
    """The body of enable, disable and destroy."""

    etag: str = ""


class SecretManager:
    """The handlers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def application(self) -> web.Application:
        """The web application."""
        application = web.Application(middlewares=[errors, programs_only])
        application.add_routes(
            [
                web.get(_PARENT, self.list_secrets),
                web.post(_PARENT, self.create_secret),
                web.get(_NAMED, self.get_secret),
                web.patch(_NAMED, self.update_secret),
                web.delete(_NAMED, self.delete_secret),
                web.post(f"{_NAMED}:addVersion", self.add_version),
                web.get(f"{_NAMED}/versions", self.list_versions),
                web.get(_VERSION, self.get_version),
                web.get(f"{_VERSION}:access", self.access_version),
                web.post(f"{_VERSION}:enable", self._mover("ENABLED")),
                web.post(f"{_VERSION}:disable", self._mover("DISABLED")),
                web.post(f"{_VERSION}:destroy", self._mover("DESTROYED")),
            ]
        )
        return application

    async def list_secrets(self, request: web.Request) -> web.Response:
        """GET …/secrets"""
        found = self._store.secrets(request.match_info["parent"])
        rows, token = page(request, found)
        return _json({"secrets": [_secret(row) for row in rows], "nextPageToken": token, "totalSize": len(found)})

    async def create_secret(self, request: web.Request) -> web.Response:
        """POST …/secrets?secretId=S"""
        secret_id = request.query.get("secretId", "")
        if not _SECRET_ID.fullmatch(secret_id):
            raise GoogleError(
                "INVALID_ARGUMENT", f"The secret id {secret_id!r} is not 1 to 255 letters, digits, - and _."
            )
        sent = await read_message(request, Secret)
        if not sent.replication:
            raise GoogleError("INVALID_ARGUMENT", "Secret.replication must be provided.")
        name = f"{request.match_info['parent']}/secrets/{secret_id}"
        self._store.create(name, sent.as_json())
        return _json(_secret(self._store.secret(name)))

    async def get_secret(self, request: web.Request) -> web.Response:
        """GET …/secrets/S"""
        return _json(_secret(self._store.secret(request.match_info["name"])))

    async def update_secret(self, request: web.Request) -> web.Response:
        """PATCH …/secrets/S?updateMask=…"""
        name = request.match_info["name"]
        sent = (await read_message(request, Secret)).as_json()
        body: Json = json.loads(self._store.secret(name)["body"])
        for field in filter(None, request.query.get("updateMask", "").split(",")):
            if field not in _SET_BY_CLIENTS[1:]:
                raise GoogleError("INVALID_ARGUMENT", f"The field {field} cannot be updated.")
            body[field] = sent.get(field) or {}
        self._store.update(name, body)
        return _json(_secret(self._store.secret(name)))

    async def delete_secret(self, request: web.Request) -> web.Response:
        """DELETE …/secrets/S: with all its versions."""
        self._store.delete(request.match_info["name"])
        return _json({})

    async def add_version(self, request: web.Request) -> web.Response:
        """POST …/secrets/S:addVersion"""
        sent = await read_message(request, AddVersion)
        return _json(_version(self._store.add_version(request.match_info["name"], sent.payload.decoded())))

    async def list_versions(self, request: web.Request) -> web.Response:
        """GET …/versions, the newest first; of the filters `state:S` and none is known."""
        wanted = request.query.get("filter", "")
        matched = _STATE.fullmatch(wanted.strip())
        if wanted and not matched:
            raise GoogleError(
                "INVALID_ARGUMENT", f"The filter {wanted!r} is not known here; state:ENABLED and its like are."
            )
        found = [
            row
            for row in self._store.versions(request.match_info["name"])
            if matched is None or row["state"] == matched[1].upper()
        ]
        rows, token = page(request, found)
        return _json({"versions": [_version(row) for row in rows], "nextPageToken": token, "totalSize": len(found)})

    async def get_version(self, request: web.Request) -> web.Response:
        """GET …/versions/V"""
        return _json(_version(self._store.version(request.match_info["name"], request.match_info["version"])))

    async def access_version(self, request: web.Request) -> web.Response:
        """GET …/versions/V:access: what it holds, if it is enabled."""
        row = self._store.version(request.match_info["name"], request.match_info["version"])
        if row["state"] != "ENABLED":
            raise GoogleError("FAILED_PRECONDITION", f"Secret Version [{_name(row)}] is in {row['state']} state.")
        checksum = str(google_crc32c.value(row["data"]))
        payload = {"data": base64.b64encode(row["data"]).decode(), "dataCrc32c": checksum}
        return _json({"name": _name(row), "payload": payload})

    def _mover(self, state: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def move(request: web.Request) -> web.Response:
            name, version = request.match_info["name"], request.match_info["version"]
            sent = await read_message(request, ChangeVersion)
            if sent.etag and sent.etag != self._store.version(name, version)["etag"]:
                raise GoogleError("FAILED_PRECONDITION", "The version has changed: its etag is another.")
            return _json(_version(self._store.set_state(name, version, state)))

        return move


def _json(body: Any) -> web.Response:
    return web.json_response(body)


def _secret(row: sqlite3.Row) -> Json:
    body: Json = json.loads(row["body"])
    if aliases := body.get("versionAliases"):
        body["versionAliases"] = {alias: str(number) for alias, number in aliases.items()}
    return {"name": row["name"], "createTime": rfc3339(row["created"]), "etag": row["etag"], **body}


def _name(row: sqlite3.Row) -> str:
    return f"{row['secret']}/versions/{row['number']}"


def _version(row: sqlite3.Row) -> Json:
    version = {"name": _name(row), "createTime": rfc3339(row["created"]), "state": row["state"], "etag": row["etag"]}
    if row["destroyed"] is not None:
        version["destroyTime"] = rfc3339(row["destroyed"])
    return version
