from pathlib import Path

import pytest

from shared.media import UnreadableMedia, probe
from shared.media.errors import RenderCancelled
from shared.media.faces import FaceBox, FaceTrack, find_detector, find_faces
from shared.media.pictures import read_pictures
from tests.shared.media.clips import counted, make
from tests.shared.media.faces.footage import FACE, with_face


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Someone who goes from left to right, 50 pixels a second."""
    return with_face(tmp_path_factory.mktemp("faces") / "walk.mp4", "40+50*t", seconds=3)


def expected(at: float) -> FaceBox:
    """Where the face of the walk is."""
    left, top, width, height = (240 * part for part in FACE)
    return FaceBox(at, (40 + 50 * at + left) / 640, (20 + top) / 360, width / 640, height / 360, 1)


def off(track: FaceTrack) -> float:
    """How far the boxes are from where the face is, at most: fractions of the picture."""
    pairs = [(box.center, expected(box.at).center) for box in track.boxes]
    return max(abs(found[axis] - true[axis]) for found, true in pairs for axis in (0, 1))


def test_a_walking_face_is_followed_where_it_is(walk: Path) -> None:
    told: list[float] = []
    (track,) = find_faces(walk, on_progress=told.append)
    assert track.duration > 2.5 and off(track) < 0.03
    assert told == sorted(told) and told[-1] == 1


def test_a_phone_held_upright_and_anamorphic_pixels_are_seen_as_people_see_them(walk: Path, tmp_path: Path) -> None:
    turned = make(tmp_path / "stored.mp4", "-i", str(walk), "-vf", "transpose=clock", "-preset", "ultrafast")
    upright = make(tmp_path / "turned.mp4", "-display_rotation", "90", "-i", str(turned), "-c", "copy")
    narrow = make(tmp_path / "narrow.mp4", "-i", str(walk), "-vf", "scale=480:360,setsar=4/3", "-preset", "ultrafast")
    info = probe(upright).video
    assert info is not None and info.rotation == 90
    for path in (upright, narrow):
        (track,) = find_faces(path)
        assert off(track) < 0.03


def test_pictures_of_a_variable_rate_come_with_the_moments_at_which_they_are_shown(tmp_path: Path) -> None:
    plain = counted(tmp_path / "counted.mp4", 2)
    thinned = make(
        tmp_path / "thinned.mp4", "-i", str(plain), "-vf", "select='lt(n,20)+not(mod(n,7))'", "-fps_mode", "vfr"
    )
    info = probe(thinned).video
    assert info is not None
    shown = [(picture.at, float(picture.small(32).mean())) for picture in read_pictures(thinned, info)]
    numbers = [round(at * 30) for at, _ in shown]
    assert numbers == [*range(20), 21, 28, 35, 42, 49, 56]
    all_of_them = probe(plain).video
    assert all_of_them is not None
    known = [float(picture.small(32).mean()) for picture in read_pictures(plain, all_of_them)]
    assert all(abs(light - known[number]) < 1 for number, (_, light) in zip(numbers, shown, strict=True))
    assert [picture.at for picture in read_pictures(thinned, info, start=1, end=1.5)] == pytest.approx([35 / 30, 1.4])


def test_a_film_without_anyone_or_any_picture_has_no_faces(tmp_path: Path) -> None:
    pattern = make(tmp_path / "pattern.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=1")
    tone = make(tmp_path / "tone.m4a", "-f", "lavfi", "-i", "sine=d=1")
    assert find_faces(pattern) == () and find_faces(tone) == ()


def test_looking_for_faces_stops_when_asked_to(walk: Path) -> None:
    with pytest.raises(RenderCancelled):
        find_faces(walk, should_cancel=lambda: True)


def test_a_model_that_is_not_there_or_not_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="no face model"):
        find_detector(tmp_path / "missing.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    with pytest.raises(UnreadableMedia, match="YuNet"):
        find_detector(broken)
