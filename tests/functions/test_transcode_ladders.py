"""A ladder through the API: made in chunks, played by players that know its URL alone, deleted with all its files."""

import subprocess
from typing import Any

import av
import pytest
import requests

from shared.media import find_ffmpeg
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.transcodes import ended, expect_slowness, film_with_sound, transcode


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user with a film."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def ladder(editor: User, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A ladder of a small film as an asset, made in chunks."""
    path = film_with_sound(tmp_path_factory.mktemp("ladders") / "film.mp4", 8, size="640x360")
    expect_slowness(editor)
    asset = editor.upload(path, "video/mp4")
    job = ended(editor, transcode(editor, asset["id"], profile="ladder", preset="ultrafast"))
    assert job["state"] == "succeeded", job["error"]
    assert job["outputs"]["chunks"] > 1
    answer: dict[str, Any] = editor.get(f"/v1/assets/{job['outputs']['assetId']}").json()
    return answer


def test_a_private_ladder_plays_whole_in_a_player_that_knows_only_its_url(ladder: dict[str, Any]) -> None:
    # PyAV's FFmpeg 8: the one of the binary, 9.0, ends any HLS playlist of byte ranges over HTTP after the first.
    for size in (0, 1):
        with av.open(ladder["playbackUrl"]) as container:
            assert sum(1 for _ in container.decode(video=size)) == 8 * 25
    with av.open(ladder["playbackUrl"]) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == pytest.approx(8 * 48_000, abs=1024)


def test_dash_players_play_it_too(ladder: dict[str, Any]) -> None:
    url = f"{ladder['playbackUrl'].rpartition('/')[0]}/manifest.mpd"
    reading = ("-protocol_whitelist", "http,tcp", "-i", url, "-map", "0:v:0", "-f", "framemd5", "-")
    command = [find_ffmpeg().path, "-loglevel", "error", *reading]
    played = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert len([line for line in played.splitlines() if not line.startswith("#")]) == 8 * 25


def test_sidecars_are_listed_and_found_under_their_urls(ladder: dict[str, Any]) -> None:
    found = {each["kind"]: requests.get(each["url"], timeout=10) for each in ladder["sidecars"]}
    assert {"poster", "sprites", "waveform"} <= set(found)
    assert all(answer.ok and answer.content for answer in found.values())
    assert found["poster"].headers["Content-Type"] == "image/jpeg"


def test_a_playback_url_that_was_tampered_with_plays_nothing(ladder: dict[str, Any]) -> None:
    front, token, name = ladder["playbackUrl"].rsplit("/", 2)
    body, _, signature = token.partition(".")
    assert requests.get(f"{front}/{body[:-2]}AA.{signature}/{name}", timeout=10).status_code == 403
    assert requests.get(f"{front}/{token[:-2]}/{name}", timeout=10).status_code == 403
    assert requests.get(f"{front}/{token}/nothing.m3u8", timeout=10).status_code == 404


def test_a_ladder_is_deleted_with_all_its_files(editor: User, ladder: dict[str, Any]) -> None:
    assert editor.delete(f"/v1/assets/{ladder['id']}").status_code == 204
    assert requests.get(ladder["playbackUrl"], timeout=10).status_code == 404
