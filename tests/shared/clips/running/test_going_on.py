"""A run that is stopped in the middle of its work goes on with what was heard and seen until then."""

import json
from pathlib import Path

import pytest

from demo.footage.soundtrack import write_speech
from shared.clips.running import ClipFolder, Order, run_recording
from shared.clips.stage import Stage
from shared.prompts import fill, preset
from shared.transcripts import Transcript

ORDER = Order(fill(preset("viral"), {}), render=False)


class Stopped(Exception):
    """The machine is switched off."""


def stop_before_selecting(stage: Stage, _fraction: float) -> None:
    if stage is Stage.SELECTING:
        raise Stopped


def test_what_was_heard_and_seen_before_a_stop_is_not_found_out_again(tmp_path: Path) -> None:
    """Of what was heard a word is changed, to be found again."""
    write_speech(tmp_path / "talk.wav", 4)
    folder = ClipFolder(tmp_path / "out")
    with pytest.raises(Stopped):
        run_recording(tmp_path / "talk.wav", ORDER, folder, on_stage=stop_before_selecting)
    [heard] = (folder.path / ".heard").iterdir()
    assert (folder.path / "analysis.json").exists() and not (folder.path / "clips.json").exists()
    heard.write_text(json.dumps([[[" remembered", 0.5, 0.9, 1.0]] for _ in json.loads(heard.read_text())]))
    run_recording(tmp_path / "talk.wav", ORDER, folder)
    transcript = Transcript.model_validate_json((folder.path / "transcript.json").read_text())
    assert "remembered" in transcript.text
    assert [path.name for path in folder.path.glob(".*")] == []


def test_another_recording_in_the_same_folder_finds_nothing_of_the_first(tmp_path: Path) -> None:
    folder = ClipFolder(tmp_path / "out")
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
        folder.known(tmp_path / name, ORDER.hearing, None)
        assert not (folder.path / ".heard").exists()
        folder.heard.write("ab", "[[]]")
        (folder.path / "analysis.json").write_text("{}")
