"""A run that is stopped in the middle of its work goes on with what was heard and seen until then."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from demo.footage.soundtrack import write_speech
from shared.clips import ClipSelector
from shared.clips.llm import LanguageModelRanker, OpenAiModel
from shared.clips.running import ClipFolder, Order, run_recording
from shared.clips.stage import Stage
from shared.media import RenderCancelled
from shared.prompts import fill, preset
from shared.transcripts import Transcript
from tests.shared.clips.llm.server import Asked, serving
from tests.shared.clips.talks import talk

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


def test_a_run_that_is_stopped_does_not_wait_for_a_model_that_thinks(tmp_path: Path) -> None:
    write_speech(tmp_path / "talk.wav", 4)
    asked, answered = Event(), Event()

    def thinking(_: Asked) -> str:
        asked.set()
        answered.wait(5)
        return "{}"

    with serving(thinking) as server:
        selector = ClipSelector(LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "m")))
        order = replace(ORDER, transcript=talk(), selector=selector)
        try:
            with pytest.raises(RenderCancelled):
                run_recording(tmp_path / "talk.wav", order, ClipFolder(tmp_path / "out"), should_cancel=asked.is_set)
        finally:
            answered.set()
