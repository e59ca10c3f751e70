"""Films of any kind are joined to the frame, and no sound is lost on the way."""

from pathlib import Path

import numpy as np
import pytest

from shared.media import probe
from shared.media.operations import InvalidOperation, describe_operations, run_operation
from tests.shared.media.clips import frames, loudness_at, make, mean_color, plain, read_numbers, sound
from tests.shared.media.operations.conftest import Do


@pytest.fixture(scope="module")
def red(folder: Path) -> Path:
    """1 s of red under 440 Hz."""
    return plain(folder / "red.mp4", "red", 1, size="160x90", tone=440)


@pytest.fixture(scope="module")
def blue(folder: Path) -> Path:
    """1 s of blue under 880 Hz."""
    return plain(folder / "blue.mp4", "blue", 1, size="160x90", tone=880)


def colors(path: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Mean red, green and blue of every frame."""
    return np.array([mean_color(frame) for frame in frames(path)])


def test_films_of_different_kinds_become_one(do: Do, film: Path, silent: Path) -> None:
    path = do("concatenate_simple", film, silent, film)
    info = probe(path)
    assert info.video is not None
    assert (info.video.width, info.video.height, info.video.frame_rate) == (160, 90, 30)
    assert info.video.frame_count == 60 + 30 + 60
    assert read_numbers(path)[:60] == list(range(60))
    assert read_numbers(path)[90:] == list(range(60))
    heard = sound(path)
    assert len(heard) == pytest.approx(5 * 48_000, abs=2048)
    assert loudness_at(heard, 0.2, 1.8, 440) > 0.05
    assert loudness_at(heard, 2.2, 2.8, 440) < 0.001
    assert loudness_at(heard, 3.2, 4.8, 440) > 0.05


def test_films_without_sound_stay_without(do: Do, silent: Path) -> None:
    assert probe(do("concatenate_simple", silent, silent)).audio is None


def test_a_crossfade_is_as_long_as_asked_and_crosses_the_sound_too(do: Do, red: Path, blue: Path) -> None:
    path = do("crossfade_transition", red, blue, duration=0.4)
    seen = colors(path)
    assert len(seen) == 30 + 30 - 12
    assert seen[17][0] > 240
    assert seen[17][2] < 15
    assert seen[24][0] == pytest.approx(127, abs=30)
    assert seen[24][2] == pytest.approx(127, abs=30)
    assert seen[31][2] > 240
    assert seen[31][0] < 15
    heard = sound(path)
    assert loudness_at(heard, 0.0, 0.5, 880) < 0.002
    assert loudness_at(heard, 1.05, 1.5, 440) < 0.002
    assert loudness_at(heard, 0.75, 0.85, 440) > 0.02
    assert loudness_at(heard, 0.75, 0.85, 880) > 0.02


def test_three_films_are_crossed_one_after_the_other(do: Do, red: Path, blue: Path) -> None:
    seen = colors(do("crossfade_transition", red, blue, red, duration=0.2))
    assert len(seen) == 30 * 3 - 2 * 6
    assert [int(seen[place][0] > 128) for place in (10, 40, 70)] == [1, 0, 1]


def test_a_transition_begins_where_it_is_told_to(do: Do, red: Path, blue: Path) -> None:
    seen = colors(do("crossfade_transition", red, blue, duration=0.2, offset=0.5))
    assert len(seen) == 15 + 30
    assert seen[14][0] > 240
    assert seen[21][2] > 240


def test_a_wipe_goes_from_left_to_right(do: Do, red: Path, blue: Path) -> None:
    path = do("gradient_wipe", red, blue, duration=0.4)
    middle = frames(path)[24].astype(float)
    assert len(frames(path)) == 48
    assert middle[45, 20, 2] > 200, "the second film comes in on the left"
    assert middle[45, 140, 0] > 200


@pytest.mark.parametrize("kind", ["wipeleft", "slideup", "circlecrop", "fadeblack", "fadewhite", "zoomin"])
def test_every_transition_of_ffmpeg_is_there(do: Do, red: Path, blue: Path, kind: str) -> None:
    seen = colors(do(f"{kind}_transition", red, blue, duration=0.2))
    assert len(seen) == 54
    assert seen[0][0] > 240
    assert seen[-1][2] > 240


def test_opacity_mixes_two_films_and_dims_one(do: Do, red: Path, blue: Path) -> None:
    both = do("opacity_transition", red, blue, opacity=0.25, offset=0.5)
    seen = colors(both)
    assert len(seen) == 30
    assert seen[14][0] > 240
    assert seen[20][0] == pytest.approx(191, abs=16)
    assert seen[20][2] == pytest.approx(64, abs=16)
    assert loudness_at(sound(both), 0.1, 0.9, 440) > 0.05
    assert colors(do("opacity_transition", red)).mean(axis=0)[0] == pytest.approx(127, abs=12)


def test_a_transparent_film_on_top_stays_so(do: Do, red: Path, tmp_path: Path) -> None:
    half = "color=blue:s=64x36:r=30:d=0.2,format=argb,geq=r=0:g=0:b=255:a='255*lt(X,W/2)'"
    clear = make(tmp_path / "clear.mov", "-f", "lavfi", "-i", half, "-c:v", "qtrle")
    seen = frames(do("opacity_transition", red, clear, opacity=0.5, width=64, height=36))[2]
    left, right = mean_color(seen[:, :24]), mean_color(seen[:, 40:])
    assert left[[0, 2]] == pytest.approx((127, 127), abs=12)
    assert right[[0, 2]] == pytest.approx((254, 0), abs=8)


def test_a_film_that_is_over_before_a_frame_of_the_others_is_has_one_all_the_same(
    do: Do, red: Path, tmp_path: Path
) -> None:
    brief = plain(tmp_path / "brief.mp4", "blue", 0.1, size="160x90")
    seen = colors(do("concatenate_simple", red, brief, fps=2))
    assert len(seen) == 3
    assert seen[1][0] > 240
    assert seen[2][2] > 240


def test_what_does_not_fit_together_is_refused(red: Path, blue: Path, tmp_path: Path) -> None:
    for name, files, params, pointer in (
        ("crossfade_transition", [red], {}, "/inputs"),
        ("crossfade_transition", [red, blue], {"duration": 1.5}, "/params/duration"),
        ("crossfade_transition", [red, blue], {"offset": 0.9, "duration": 0.5}, "/params/offset"),
        ("opacity_transition", [red, blue], {"offset": 1}, "/params/offset"),
        ("opacity_transition", [red, blue], {"opacity": 2}, "/params/opacity"),
        ("concatenate_simple", [red, red], {"width": 33}, "/params/width"),
    ):
        with pytest.raises(InvalidOperation) as caught:
            run_operation(name, files, params, tmp_path / "out.mp4")
        assert {error.pointer for error in caught.value.errors} == {pointer}, name


def test_all_transitions_are_operations() -> None:
    names = {each.name for each in describe_operations() if each.family == "transition"}
    assert {f"wipe{side}_transition" for side in ("left", "right", "up", "down")} <= names
    assert {f"slide{side}_transition" for side in ("left", "right", "up", "down")} <= names
    assert len(names) >= 50
