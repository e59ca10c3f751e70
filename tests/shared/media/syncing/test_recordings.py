"""Files of one event are brought onto one clock, whatever they are encoded as."""

from pathlib import Path

import numpy as np
import pytest

from shared.media.syncing import RATE, hear, sync_recordings
from shared.media.syncing.recordings import sync_sounds
from tests.shared.media.syncing.voices import noisy, recorded, voice, write

SEEN = ("-f", "lavfi", "-i", "color=gray:s=64x36:r=10:d=40")


def test_every_codec_keeps_the_place_to_ten_milliseconds(tmp_path: Path) -> None:
    ann = voice(40, 1)
    encodings = {
        "room.mp4": (0.0, ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "64k", "-shortest"), SEEN),
        "opus.mkv": (2.0, ("-c:a", "libopus", "-b:a", "24k", "-ar", "48000"), ()),
        "mp3.mp3": (3.25, ("-c:a", "libmp3lame", "-b:a", "48k", "-ar", "16000"), ()),
        "aac.m4a": (-1.5, ("-c:a", "aac", "-b:a", "48k", "-ar", "44100"), ()),
    }
    paths = [
        write(tmp_path / name, noisy(recorded(ann, offset=offset, seconds=30), 25), *options, picture=picture)
        for name, (offset, options, picture) in encodings.items()
    ]
    progress: list[float] = []
    syncs, heard = sync_recordings(paths, on_progress=progress.append)
    for sync, (offset, _, _) in zip(syncs, encodings.values(), strict=True):
        assert float(sync.offset) == pytest.approx(offset, abs=0.010)
        assert sync.drift == 0
    assert all(len(samples) == pytest.approx(30 * RATE, rel=0.01) for samples in heard)
    assert progress == sorted(progress)
    assert progress[-1] == 1


def test_a_recording_is_found_by_way_of_another_and_a_stranger_is_left_alone(tmp_path: Path) -> None:
    ann, bob = voice(40, 1), voice(40, 2, pitch=200)
    both = ann + bob
    pcm = ("-c:a", "pcm_s16le")
    paths = [
        write(tmp_path / "ann.wav", recorded(ann, offset=1, seconds=30), *pcm),
        write(tmp_path / "bob.wav", recorded(bob, offset=4, seconds=30), *pcm),
        write(tmp_path / "elsewhere.wav", voice(30, 9), *pcm),
        write(tmp_path / "both.wav", recorded(both, offset=3, seconds=30), *pcm),
    ]
    (first, second, stranger, mix), _ = sync_recordings(paths)
    assert first.offset == 0
    assert float(mix.offset) == pytest.approx(2, abs=0.010)
    assert float(second.offset) == pytest.approx(3, abs=0.010), "Ann and Bob have nothing in common but the mix"
    assert not stranger.found


def test_a_silent_recording_named_first_makes_strangers_of_nobody_else() -> None:
    ann = voice(30, 1)
    silent, alone = np.zeros(20 * RATE, np.float32), sync_sounds([voice(20, 1), voice(20, 9)])
    first, one, other = sync_sounds([silent, recorded(ann, seconds=20), recorded(ann, offset=5, seconds=20)])
    assert not first.found
    assert one.found and other.found
    assert float(other.offset - one.offset) == pytest.approx(5, abs=0.001)
    assert [each.found for each in alone] == [True, False], "of two strangers the second"


def test_what_has_no_sound_is_heard_as_nothing(tmp_path: Path) -> None:
    silent = write(tmp_path / "still.mp4", voice(1, 1), "-map", "1:v", "-c:v", "libx264", "-t", "1", picture=SEEN)
    assert len(hear(silent)) == 0


def test_sound_that_begins_late_in_its_file_keeps_its_place(tmp_path: Path) -> None:
    ann = voice(20, 1)
    late = ("-af", "asetpts=PTS+2/TB", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac")
    shifted = write(tmp_path / "late.mkv", ann, *late, picture=SEEN)
    plain = write(tmp_path / "plain.wav", ann, "-c:a", "pcm_s16le")
    (_, sync), _ = sync_recordings([plain, shifted])
    assert float(sync.offset) == pytest.approx(-2, abs=0.010)
