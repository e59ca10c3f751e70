"""A playback URL opens one package until it expires, and nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.assets import Asset, result_asset, upload_package
from shared.core.clock import now
from shared.core.errors import Forbidden, NotFound
from shared.core.ids import new_id
from shared.transcodes import package_file, playback_url
from shared.transcodes.playback import _pass
from tests.cloud import RunningCloud

TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".mp4": "video/mp4", ".vtt": "text/vtt"}
PLAYLIST = (
    '#EXTM3U\n#EXT-X-MAP:URI="film.mp4",BYTERANGE="9@0"\n#EXTINF:6,\nfilm.mp4\n#EXTINF:6,\nfilm.mp4\nother.m3u8\n'
)


@pytest.fixture
def package(cloud: RunningCloud, tmp_path: Path) -> Asset:
    """A package of a new user."""
    files = {"master.m3u8": PLAYLIST, "film.mp4": "film", "sprites.vtt": "WEBVTT"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    user, job = new_id(), new_id()
    stored, folder = upload_package(user, job, tmp_path / "master.m3u8", TYPES)
    asset = result_asset(user, job, stored, "film.m3u8", TYPES[".m3u8"], None, size=1, sha256="0", folder=folder)
    asset.reference.set(asset.document())
    return asset


def token_of(asset: Asset) -> str:
    url = playback_url(asset)
    assert url is not None
    return url.split("/")[-2]


def test_a_playlist_names_signed_urls_of_media_and_other_playlists_as_they_are(package: Asset) -> None:
    text = package_file(token_of(package), "master.m3u8").text
    assert text is not None
    lines = text.decode().splitlines()
    media = [line for line in lines if "X-Goog-Signature=" in line]
    assert len(media) == 3
    assert lines[3] == lines[5], "a file is signed once"
    assert lines[1].startswith('#EXT-X-MAP:URI="http')
    assert lines[1].endswith('",BYTERANGE="9@0"')
    assert lines[-1] == "other.m3u8"


def test_other_texts_are_answered_and_media_are_elsewhere(package: Asset) -> None:
    assert package_file(token_of(package), "sprites.vtt").text == b"WEBVTT"
    media = package_file(token_of(package), "film.mp4")
    assert media.text is None
    assert media.url is not None
    assert media.seconds > 3600


def test_a_pass_that_has_expired_or_was_changed_opens_nothing(package: Asset) -> None:
    with pytest.raises(Forbidden, match="expired"):
        package_file(_pass(package, now() - timedelta(seconds=1)), "master.m3u8")
    body, _, signature = token_of(package).partition(".")
    for forged in (f"{body}x.{signature}", f"{body}.{signature[:-1]}", f"{body}.", "."):
        with pytest.raises(Forbidden, match="not valid"):
            package_file(forged, "master.m3u8")


def test_a_pass_opens_only_files_of_its_package(package: Asset) -> None:
    for name in ("nothing.mp4", "../package/film.mp4"):
        with pytest.raises(NotFound):
            package_file(token_of(package), name)


def test_an_asset_of_one_file_has_no_playback_url(package: Asset) -> None:
    assert playback_url(package.model_copy(update={"folder": None})) is None
