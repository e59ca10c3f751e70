"""A small client of Kompo's HTTP API, as an integrator would write it."""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

CHUNK = 4 * 1024 * 1024
"""A resumable upload goes in pieces that are multiples of 256 KiB."""


class ApiError(Exception):
    """The API has answered with a problem document."""


class Client:
    """Calls the API as one signed-in user."""

    def __init__(self, origin: str, token: str) -> None:
        self.origin = origin
        self.token = token
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    @classmethod
    def sign_up(cls, origin: str, email: str) -> "Client":
        """Make a new user with e-mail and a password of chance, as the Firebase SDK does it."""
        host = os.environ["FIREBASE_AUTH_EMULATOR_HOST"]
        url = f"http://{host}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=demo"
        body = {"email": email, "password": secrets.token_urlsafe(12), "returnSecureToken": True}
        answer = requests.post(url, json=body, timeout=10)
        answer.raise_for_status()
        return cls(origin, answer.json()["idToken"])

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON answer. Raises ApiError with what the problem document says."""
        answer = self._session.request(method, self.origin + path, json=body, headers=headers, timeout=30)
        if answer.status_code >= 400:
            problem = answer.json()
            fields = "".join(
                f"\n  {e.get('pointer', e.get('parameter'))}: {e['detail']}" for e in problem.get("errors", [])
            )
            raise ApiError(f"{problem['status']} {problem['title']}: {problem['detail']}{fields}")
        return answer.json() if answer.content else None

    def upload(self, path: Path, content_type: str, on_progress: Callable[[int], None]) -> Any:
        """Announce the file, send it straight to the bucket, and wait until it is probed; the asset."""
        size = path.stat().st_size
        ticket = self.call("POST", "/v1/assets", {"filename": path.name, "contentType": content_type, "size": size})
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                end = file.tell()
                span = f"bytes {end - len(chunk)}-{end - 1}/{size}"
                answer = requests.put(ticket["uploadUrl"], data=chunk, headers={"Content-Range": span}, timeout=60)
                if answer.status_code not in (200, 201, 308):
                    raise ApiError(f"the bucket refused {path.name}: {answer.status_code} {answer.text[:200]}")
                on_progress(end)
        asset_path = f"/v1/assets/{ticket['asset']['id']}"
        asset = self.wait(asset_path, lambda asset: asset["state"] != "uploading", seconds=60)
        if asset["state"] != "ready":
            raise ApiError(f"{path.name}: {asset['problem']['detail']}")
        return asset

    def wait(
        self,
        path: str,
        done: Callable[[Any], bool],
        seconds: float,
        on_change: Callable[[Any], None] = lambda _: None,
    ) -> Any:
        """Read `path` until `done`; the last answer. Raises ApiError after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.call("GET", path)
            on_change(found)
            if done(found):
                return found
            if time.monotonic() > deadline:
                raise ApiError(f"{path} is not done after {seconds:g} s: {found}")
            time.sleep(0.2)  # Who asks oftener takes time from the work, where both are on one machine.
