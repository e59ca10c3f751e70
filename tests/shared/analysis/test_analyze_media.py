"""Whole files through the real FFmpeg and the real detectors."""

from pathlib import Path

import numpy as np
import pytest

from shared.analysis import MediaAnalysis, analyze_media
from shared.media import RenderCancelled, UnreadableMedia
from tests.shared.analysis.films import QUICK, shots, talking, wav
from tests.shared.analysis.sounds import applause, quiet, speech, tone
from tests.shared.media.clips import make


def cuts(analysis: MediaAnalysis) -> list[float]:
    return [scene.start for scene in analysis.scenes[1:]]


def test_cuts_are_found_at_the_first_frame_of_each_shot(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", *shots(2, 1.6, 2.4, 1.2), *QUICK)
    analysis = analyze_media(film, faces=False)
    assert cuts(analysis) == pytest.approx([2, 3.6, 6])
    assert analysis.scenes[0].start == 0
    assert analysis.scenes[-1].end == analysis.duration
    assert (analysis.loudness.values, analysis.silences) == ((), ())


def test_frames_that_come_unevenly_have_their_cuts_where_a_player_shows_them(tmp_path: Path) -> None:
    # After the first shot every second frame is missing, and the file begins at 1.4 s, as transport streams do.
    uneven = ",select='lt(t,2)+not(mod(n,2))'"
    arguments = (*shots(2, 1.6, 2.4, rate=30, extra=uneven), "-fps_mode", "vfr", *QUICK)
    film = make(tmp_path / "phone.ts", *arguments)
    assert cuts(analyze_media(film, faces=False)) == pytest.approx([2, 3.6], abs=1 / 30)


def test_faces_are_followed_through_a_scene(tmp_path: Path) -> None:
    import skimage

    portrait = Path(skimage.__file__).parent / "data" / "astronaut.png"
    film = talking(tmp_path / "talk.mp4", portrait)
    (face,) = analyze_media(film).faces
    assert face.start == 0
    assert face.end == pytest.approx(4, abs=0.05)
    assert len(face.boxes) >= 8
    across = [box.x + box.width / 2 for box in face.boxes]
    assert across[-1] - across[0] == pytest.approx(20 * 3.6 / 320, abs=0.05), "it goes as fast as it was moved"


def test_a_recording_without_a_picture_has_what_is_heard(tmp_path: Path) -> None:
    sound = np.concatenate([speech(4), quiet(1.5), applause(3), quiet(1)])
    analysis = analyze_media(wav(tmp_path / "talk.wav", sound))
    assert (analysis.scenes, analysis.faces) == ((), ())
    assert [reaction.kind for reaction in analysis.reactions] == ["applause"]
    assert any(span.start < 4.6 and span.end > 5 for span in analysis.silences)
    assert len(analysis.loudness.values) == len(analysis.energy.values) == len(analysis.pitch.values) == 95


def test_loudness_is_as_ebu_r_128_has_it(tmp_path: Path) -> None:
    # A sine of 1 kHz at -20 dBFS (peak) in one channel is -23 LUFS.
    sound = np.concatenate([tone(3, 1000) / 0.3 * 0.1, quiet(1, -200)])
    loudness = analyze_media(wav(tmp_path / "tone.wav", sound)).loudness
    assert loudness.mean(0.5, 2.5) == pytest.approx(-23, abs=0.3)
    assert loudness.at(3.9) is None


def test_a_gap_in_the_sound_does_not_move_what_comes_after(tmp_path: Path) -> None:
    whole = wav(tmp_path / "whole.wav", np.concatenate([tone(1), quiet(1), tone(1), quiet(1)]))
    # Packets of the second second are lost.
    gap = make(tmp_path / "gap.mka", "-i", str(whole), "-af", "aselect='not(between(t,0.98,2.0))'", "-c:a", "flac")
    analysis = analyze_media(gap)
    assert any(span.start < 1.1 and span.end == pytest.approx(2, abs=0.1) for span in analysis.silences)


def test_what_is_left_of_a_damaged_film_is_analysed(tmp_path: Path) -> None:
    film = make(tmp_path / "film.ts", *shots(2, 2, 2), *QUICK)
    data = bytearray(film.read_bytes())
    middle = slice(len(data) * 2 // 5, len(data) * 2 // 5 + 4000)
    data[middle] = np.random.default_rng(1).bytes(4000)
    damaged = tmp_path / "damaged.ts"
    damaged.write_bytes(data[: len(data) * 9 // 10])
    analysis = analyze_media(damaged, faces=False)
    assert any(cut == pytest.approx(4, abs=0.1) for cut in cuts(analysis))


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "film.mp4"
    text.write_text("no film")
    with pytest.raises(UnreadableMedia):
        analyze_media(text)


def test_it_tells_how_far_it_is_and_stops_when_it_is_told(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", *shots(2, 2), *QUICK)
    told: list[float] = []
    analyze_media(film, on_progress=told.append, faces=False)
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(RenderCancelled):
        analyze_media(film, should_cancel=lambda: True)
