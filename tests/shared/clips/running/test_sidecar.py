"""Subtitles beside a recording are what is said in it, unless they cannot be read or are not wanted."""

from pathlib import Path

import pytest

from shared.clips.finding import Hearing
from shared.clips.running import ClipFolder
from shared.clips.running.batch import _folders
from shared.clips.running.folder import write_whole
from shared.clips.running.sidecar import find_sidecar

SRT = "1\n00:00:01,000 --> 00:00:03,000\nHello there.\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nGood day.\n"


def put(folder: Path, **files: str) -> Path:
    """A recording among files; its path."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    video = folder / "talk.mp4"
    video.write_text("a film")
    return video


def words(video: Path) -> list[str]:
    found = find_sidecar(video)
    assert found is not None and found.transcript is not None
    return [word.word for word in found.transcript.words]


def test_subtitles_with_the_recordings_own_name_are_used_and_said_to_be(tmp_path: Path) -> None:
    video = put(tmp_path, talk_srt=SRT, other_srt=VTT)
    assert words(video) == ["Hello", "there."]
    found = find_sidecar(video)
    assert found is not None and "talk.srt" in found.note and "--no-sidecar" in found.note


def test_webvtt_is_taken_before_srt_and_capitals_of_the_suffix_do_not_matter(tmp_path: Path) -> None:
    assert words(put(tmp_path, talk_srt=SRT, talk_VTT=VTT)) == ["Good", "day."]


def test_what_youtube_studio_saves_is_taken_where_nothing_better_is(tmp_path: Path) -> None:
    assert words(put(tmp_path, talk_sbv="0:00:01.000,0:00:03.000\nGood night.\n")) == ["Good", "night."]
    assert words(put(tmp_path, talk_srt=SRT)) == ["Hello", "there."]


def test_one_name_in_both_ways_of_unicode_is_one_name(tmp_path: Path) -> None:
    (tmp_path / "caf\u00e9.mp4").write_text("a film")
    (tmp_path / "cafe\u0301.srt").write_text(SRT)
    assert words(tmp_path / "caf\u00e9.mp4") == ["Hello", "there."]


def test_subtitles_that_name_their_language_are_used_where_it_can_only_be_the_spoken_one(tmp_path: Path) -> None:
    video = put(tmp_path, talk_en_srt=SRT, talk_HD_srt=SRT, talk_v2_vtt=VTT, other_de_vtt=VTT)
    found = find_sidecar(video)
    assert found is not None and found.transcript is not None
    assert (found.transcript.text, found.transcript.language) == ("Hello there.", "en")
    (tmp_path / "talk.de.vtt").write_text(VTT)
    found = find_sidecar(video)
    assert found is not None and found.transcript is None
    assert "talk.de.vtt and talk.en.srt" in found.note and "--transcript" in found.note
    (tmp_path / "talk.de-orig.vtt").write_text(VTT)
    found = find_sidecar(video)
    assert found is not None and found.transcript is not None
    assert (found.transcript.text, found.transcript.language) == ("Good day.", "de")
    assert words(put(tmp_path, talk_srt=SRT)) == ["Hello", "there."], "the recording's own name comes first"


def test_without_subtitles_there_is_none(tmp_path: Path) -> None:
    assert find_sidecar(put(tmp_path, talks_srt=SRT, talk_txt=SRT)) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [("no subtitles", "Line 1"), (SRT.replace("Hello there.", ""), "says nothing"), ("", "nothing in it")],
)
def test_what_cannot_be_used_is_passed_over_and_said_to_be(tmp_path: Path, text: str, told: str) -> None:
    found = find_sidecar(put(tmp_path, talk_srt=text))
    assert found is not None
    assert found.transcript is None and told in found.note and "talk.srt" in found.note


def test_what_was_given_once_is_not_taken_for_what_was_heard(tmp_path: Path) -> None:
    video = put(tmp_path, talk_srt=SRT)
    found = find_sidecar(video)
    assert found is not None and found.transcript is not None
    folder = ClipFolder(tmp_path / "out")
    assert folder.known(video, Hearing(), found.transcript).transcript == found.transcript
    write_whole(folder.path / "transcript.json", found.transcript.model_dump_json(by_alias=True))
    assert folder.known(video, Hearing(), None).transcript is None
    write_whole(folder.path / "transcript.json", found.transcript.model_dump_json(by_alias=True))
    assert folder.known(video, Hearing(), None).transcript is not None, "this was heard"


def test_every_recording_has_a_folder_of_its_own_however_they_are_named(tmp_path: Path) -> None:
    names = ["a/talk.mp4", "b/Talk.mp4", "talk-1.mov", "c/\u8bb2\u8bdd.mp4", "c/...mp4", "d/---.mp4"]
    folders = _folders([Path(name) for name in names], tmp_path)
    assert len(set(folders)) == len(names)
    assert folders[2].name == "talk-1"
    assert all(folder.parent == tmp_path for folder in folders)
