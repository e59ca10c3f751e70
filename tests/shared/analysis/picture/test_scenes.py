"""Cuts by how much frames differ: as PySceneDetect has them, and the same ones whether all frames are looked at or few."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from shared.analysis.picture import look_at
from shared.analysis.picture.passing_over import Shown, effort, weigh
from shared.analysis.picture.scenes import Differences, first_frames, scenes_between
from shared.media import probe
from tests.shared.analysis.films import shots
from tests.shared.media.clips import make

HIDDEN = ("-preset", "veryfast", "-g", "40", "-sc_threshold", "0", "-bf", "3", "-x264-params", "b-adapt=0")
"""Key frames at every fortieth frame, wherever cuts are, and half the frames such that no other is made from them."""


def test_cuts_are_those_of_pyscenedetects_adaptive_detector() -> None:
    from scenedetect import AdaptiveDetector, FrameTimecode

    chance = np.random.default_rng(8)
    frames, picture = [], chance.integers(0, 256, (36, 64, 3), np.uint8)
    for number in range(200):
        if number % 23 == 0:
            picture = chance.integers(0, 256, (36, 64, 3), np.uint8)
        frames.append(np.roll(picture, number // 4 if number % 90 > 60 else 0, axis=1))
    detector, ours = AdaptiveDetector(min_scene_len=0), Differences()
    theirs = []
    for number, frame in enumerate(frames):
        ours.look(number, frame)
        theirs += [cut.frame_num for cut in detector.process_frame(FrameTimecode(number, fps=25.0), frame)]
    assert first_frames(ours.values) == theirs
    assert len(theirs) > 4


@pytest.mark.parametrize("container", ["mp4", "ts", "mkv"])
def test_a_cut_at_a_frame_that_a_first_look_leaves_out_is_found_to_the_frame(container: str, tmp_path: Path) -> None:
    lengths = (1.2, 0.92, 1.28, 1.04, 0.84)
    film = make(tmp_path / f"film.{container}", *shots(*lengths), *HIDDEN, "-pix_fmt", "yuv420p")
    info = probe(film, hashed=False)
    assert info.video is not None
    seen = look_at(
        film, info.video, info.duration, faces=False, on_progress=lambda _: None, should_cancel=lambda: False
    )
    cuts = [sum(lengths[: number + 1]) for number in range(len(lengths) - 1)]
    assert [scene.start for scene in seen.scenes[1:]] == pytest.approx(cuts, abs=0.002)


def test_only_where_frames_were_left_out_is_a_cut_in_doubt() -> None:
    shown = Shown(tuple(range(30)), (0, 20), (0, 20), Fraction(1), Fraction(0))
    seen = [Fraction(number) for number in range(30) if number not in (9, 25)]
    differences = [1.0] * len(seen)
    differences[4] = differences[seen.index(Fraction(10))] = 90.0
    weighed = weigh(differences, seen, shown)
    assert weighed is not None
    certain, (doubt,) = weighed
    assert certain == [4]
    assert (doubt.after, doubt.until, doubt.first, doubt.last) == (8, 10, 6, 12)
    assert effort([doubt], shown) == 13


def test_a_long_run_of_frames_left_out_is_looked_at_whatever_is_around_it() -> None:
    shown = Shown(tuple(range(30)), (0,), (0,), Fraction(1), Fraction(0))
    weighed = weigh([1.0] * 20, [Fraction(number) for number in range(30) if not 5 <= number < 15], shown)
    assert weighed is not None
    assert [(doubt.after, doubt.until) for doubt in weighed[1]] == [(4, 15)]


def test_what_is_shorter_than_a_scene_belongs_to_the_one_before() -> None:
    scenes = scenes_between([Fraction(1), Fraction(13, 10), Fraction(3)], 4.0)
    assert [(scene.start, scene.end) for scene in scenes] == [(0, 1), (1, 3), (3, 4)]
