"""Transitions take exactly the frames that they are given, and look as their names say."""

from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from shared.kompositions.model.video import TransitionType
from tests.shared.kompositions.documents import document, segment, transition
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import checksums, pictures
from tests.shared.media.clips import make, mean_color

TYPES = get_args(TransitionType)
SLOT, OVERLAP = 8, 4
"""Frames."""


def psnr(one: NDArray[np.uint8], other: NDArray[np.floating]) -> float:
    return float(10 * np.log10(255**2 / max(1e-9, np.mean((one.astype(float) - other) ** 2))))


def test_every_transition_takes_its_frames_and_no_other(compiled: Compile) -> None:
    names = [f"s{number}" for number in range(len(TYPES) + 1)]
    segments = [
        {
            **segment(name, ("video", "tall")[number % 2], 0, 1, sourceStart=0.5),
            "start": {"frames": number * SLOT},
            "end": {"frames": (number + 1) * SLOT},
        }
        for number, name in enumerate(names)
    ]
    transitions = [
        {"type": kind, "fromSegment": first, "toSegment": second, "duration": {"frames": OVERLAP}}
        for kind, first, second in zip(TYPES, names, names[1:], strict=False)
    ]
    crossed = checksums(compiled(document(*segments, transitions=tuple(transitions))))
    alone = {
        name: checksums(compiled(document({**segments[0], "sourceId": name, "end": {"frames": SLOT + OVERLAP}})))
        for name in ("video", "tall")
    }
    assert len(crossed) == len(names) * SLOT
    for number in range(1, len(names) - 1):
        start = number * SLOT
        same = ("video", "tall")[number % 2]
        assert crossed[start : start + SLOT - OVERLAP] == alone[same][OVERLAP:SLOT], TYPES[number - 1]
        before = ("tall", "video")[number % 2]
        middle = crossed[start - OVERLAP // 2]
        assert middle not in (alone[same][OVERLAP // 2], alone[before][SLOT + OVERLAP // 2]), TYPES[number - 1]


def test_a_crossfade_is_the_blend_of_the_two_pictures_frame_by_frame(compiled: Compile) -> None:
    a, b = segment("a", "video", 0, 2), segment("b", "tall", 2, 3)
    first = pictures(compiled(document(a)))[30:].astype(float)
    second = pictures(compiled(document({**b, "start": {"seconds": 0}, "end": {"seconds": 1}}))).astype(float)
    crossed = pictures(compiled(document(a, b, transitions=(transition("crossfade", "a", "b", 1),))))[30:60]
    for number, frame in enumerate(crossed):
        share = number / 30
        assert psnr(frame, (1 - share) * first[number] + share * second[number]) > 38, number


def test_names_say_where_the_next_picture_comes_from(compiled: Compile, tmp_path: Path) -> None:
    green = make(tmp_path / "green.png", "-f", "lavfi", "-i", "color=lime:s=320x180", "-frames:v", "1")

    def middle(kind: str) -> NDArray[np.uint8]:
        blue, other = segment("a", "still", 0, 1), segment("b", "other", 1, 2)
        body = document(blue, other, transitions=(transition(kind, "a", "b", 0.8),))
        return pictures(compiled(body, range(18, 19), other=green))[0]

    def is_green(part: NDArray[np.uint8]) -> bool:
        _, green, blue = mean_color(part)
        return bool(green > blue + 100)

    for kind, where in {
        "wipeleft": np.s_[:, -80:],
        "wiperight": np.s_[:, :80],
        "wipeup": np.s_[-40:],
        "wipedown": np.s_[:40],
        "gradient_wipe": np.s_[:, :80],
        "slideleft": np.s_[:, -80:],
        "circleopen": np.s_[80:100, 150:170],
        "circleclose": np.s_[:20, :20],
        "vertopen": np.s_[:, 150:170],
        "horzopen": np.s_[80:100],
    }.items():
        frame = middle(kind)
        assert is_green(frame[where]), kind
        assert not is_green(frame), kind
    assert middle("fadeblack").max() < 90
    assert middle("fadewhite").min() > 165
