"""On the talk of the demo every preset finds what a person would."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from infra.manifest import ROOT
from shared.clips import Clip, ClipSelector
from shared.transcripts import Segment, Transcript, Word

LINES: list[dict[str, Any]] = json.loads((ROOT / "demo/footage/talk/lines.json").read_text())


def _words(line: dict[str, Any], words: Sequence[str], speaker: str | None) -> tuple[Word, ...]:
    """The words of a line, each for as long as it is."""
    at, second = line["start"], (line["end"] - line["start"]) / (sum(map(len, words)) + len(words))
    found = []
    for word in words:
        end = at + second * (len(word) + 0.4)
        found.append(Word(word=word, start=round(at, 3), end=round(end, 3), speaker=speaker))
        at += second * (len(word) + 1)
    return tuple(found)


def _transcript(*, draft: bool) -> Transcript:
    """What is said, or what an engine would make of it that knows neither speakers nor full stops."""
    segments = []
    for line in LINES:
        text = (
            "".join(char for char in line["text"].lower() if char.isalnum() or char in " '") if draft else line["text"]
        )
        speaker = None if draft else line["speaker"]
        words = _words(line, text.split(), speaker)
        segments.append(Segment(start=words[0].start, end=words[-1].end, text=text, speaker=speaker, words=words))
    return Transcript(language="en", duration=143.0, segments=tuple(segments))


def _clips(prompt: str, *, draft: bool = False) -> tuple[Clip, ...]:
    return ClipSelector("embedded").analyze_transcript(_transcript(draft=draft), prompt).clips


def _best(prompt: str, *, draft: bool = False) -> Clip:
    return _clips(prompt, draft=draft)[0]


@pytest.mark.parametrize("draft", [False, True], ids=["with full stops", "draft"])
@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("viral", "lost ten thousand dollars"),
        ("storytelling", "lost ten thousand dollars"),
        ("funny", "dog had eaten the bread"),
        ("educational", "never spend on advertising"),
        ("the number that he watches", "half of our customers order every week"),
        ("advice for somebody who wants to start", "start small"),
    ],
)
def test_a_prompt_finds_what_a_person_would(prompt: str, said: str, draft: bool) -> None:
    assert said in _best(prompt, draft=draft).transcript.casefold()


def test_examples_and_data_are_found_by_their_figures() -> None:
    two_best = " ".join(clip.transcript for clip in _clips("case_study")[:2])
    assert "two dollars to make and four dollars to send" in two_best
    assert "lost ten thousand dollars" in two_best


@pytest.mark.parametrize("prompt", ["viral", "funny", "storytelling", "educational", "alex_hormozi"])
def test_the_best_clip_does_not_end_with_a_question_that_is_answered_elsewhere(prompt: str) -> None:
    best = _best(prompt)
    assert not best.transcript.endswith("?")
    assert 60 <= best.scores.overall <= 95


@pytest.mark.parametrize("draft", [False, True], ids=["with full stops", "draft"])
def test_titles_are_phrases_that_end(draft: bool) -> None:
    for clip in _clips("viral", draft=draft):
        for line in (clip.title, *clip.hooks):
            assert line[0].isupper()
            assert len(line.split()) <= 10
            assert line.split()[-1].casefold() not in {"a", "the", "and", "of", "to", "in", "before", "because", "you"}
