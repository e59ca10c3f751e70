from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.analysis.picture.frames import Frames, Times


@given(st.lists(st.integers(1, 50), max_size=30))
def test_frames_are_whole_wherever_bytes_are_cut(pieces: list[int]) -> None:
    data = bytes(number % 256 for number in range(sum(pieces)))
    seen: list[tuple[int, bytes]] = []
    frames = Frames((2, 3, 1), lambda number, frame: seen.append((number, frame.tobytes())))
    place = 0
    for size in pieces:
        frames.read(data[place : place + size])
        place += size
    assert seen == [(number, data[6 * number : 6 * number + 6]) for number in range(len(data) // 6)]


def test_a_frame_has_its_shape() -> None:
    shapes: list[tuple[int, ...]] = []
    Frames((2, 3, 3), lambda _, frame: shapes.append(frame.shape)).read(np.zeros(18, np.uint8).tobytes())
    assert shapes == [(2, 3, 3)]


def test_times_are_exact_and_a_frame_without_one_has_that_of_the_one_before() -> None:
    times = Times()
    for piece in (b"0 1/30000\n10", b"01 1/30000\n", b"NOPTS 1/30000\n4004 1/30000\n"):
        times.read(piece)
    assert times.seconds() == [Fraction(0), Fraction(1001, 30000), Fraction(1001, 30000), Fraction(4004, 30000)]
