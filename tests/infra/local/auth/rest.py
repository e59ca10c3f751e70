"""The REST API called as the Firebase JS SDK calls it."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests


class Rest:
    """A signed-out client of one project."""

    def __init__(self, host: str, project: str) -> None:
        self.base = f"http://{host}"
        self.project = project

    def call(self, operation: str, body: dict[str, Any], **headers: str) -> requests.Response:
        """POST an operation of Identity Toolkit."""
        return requests.post(
            f"{self.base}/identitytoolkit.googleapis.com/v1/projects/{self.project}/{operation}?key=any",
            json=body,
            headers=headers,
            timeout=10,
        )

    def post(self, operation: str, **body: Any) -> dict[str, Any]:
        """The answer of an operation that must succeed."""
        response = self.call(operation, {"returnSecureToken": True, **body})
        assert response.ok, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def error(self, operation: str, **body: Any) -> str:
        """The message of an operation that must fail."""
        response = self.call(operation, body)
        error = response.json()["error"]
        assert response.status_code == error["code"] >= 400
        assert error["errors"][0]["message"] == error["message"]
        return str(error["message"])

    def refresh(self, token: str) -> dict[str, Any]:
        """The answer to a refresh token, good or bad."""
        form = {"grant_type": "refresh_token", "refresh_token": token}
        url = f"{self.base}/securetoken.googleapis.com/v1/token?key=any"
        answer: dict[str, Any] = requests.post(url, data=form, timeout=10).json()
        return answer

    def codes(self) -> list[dict[str, str]]:
        """The codes that the real service would have mailed."""
        url = f"{self.base}/emulator/v1/projects/{self.project}/oobCodes"
        codes: list[dict[str, str]] = requests.get(url, timeout=10).json()["oobCodes"]
        return codes

    @staticmethod
    def code_of(link: str) -> str:
        """The code in a link."""
        return parse_qs(urlsplit(link).query)["oobCode"][0]

    @staticmethod
    def google(sub: str, **claims: Any) -> str:
        """The postBody of a Google sign-in with a made-up identity."""
        return f"providerId=google.com&id_token={json.dumps({'sub': sub, **claims})}"
