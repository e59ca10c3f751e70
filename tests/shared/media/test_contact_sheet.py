"""The contact sheet: the right moments, in reading order, in one PNG."""

from pathlib import Path

import pytest

from shared.media import UnreadableMedia, make_contact_sheet, probe
from shared.media.contact_sheet import GAP
from tests.shared.media.clips import counted, frames, make, plain


def test_pictures_are_the_middles_of_equal_parts_in_reading_order(tmp_path: Path) -> None:
    film = counted(tmp_path / "counted.mp4", 3)
    sheet = tmp_path / "sheet.png"
    make_contact_sheet(film, probe(film), sheet, columns=3, rows=2, width=160, show_times=False)
    assert sheet.read_bytes().startswith(b"\x89PNG")
    [picture] = frames(sheet)
    assert picture.shape == (2 * 90 + 3 * GAP, 3 * 160 + 4 * GAP, 3)
    known = [float(frame.mean()) for frame in frames(film)]
    for part in range(6):
        row, column = divmod(part, 3)
        luma = float(picture[GAP + row * (90 + GAP) + 45, GAP + column * (160 + GAP) + 80].mean())
        shown = min(range(len(known)), key=lambda number: abs(known[number] - luma))
        assert abs(shown - (7.5 + 15 * part)) <= 1.5


def test_times_are_written_into_the_pictures(tmp_path: Path) -> None:
    film = plain(tmp_path / "blue.mp4", "blue", 4)
    for show in (False, True):
        make_contact_sheet(film, probe(film), tmp_path / f"{show}.png", columns=2, rows=1, show_times=show)
    [without], [with_times] = frames(tmp_path / "False.png"), frames(tmp_path / "True.png")
    assert (with_times[-40:, :120] > 200).all(axis=2).sum() > 50
    assert (without[-40:, :120] > 200).all(axis=2).sum() == 0


def test_a_sound_or_a_still_has_no_sheet(tmp_path: Path) -> None:
    for path in (
        make(tmp_path / "tone.wav", "-f", "lavfi", "-i", "sine=d=1"),
        make(tmp_path / "still.png", "-f", "lavfi", "-i", "color=red", "-frames:v", "1"),
    ):
        with pytest.raises(UnreadableMedia):
            make_contact_sheet(path, probe(path), tmp_path / "sheet.png")
