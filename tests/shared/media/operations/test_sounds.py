"""Loudness is what was asked for, measured; another sound is exactly under the picture, which is copied."""

from itertools import pairwise
from pathlib import Path

import av
import pytest

from shared.media import probe
from shared.media.operations import InvalidOperation, run_operation
from tests.shared.media.clips import loudness_at, make, read_numbers, sound
from tests.shared.media.operations.conftest import Do, ebur128


def pictures(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize("target", [{}, {"I": -16, "TP": -2}, {"loudness": -23}, {"loudness": -9}])
def test_the_loudness_is_within_a_unit_of_what_was_asked_for(do: Do, voice: Path, target: dict[str, float]) -> None:
    loud, _, peak = ebur128(do("normalize_audio", voice, suffix="wav", **target))
    assert loud == pytest.approx(target.get("I", target.get("loudness", -14)), abs=1)
    assert peak <= target.get("TP", -1) + 0.3
    assert probe(voice).duration == 3


def test_normalizing_copies_the_picture(do: Do, film: Path) -> None:
    path = do("normalize_audio", film)
    assert pictures(path) == pictures(film)
    assert ebur128(path)[0] == pytest.approx(-14, abs=1)
    assert probe(path).duration == pytest.approx(2, abs=0.03)


def test_a_wide_range_is_narrowed(do: Do, folder: Path) -> None:
    steps = "anoisesrc=r=48000:a=0.3:d=20:c=pink:seed=2,volume='if(lt(mod(t,10),5),0.16,1)':eval=frame"
    source = make(folder / "steps.wav", "-f", "lavfi", "-i", steps)
    before, after = ebur128(source), ebur128(do("normalize_audio", source, suffix="wav", LRA=6))
    assert before[1] > 15
    assert after[1] < before[1] / 2
    assert after[0] == pytest.approx(-14, abs=1)


def test_a_sound_that_is_shorter_than_what_loudness_is_measured_over_has_it_when_repeated(
    do: Do, folder: Path, voice: Path
) -> None:
    blip = make(folder / "blip.wav", "-i", str(voice), "-t", "0.25")
    path = do("normalize_audio", blip, suffix="wav")
    assert len(sound(path)) == 12_000
    assert ebur128(make(folder / "blips.wav", "-stream_loop", "7", "-i", str(path)))[0] == pytest.approx(-14, abs=1)


@pytest.mark.parametrize(("name", "target"), [("normalize_audio", -14), ("podcast_enhancement", -16)])
def test_what_is_hardly_to_be_heard_becomes_as_loud_as_anything(
    do: Do, folder: Path, voice: Path, name: str, target: float
) -> None:
    faint = make(folder / "faint.wav", "-i", str(voice), "-af", "volume=-32dB", "-c:a", "pcm_f32le")
    assert -69 < ebur128(faint)[0] < -62
    assert ebur128(do(name, faint, suffix="wav"))[0] == pytest.approx(target, abs=1)


def test_a_loudness_that_the_ceiling_does_not_allow_is_told(folder: Path, tmp_path: Path) -> None:
    tone = make(folder / "tone.wav", "-f", "lavfi", "-i", "sine=f=1000:r=48000:d=1", "-ac", "2")
    output = tmp_path / "out.wav"
    [note] = run_operation("normalize_audio", [tone], {"I": -5, "TP": -9}, output).notes
    loud, _, peak = ebur128(output)
    assert f"comes out at {loud:.1f} LUFS, not at -5" in note
    assert loud == pytest.approx(-9.5, abs=0.5), "as near as it gets"
    assert peak <= -9
    assert run_operation("normalize_audio", [tone], {}, output).notes == ()


def test_silence_stays_silence_and_that_is_told(folder: Path, tmp_path: Path) -> None:
    quiet = make(folder / "quiet.wav", "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-t", "1")
    [note] = run_operation("normalize_audio", [quiet], {}, tmp_path / "out.wav").notes
    assert "stays as it is" in note
    assert abs(sound(tmp_path / "out.wav")).max() == 0


@pytest.mark.parametrize(
    ("name", "target"), [("podcast_enhancement", -16), ("rock_mastering", -9), ("edm_mastering", -7)]
)
def test_a_mastered_programme_has_the_loudness_it_is_meant_for(do: Do, voice: Path, name: str, target: float) -> None:
    loud, _, peak = ebur128(do(name, voice, suffix="wav"))
    assert loud == pytest.approx(target, abs=1)
    assert peak <= 0


def test_another_sound_goes_under_the_copied_picture(do: Do, film: Path, voice: Path) -> None:
    path = do("replace_audio", film, voice)
    assert pictures(path) == pictures(film)
    assert loudness_at(sound(path), 0.2, 1.8, 440) < 0.01
    assert abs(sound(path)).max() > 0.02
    assert probe(path).duration == pytest.approx(2, abs=0.03)


def test_the_film_ends_with_a_shorter_sound_unless_the_video_counts(do: Do, film: Path, folder: Path) -> None:
    short = make(folder / "short.wav", "-f", "lavfi", "-i", "sine=f=880:r=48000:d=1")
    assert read_numbers(do("replace_audio", film, short)) == list(range(30))
    whole = do("replace_audio", film, short, length="video")
    assert read_numbers(whole) == list(range(60))
    heard = sound(whole)
    assert loudness_at(heard, 0.1, 0.9, 880) > 0.05
    assert loudness_at(heard, 1.1, 1.9, 880) < 0.001


def test_a_piece_with_another_sound_is_one_pass(do: Do, film: Path, folder: Path) -> None:
    high = make(folder / "high.wav", "-f", "lavfi", "-i", "sine=f=1000:r=48000:d=1")
    path = do("trim_and_replace_audio", film, high, start=0.5, duration=1.2, audioStart=0.5)
    assert read_numbers(path) == list(range(15, 51))
    heard = sound(path)
    assert loudness_at(heard, 0.05, 0.45, 1000) > 0.05
    assert loudness_at(heard, 0.6, 1.1, 1000) < 0.001


def test_an_effect_on_sound_leaves_the_picture_as_it_is(do: Do, film: Path) -> None:
    path = do("gain_db", film, gain=-6.0)
    assert pictures(path) == pictures(film)
    before, after = (loudness_at(sound(each), 0.2, 1.8, 440) for each in (film, path))
    assert after / before == pytest.approx(0.5, rel=0.05)


def test_a_file_without_sound_is_refused(silent: Path, film: Path, tmp_path: Path) -> None:
    for name, files, pointer in (
        ("normalize_audio", [silent], "/inputs/0"),
        ("replace_audio", [film, silent], "/inputs/1"),
        ("extract_audio", [silent], "/inputs/0"),
    ):
        with pytest.raises(InvalidOperation, match="without sound") as caught:
            run_operation(name, files, {}, tmp_path / ("out.m4a" if name == "extract_audio" else "out.mp4"))
        assert [error.pointer for error in caught.value.errors] == [pointer]


def test_pictures_whose_file_does_not_tell_their_times_are_not_copied(do: Do, film: Path, tmp_path: Path) -> None:
    source = make(tmp_path / "film.avi", "-i", str(film), "-c:v", "copy", "-c:a", "libmp3lame")
    path = do("normalize_audio", source, preset="ultrafast")
    with av.open(str(path)) as container:
        stamps = [packet.pts for packet in container.demux(video=0) if packet.pts is not None]
    assert len({after - before for before, after in pairwise(sorted(stamps))}) == 1
    assert set(read_numbers(path)) == set(range(60))
    with pytest.raises(InvalidOperation, match="AVI does not tell"):
        run_operation("trim", [source], {"start": 0.5, "lossless": True}, tmp_path / "out.mp4")
