"""Bad input: each gets a clear problem, nothing is lost, and nothing breaks."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.footage import portrait
from tests.api import User, sign_up
from tests.cloud import RunningCloud, local_cloud, wait_for
from tests.shared.media.clips import plain

SEGMENT = {"id": "one", "sourceId": "a", "startBeat": 0, "endBeat": 4}


def put(user: User, segment: dict[str, Any], asset_id: str = "nothing-here") -> requests.Response:
    sources = [{"id": "a", "assetId": asset_id, "kind": "video"}]
    body = {"title": "Bad", "komposition": {"bpm": 120, "sources": sources, "segments": [segment]}}
    return user.put("/v1/kompositions/bad", body)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.mp4", b"This is not a film but a letter.\n" * 50),
        ("noise.mp4", bytes(range(256)) * 200),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    ],
)
def test_a_file_that_is_no_media_fails_with_a_reason(user: User, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    asset = user.upload(path, "video/mp4")
    assert asset["state"] == "failed"
    assert asset["problem"]["type"] == "unreadable-media"
    assert len(asset["problem"]["detail"]) > 20


def test_half_a_video_fails_with_a_reason(user: User, tmp_path: Path) -> None:
    whole = plain(tmp_path / "whole.mp4", "red", tone=440).read_bytes()
    path = tmp_path / "half.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    assert user.upload(path, "video/mp4")["state"] == "failed"


def test_an_empty_file_is_refused_before_or_after_its_upload(user: User, tmp_path: Path) -> None:
    refused = user.post("/v1/assets", {"filename": "empty.mp4", "size": 0})
    assert refused.status_code == 422
    ticket = user.post("/v1/assets", {"filename": "empty.mp4"}).json()
    requests.put(ticket["uploadUrl"], data=b"", timeout=10)
    asset = user.settled(f"/v1/assets/{ticket['asset']['id']}", "state", {"ready", "failed"})
    assert asset["state"] == "failed"
    assert "empty" in asset["problem"]["detail"]


def test_a_komposition_whose_source_is_missing_is_kept_but_not_rendered(user: User) -> None:
    assert put(user, SEGMENT).status_code == 201
    answer = user.post("/v1/kompositions/bad/render")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/komposition/sources/0", "source-missing")
    assert "nothing-here" in error["detail"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"sourceDuration": -1}, "/komposition/segments/0/sourceDuration"),
        ({"startBeat": -4}, "/komposition/segments/0/startBeat"),
        ({"endBeat": 0}, "/komposition/segments/0/endBeat"),
        ({"sourceId": "b"}, "/komposition/segments/0/sourceId"),
    ],
)
def test_what_cannot_be_rendered_is_pointed_at(user: User, change: dict[str, Any], pointer: str) -> None:
    answer = put(user, {**SEGMENT, **change})
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_another_users_asset_is_no_source(user: User, suite: RunningCloud) -> None:
    other = sign_up(suite)
    theirs = other.upload(portrait(), "image/png")
    put(user, SEGMENT, theirs["id"])
    answer = user.post("/v1/kompositions/bad/render")
    assert [error["code"] for error in answer.json()["errors"]] == ["source-missing"]


def test_a_message_that_comes_twice_or_late_changes_nothing(user: User, suite: RunningCloud) -> None:
    asset = user.upload(portrait(), "image/png")
    from shared.assets import get_asset

    known = get_asset(user.uid, asset["id"])
    assert known.stored is not None
    event = {
        "bucket": known.stored.bucket,
        "name": known.stored.name,
        "contentType": "image/png",
        "size": "1",
        "metageneration": "1",
    }
    for generation in (known.stored.generation, known.stored.generation - 1):
        headers = {
            "ce-id": f"again-{generation}",
            "ce-source": f"//storage.googleapis.com/projects/_/buckets/{known.stored.bucket}",
            "ce-type": "google.cloud.storage.object.v1.finalized",
            "ce-specversion": "1.0",
            "ce-subject": f"objects/{known.stored.name}",
            "ce-time": "2026-01-01T00:00:00.000Z",
        }
        url = f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/register_upload"
        answer = requests.post(url, json={**event, "generation": str(generation)}, headers=headers, timeout=20)
        assert answer.status_code < 300, answer.text
    assert get_asset(user.uid, asset["id"]) == known


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    servers = ("firestore", "pubsub", "storage", "auth", "secrets", "eventarc", "functions")
    with local_cloud(*servers, data=tmp_path / "cloud", largest_file=12_000_000) as small:
        user = sign_up(small)
        kept = user.upload(portrait(), "image/png")
        size = 20_000_000
        ticket = user.post("/v1/assets", {"filename": "large.mp4", "size": size}).json()
        refused = requests.put(ticket["uploadUrl"], data=bytes(size), timeout=60)
        assert refused.status_code == 507, refused.text
        assert "space" in refused.text or "full" in refused.text
        assert user.get(f"/v1/assets/{ticket['asset']['id']}").json()["state"] == "uploading"
        assert user.get(f"/v1/assets/{kept['id']}").json() | {"downloadUrl": None} == kept | {"downloadUrl": None}
        assert put(user, SEGMENT, kept["id"]).status_code == 201


def test_a_job_message_that_names_nothing_is_let_go(suite: RunningCloud) -> None:
    from shared.core.clients import publisher
    from shared.core.settings import settings

    client = publisher()
    for data in (b"", b"nonsense", json.dumps({"userId": "u", "jobId": "none"}).encode()):
        client.publish(client.topic_path(settings().project, "jobs-high"), data or b" ").result(timeout=10)
    answer = requests.post(
        f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/start_job",
        json={"message": {"data": "bm9uc2Vuc2U=", "messageId": "1"}, "subscription": "projects/p/subscriptions/s"},
        timeout=20,
    )
    assert answer.status_code < 300
    wait_for(lambda: requests.get(f"{suite.url}/v1/status", timeout=5).ok, "the suite still answers")
