"""Calls to the HTTP API for tests: any user, any header, the answer as it is."""

import itertools
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from firebase_admin import auth

from shared.core.clients import firebase_app, firestore_client
from tests.cloud import RunningCloud, wait_for

_numbers = itertools.count(1)


@dataclass
class User:
    """A signed-in user of the suite at `origin`."""

    origin: str
    uid: str
    token: str
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the API with this user's token."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.session.request(method, self.origin + path, headers=headers, timeout=30, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.call("POST", path, json=body, **options)

    def put(self, path: str, body: Any, **options: Any) -> requests.Response:
        return self.call("PUT", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self.call("DELETE", path, **options)

    def upload(self, path: Path, content_type: str, seconds: float = 30) -> dict[str, Any]:
        """Upload a file as a client does; the asset once it is ready or failed."""
        size = path.stat().st_size
        answer = self.post("/v1/assets", {"filename": path.name, "contentType": content_type, "size": size})
        assert answer.status_code == 201, answer.text
        ticket = answer.json()
        assert requests.put(ticket["uploadUrl"], data=path.read_bytes(), timeout=60).ok
        return self.settled(f"/v1/assets/{ticket['asset']['id']}", "state", {"ready", "failed"}, seconds)

    def settled(self, path: str, key: str, values: set[str], seconds: float = 60) -> dict[str, Any]:
        """Read `path` until its `key` is one of `values`."""

        def found() -> dict[str, Any] | None:
            answer = self.get(path)
            assert answer.status_code == 200, answer.text
            body: dict[str, Any] = answer.json()
            return body if body[key] in values else None

        settled = wait_for(found, f"{path} has {key} in {values}", seconds, pause=0.05)
        assert settled is not None
        return settled


def sign_up(suite: RunningCloud) -> User:
    """A new user with e-mail and password."""
    host = suite.env["FIREBASE_AUTH_EMULATOR_HOST"]
    url = f"http://{host}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=test"
    email = f"user-{next(_numbers)}-{time.time_ns()}@example.com"
    body = {"email": email, "password": "correct horse", "returnSecureToken": True}
    answer = requests.post(url, json=body, timeout=10)
    answer.raise_for_status()
    return User(suite.url, answer.json()["localId"], answer.json()["idToken"])


def with_role(suite: RunningCloud, role: str) -> User:
    """A user who has a role from the next request on."""
    user = sign_up(suite)
    auth.set_custom_user_claims(user.uid, {"roles": [role]}, app=firebase_app())
    return user


def audited(subject: str) -> list[tuple[str, str, list[str]]]:
    """What the audit log says of a document, the first entry first: what was done, by whom, and to which members."""
    from google.cloud.firestore import FieldFilter

    log = firestore_client().collection("audit_log").where(filter=FieldFilter("subject", "==", subject))
    entries = sorted((entry.to_dict() or {} for entry in log.stream()), key=lambda entry: entry["at"])
    return [(entry["action"], entry["by"], entry["changed"]) for entry in entries]
