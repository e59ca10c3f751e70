"""Names and types of uploads: what could hurt is taken out, what is no footage is refused."""

import pytest

from shared.assets.asset import parse_object_name
from shared.assets.uploads import create_upload, safe_filename
from shared.core.errors import Conflict, InvalidInput, TooLarge
from shared.core.ids import new_id
from tests.cloud import RunningCloud


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("holiday.mp4", "holiday.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\a b.mov", "a b.mov"),
        ("nul\0l\n.mp4", "nul_l_.mp4"),
        ("...", "file"),
        ("Ünïcode.mp4", "_n_code.mp4"),
        ("x" * 300 + ".mp4", "x" * 116 + ".mp4"),
    ],
)
def test_a_filename_is_made_safe_and_keeps_its_ending(given: str, kept: str) -> None:
    assert safe_filename(given) == kept


@pytest.mark.parametrize(
    "name", ["", "users/u/assets/a/v1/", "users/u/assets/a/vX/f", "users/u/other/a/v1/f", "a/b/c/d/e/f/g"]
)
def test_other_objects_are_no_uploads(name: str) -> None:
    assert parse_object_name(name) is None


def test_what_is_no_footage_is_refused(cloud: RunningCloud) -> None:
    with pytest.raises(InvalidInput):
        create_upload(new_id(), new_id(), "letter.docx", None, 10, None)
    with pytest.raises(InvalidInput):
        create_upload(new_id(), new_id(), "a.mp4", "text/html", 10, None)
    with pytest.raises(TooLarge):
        create_upload(new_id(), new_id(), "a.mp4", None, 10**12, None)


def test_an_upload_asked_for_twice_is_one_asset_until_its_bytes_are_there(cloud: RunningCloud) -> None:
    user, asset_id = new_id(), new_id()
    first = create_upload(user, asset_id, "a.mp4", None, 10, None)
    second = create_upload(user, asset_id, "a.mp4", None, 10, None)
    assert first.asset == second.asset
    first.asset.reference.update({"state": "ready"})
    with pytest.raises(Conflict):
        create_upload(user, asset_id, "a.mp4", None, 10, None)
