"""The key file of the local cloud."""

import json
from pathlib import Path

import pytest
from google.oauth2 import service_account

from infra.local.auth.service_account import ensure_service_account, load_public_key


def test_the_key_is_kept_while_project_and_token_address_follow(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "account.json"
    ensure_service_account(path, "first", "http://127.0.0.1:1/token")
    before = json.loads(path.read_text())
    ensure_service_account(path, "second", "http://127.0.0.1:2/token")
    after = json.loads(path.read_text())
    assert after["private_key"] == before["private_key"]
    assert (after["project_id"], after["token_uri"]) == ("second", "http://127.0.0.1:2/token")
    credentials = service_account.Credentials.from_service_account_file(str(path))
    assert credentials.service_account_email == "local@second.iam.gserviceaccount.com"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "[]", '{"private_key": "nonsense"}', "\x00"])
def test_a_broken_file_is_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "account.json"
    path.write_text(content)
    with pytest.raises(ValueError):
        load_public_key(path)
    ensure_service_account(path, "project", "http://127.0.0.1:1/token")
    load_public_key(path)
