"""Where a film is cut: at zero crossings, between words, a whole number of frames apart, wherever the words leave room."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.paper_editing import PaperEdit, SoundProfile, Spacing
from shared.paper_editing.cutting import cut_pieces
from shared.paper_editing.pieces import plan_pieces
from shared.paper_editing.room_tone import find_room_tone
from shared.paper_editing.sound_profile import CROSSINGS, SILENT, STEP, ProfileBuilder
from tests.shared.paper_editing.talk import RATE, Talk, speak, transcribe

RATES = (Fraction(24), Fraction(25), Fraction(30_000, 1_001), Fraction(60), Fraction(100))


def profile_of(wave: Any) -> SoundProfile:
    builder = ProfileBuilder()
    for first in range(0, len(wave), 100_000):
        builder.add(wave[first : first + 100_000].astype(np.float32).tobytes())
    return builder.build()


@st.composite
def talks(draw: st.DrawFn) -> tuple[PaperEdit, SoundProfile, Any]:
    """A few words, close together or not, some of them deleted, silenced or moved."""
    times, at = [], draw(st.floats(0, 0.6))
    for _ in range(draw(st.integers(3, 7))):
        length = draw(st.floats(0.05, 0.5))
        times.append((round(at, 3), round(at + length, 3)))
        at += length + draw(st.sampled_from([0.0, 0.0, 0.01, 0.05, 0.3, 2.5]))
    seconds = times[-1][1] + draw(st.floats(0, 1))
    edit = PaperEdit.of(transcribe(times), seconds)
    count = len(times)
    for word in draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=count - 1, unique=True)):
        match draw(st.sampled_from(["delete", "silence", "move"])):
            case "delete":
                edit = edit.delete(word)
            case "silence":
                edit = edit.delete(word, keep_time=True)
            case _:
                target = draw(st.integers(0, count))
                edit = edit.move(word, word, target) if target != word else edit
    wave = speak(times, seconds)
    return edit, profile_of(wave), wave


@settings(max_examples=60, deadline=None)
@given(talks(), st.sampled_from(RATES))
def test_no_kept_word_is_cut_and_every_cut_is_at_a_zero_crossing(
    talk: tuple[PaperEdit, SoundProfile, Any], rate: Fraction
) -> None:
    edit, profile, wave = talk
    pieces = plan_pieces(edit)
    shown = cut_pieces(pieces, rate, profile, edit.spacing)
    words = {number: (word.start * RATE, word.end * RATE) for number, word in enumerate(edit.words)}
    whole = {
        number
        for piece in shown
        if not piece.silenced
        for number, (start, end) in words.items()
        if piece.start <= start + 1 and end - 1 <= piece.end
    }
    assert set(edit.page.words) <= whole
    assert [piece.first for piece in shown] == [sum(each.frames for each in shown[:n]) for n in range(len(shown))]
    for planned, piece in zip(pieces, shown, strict=True):
        length = (piece.end - piece.start) * rate / RATE
        assert piece.silenced or abs(piece.frames - length) < (0.01 if piece.is_whole else 1 + rate * Fraction(6, 100))
        for edge, sample in ((planned.start, piece.start), (planned.end, piece.end)):
            if not (edge.fixed or piece.silenced or edge.high - edge.low < STEP):
                near = wave[max(0, sample - 3) : sample + 3]
                assert near.min() <= 0 <= near.max(), "no zero crossing within 3 samples"


def test_a_word_between_two_that_run_into_it_ends_at_its_own_edges(talk: Talk) -> None:
    edit = talk.edit.delete(2).delete(4)
    piece = cut_pieces(plan_pieces(edit), Fraction(30), talk.profile, edit.spacing)[1]
    assert 0 <= 1.5 * RATE - piece.start < 480
    assert 0 <= piece.end - 1.8 * RATE < 480
    assert not piece.is_whole


def test_margins_and_pauses_are_the_users(talk: Talk) -> None:
    def gap(spacing: Spacing, word: int) -> float:
        edit = talk.edit.delete(word).respaced(spacing)
        before, after = cut_pieces(plan_pieces(edit), Fraction(100), talk.profile, spacing)
        left = before.frames / 100 - (edit.words[word - 1].end - before.start / RATE)
        return left + edit.words[word + 1].start - after.start / RATE

    assert gap(Spacing(margin=0.1, pause=0.06), 1) == pytest.approx(0.2, abs=0.05)
    assert gap(Spacing(margin=0.02, pause=0.06), 1) == pytest.approx(0.06, abs=0.04)
    assert gap(Spacing(margin=0, pause=0.3), 4) == pytest.approx(0.3, abs=0.02)


def test_footage_without_words_stays_when_the_words_beside_it_go() -> None:
    edit = PaperEdit.of(transcribe([(1, 1.5), (4, 4.5), (4.6, 5)]), 9)
    pieces = plan_pieces(edit.delete(1))
    assert [(piece.start.wanted / RATE, piece.end.wanted / RATE) for piece in pieces] == [(0, 4), (4.5, 9)]
    silent = plan_pieces(edit.delete(0, 1))
    assert [(piece.start.wanted / RATE, piece.end.wanted / RATE) for piece in silent] == [(4.5, 9)]


def test_a_profile_tells_levels_and_the_gentlest_crossings_and_reads_back(talk: Talk) -> None:
    wave = np.zeros(RATE)
    wave[RATE // 2 :] = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE // 2) / RATE + 0.001)
    profile = profile_of(wave)
    assert (profile.samples, profile.level(0), profile.level(RATE - 1)) == (RATE, SILENT, 12)
    inside = profile.crossings(36_000, 36_000 + 4 * STEP)
    assert 0 < len(inside) <= 5 * CROSSINGS
    assert {(sample - RATE // 2) % 24 for sample in inside} <= {0, 1, 23}
    assert SoundProfile.from_bytes(profile.to_bytes()) == profile
    with pytest.raises(ValueError, match="no sound profile"):
        SoundProfile.from_bytes(b"something else")
    assert len(talk.profile.to_bytes()) / 7.5 < 1_300


def test_the_room_is_the_stillest_stretch_between_words_and_no_hole(talk: Talk) -> None:
    room = find_room_tone(talk.edit, talk.profile)
    assert room is not None
    assert room.length >= RATE // 2
    for word in talk.transcript.words:
        assert room.end <= word.start * RATE or room.start >= word.end * RATE
    wave = talk.sound.copy()
    wave[round(2.35 * RATE) : round(3.25 * RATE)] = 0
    holed = find_room_tone(talk.edit, profile_of(wave))
    assert holed is not None
    assert not (2.3 * RATE < holed.start < 3.3 * RATE)
    assert find_room_tone(PaperEdit.of(transcribe([(0, 1), (1, 2)]), 2), talk.profile) is None
