"""`python -m shared.clips run`: from recordings in files to films of their best moments, with one report."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from demo.footage import portrait
from demo.footage.talk import lines, make_talk
from shared.clips.__main__ import main
from shared.clips.running.batch import recordings_in
from shared.clips.running.holding import held
from shared.media import probe
from shared.transcripts import Segment, Transcript, Word, write_transcript
from tests.cloud import ROOT

SECONDS = 47.0
"""The host's question, and the story of the lost week."""


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """The command as a person types it, with small pictures."""
    command = [sys.executable, "-m", "shared.clips", "run", "--size", "144", "--count", "3", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150, check=False)


def transcript() -> Transcript:
    """What is said in the talk, the words of a line spread evenly over it."""
    segments = []
    for line in (each for each in lines() if each.end < SECONDS):
        texts = line.text.split()
        step = (line.end - line.start) / len(texts)
        words = tuple(
            Word(
                word=text,
                start=round(line.start + number * step, 3),
                end=round(line.start + (number + 1) * step, 3),
                speaker=line.speaker,
            )
            for number, text in enumerate(texts)
        )
        segments.append(Segment(start=line.start, end=line.end, text=line.text, speaker=line.speaker, words=words))
    return Transcript(language="en", segments=tuple(segments))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, "subprocess.CompletedProcess[str]"]]:
    """The talk, the folder with its clips, and what was said when they were made."""
    folder = tmp_path_factory.mktemp("run")
    make_talk(folder / "talk.mp4", portrait(), SECONDS, height=360)
    (folder / "talk.json").write_text(write_transcript(transcript(), "json"))
    out = folder / "out"
    done = run(folder / "talk.mp4", "--transcript", folder / "talk.json", "--prompt", "storytelling", "-o", out)
    yield folder, out, done


def clips(out: Path) -> list[dict[str, Any]]:
    [recording] = json.loads((out / "report.json").read_text())["recordings"]
    found: list[dict[str, Any]] = recording["clips"]
    return found


def test_every_clip_is_a_vertical_film_of_what_was_selected_with_its_komposition_and_pictures(
    ran: tuple[Path, Path, "subprocess.CompletedProcess[str]"],
) -> None:
    _, out, done = ran
    assert done.returncode == 0, done.stdout + done.stderr
    found = clips(out)
    assert len(found) == 3 - (
        len(found) == 2
    )  # There is not room for three of fifteen seconds in every cut of the talk.
    for clip in found:
        info = probe(out / clip["film"])
        assert info.video is not None
        assert (info.video.width, info.video.height, info.video.average_frame_rate) == (144, 256, 25)
        assert info.audio is not None
        assert info.duration == pytest.approx(clip["duration"], abs=0.08)
        assert (out / clip["pictures"]).read_bytes().startswith(b"\x89PNG")
        komposition = json.loads((out / clip["film"]).with_suffix(".json").read_text())
        assert komposition["title"] == clip["title"]


def test_no_word_is_cut_and_no_second_shown_twice(ran: tuple[Path, Path, "subprocess.CompletedProcess[str]"]) -> None:
    _, out, _ = ran
    segments = sorted((s["start"], s["end"]) for clip in clips(out) for s in clip["segments"])
    assert all(end <= start for (_, end), (start, _) in pairwise(segments))
    for word in transcript().words:
        for start, end in segments:
            assert not word.start + 0.002 < start < word.end - 0.002, word
            assert not word.start + 0.002 < end < word.end - 0.002, word


def test_one_page_shows_all_of_it(ran: tuple[Path, Path, "subprocess.CompletedProcess[str]"]) -> None:
    _, out, done = ran
    page = (out / "report.html").read_text()
    for clip in clips(out):
        assert clip["film"] in page
        assert clip["title"].replace("'", "&#39;") in page
        assert str(out / clip["film"]) in done.stdout
    assert (out / "transcript.srt").read_text().startswith("1\n00:00:00,")


def test_a_second_run_makes_nothing_again_and_goes_on_after_a_lost_film(
    ran: tuple[Path, Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, out, _ = ran
    films = [out / clip["film"] for clip in clips(out)]
    films[0].unlink()
    before = {film: film.stat().st_mtime_ns for film in films[1:]}
    again = run(folder / "talk.mp4", "--transcript", folder / "talk.json", "--prompt", "storytelling", "-o", out)
    assert again.returncode == 0, again.stderr
    assert films[0].exists()
    assert {film: film.stat().st_mtime_ns for film in films[1:]} == before


def test_subtitles_beside_the_recording_are_used_and_clips_are_tidied(
    ran: tuple[Path, Path, "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    folder, out, _ = ran
    shutil.copytree(out, tmp_path / "out")
    (tmp_path / "talk.mp4").symlink_to(folder / "talk.mp4")
    (tmp_path / "talk.vtt").write_text(write_transcript(transcript(), "word_vtt"))
    done = run(tmp_path / "talk.mp4", "--no-render", "--tidy", "--prompt", "storytelling", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "What is said is taken from talk.vtt beside it" in done.stdout
    found = clips(tmp_path / "out")
    assert found and any(clip["cuts"] for clip in found)
    assert all(clip["duration"] >= 15 for clip in found)


def test_of_a_folder_every_recording_is_tried_and_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.mp4", "b.mov"):
        (tmp_path / "in" / name).write_text("no film")
    (tmp_path / "in" / "notes.txt").write_text("no recording")
    done = run(tmp_path / "in", "-o", tmp_path / "out")
    assert done.returncode == 1
    told = json.loads((tmp_path / "out" / "report.json").read_text())["recordings"]
    assert [each["name"] for each in told] == ["a.mp4", "b.mov"]
    assert all(each["problem"] for each in told)
    assert "a.mp4: " in done.stdout


def test_words_of_ones_own_say_how_many_and_how_long(
    ran: tuple[Path, Path, "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    folder, out, _ = ran
    shutil.copytree(out, tmp_path / "out")
    arguments = [folder / "talk.mp4", "--transcript", folder / "talk.json", "--no-render", "-o", tmp_path / "out"]
    (tmp_path / "prompt.txt").write_text("\ufeffone clip of 10 seconds\r\nabout the week\r\n")
    assert main(["run", *map(str, arguments), "--prompt", f"@{tmp_path / 'prompt.txt'}"]) == 0
    [clip] = clips(tmp_path / "out")
    assert clip["duration"] == pytest.approx(10, abs=2)


def test_of_two_runs_in_one_folder_the_second_is_told_to_wait(
    ran: tuple[Path, Path, "subprocess.CompletedProcess[str]"], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out, _ = ran
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    with held(out):
        assert main(["run", str(folder / "talk.mp4"), "-o", str(out)]) == 2
    assert "Another run" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before


def test_of_a_folder_films_and_sounds_are_recordings_but_not_the_sound_of_a_film_nor_hidden_files(
    tmp_path: Path,
) -> None:
    for name in ("talk.mp4", "talk.wav", "podcast.MP3", "._talk.mp4", "talk.srt", "cover.png"):
        (tmp_path / name).touch()
    assert [path.name for path in recordings_in([tmp_path])] == ["podcast.MP3", "talk.mp4"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["no-such.mp4"], "no-such.mp4: there is no such file."),
        (["."], "There is no recording"),
        (["README.md", "--count", "50"], "clip_count"),
        (["README.md", "--prompt", "@no-such.txt"], "there is no file 'no-such.txt'"),
        (["README.md", "--prompt", "Case study", "--count", "2"], "Give 3 to 10"),
        (["README.md", "--captions", "sparkles"], "style"),
        (["README.md", "--variants", "15,45"], "there is none of '45' seconds"),
        (["README.md", "--tidy-margin", "9"], "9 s cannot be left"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: list[str], told: str
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["run", *wrong, "-o", str(tmp_path / "out")]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
