"""Words are given to those who say them: two voices are told apart, one is not parted, a trained model is asked if it is here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.transcripts import TranscriptionCancelled
from shared.transcripts.recognition.decoding import Sound
from shared.transcripts.recognition.speakers import MeasuredVoices, TrainedVoices, find_voices, who_speaks
from shared.transcripts.recognition.speakers.grouping import grouped, in_turns
from shared.transcripts.recognition.speakers.labelling import at_sentences
from shared.transcripts.recognition.timing import TimedWord
from shared.transcripts.weights import seal
from tests.shared.transcripts.recognition.speakers.peak_model import peak_model
from tests.shared.transcripts.recognition.speakers.talk import TURNS, Voice, talk


@dataclass(frozen=True)
class Talk:
    """Who says which word of a talk, and how it sounds."""

    sound: Sound
    words: list[TimedWord]
    who: list[str]


@pytest.fixture(scope="module")
def dialogue() -> Talk:
    """Ada and Bob in turns."""
    return Talk(*talk(Voice(110, 1.0), Voice(205, 1.22), turns=TURNS))


def agreement(told: list[str], who: list[str]) -> float:
    """How many words have the label that most words of their speaker have."""
    right = 0
    for name in set(who):
        labels = [label for label, speaker in zip(told, who, strict=True) if speaker == name]
        right += max(labels.count(label) for label in set(labels))
    return right / len(who)


def test_two_voices_are_told_apart_and_named_in_the_order_in_which_they_speak(dialogue: Talk) -> None:
    told = who_speaks(dialogue.sound, dialogue.words)
    assert list(dict.fromkeys(told)) == ["Speaker 1", "Speaker 2"]
    assert agreement(told, dialogue.who) > 0.9


def test_who_ends_a_sentence_has_said_it_to_its_end(dialogue: Talk) -> None:
    ends = [one != other for one, other in zip(dialogue.who, [*dialogue.who[1:], None], strict=True)]
    said = [
        replace(word, text=f"{word.text}.") if end else word for word, end in zip(dialogue.words, ends, strict=True)
    ]
    assert agreement(who_speaks(dialogue.sound, dialogue.words), dialogue.who) < 1
    assert agreement(who_speaks(dialogue.sound, said), dialogue.who) == 1


def test_one_voice_is_not_parted() -> None:
    sound, words, _ = talk(Voice(120, 1.0), turns=(8.0, 6.0))
    assert set(who_speaks(sound, words)) == {"Speaker 1"}


def test_as_many_speak_as_is_said(dialogue: Talk) -> None:
    assert set(who_speaks(dialogue.sound, dialogue.words, 1)) == {"Speaker 1"}
    assert agreement(who_speaks(dialogue.sound, dialogue.words, 2), dialogue.who) > 0.9
    assert len(set(who_speaks(dialogue.sound, dialogue.words, 3))) <= 3


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("AAABBBBBB", "AAAABBBBB"),
        ("AAAAAABBB", "AAAABBBBB"),
        ("AAAAAAAAB", "AAAAAAAAB"),
        ("AAAABBBAA", "AAAABBBAA"),
    ],
    ids=[
        "a word too early",
        "two words too late",
        "no sentence is near",
        "in the middle of one",
    ],
)
def test_a_turn_is_where_a_sentence_begins(told: str, meant: str) -> None:
    said = ["So", "they", "said", "it.", "The", "risk", "is", "yours", "now"]
    words = [TimedWord(f" {word}", n * 0.3, n * 0.3 + 0.3, 0.9) for n, word in enumerate(said)]
    assert "".join(at_sentences(words, told)) == meant


def test_no_words_need_no_speaker_and_few_have_one() -> None:
    silence = Sound(np.zeros(16_000, np.int16), 1.0)
    assert who_speaks(silence, []) == []
    assert who_speaks(silence, [TimedWord(" hm", 0.1, 0.4, 0.3)], 2) == ["Speaker 1"]


def test_it_can_be_stopped(dialogue: Talk) -> None:
    asked: Iterator[bool] = iter([False, False, True])
    with pytest.raises(TranscriptionCancelled):
        who_speaks(dialogue.sound, dialogue.words, should_cancel=lambda: next(asked))


def test_a_trained_model_is_asked_where_its_weights_are(models: Path, dialogue: Talk) -> None:
    assert find_voices().name == "measured"
    folder = models / "speakers" / "ours"
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(peak_model())
    seal("ours", folder)
    found = find_voices()
    assert isinstance(found, TrainedVoices)
    print_of_ada = found.measure(dialogue.sound.cut(0, 2))
    assert print_of_ada.shape == (80,)
    assert np.linalg.norm(print_of_ada) == pytest.approx(1)
    assert len(who_speaks(dialogue.sound, dialogue.words)) == len(dialogue.words)


def test_what_is_measured_of_two_parts_is_the_sum_and_a_voice_is_like_itself(dialogue: Talk) -> None:
    voices = MeasuredVoices()
    ada, bob = voices.measure(dialogue.sound.cut(0, 3)), voices.measure(dialogue.sound.cut(5, 8))
    more = voices.measure(dialogue.sound.cut(1.5, 4))
    assert voices.apart(ada, more[None])[0] < 0 < voices.apart(ada, bob[None])[0]
    likeness = voices.likeness(np.stack([ada, bob]), np.stack([ada + more, bob]))
    assert list(likeness.argmax(axis=1)) == [0, 1]


class Points:
    """Voices that are points on a line: what is nearer than 1 is one voice."""

    name, change = "points", 1.0

    def measure(self, part: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.array([1.0, part.mean()])

    def apart(self, one: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.abs(one[1] / one[0] - others[:, 1] / others[:, 0]) - 1

    def likeness(self, parts: NDArray[np.float64], voices: NDArray[np.float64]) -> NDArray[np.float64]:
        return -np.abs(parts[:, 1] / parts[:, 0] - (voices[:, 1] / voices[:, 0])[:, None]).T


def test_groups_are_made_of_what_is_near_and_a_single_part_is_nobody() -> None:
    parts = np.array([[1.0, place] for place in (0, 5, 0.2, 5.1, 0.1, 9, 5.2)])
    found = grouped(Points(), parts, None)
    assert sorted(round(float(row[1] / row[0]), 1) for row in found) == [0.1, 5.1]
    assert len(grouped(Points(), parts, 3)) == 3
    assert len(grouped(Points(), np.array([[1.0, 3.0 * n] for n in range(0, 20) for _ in range(3)]), None)) == 8


def test_a_moment_of_doubt_changes_no_speaker_and_a_turn_does() -> None:
    likeness = np.array([[0, -9], [0, -9], [-1, -0.5], [0, -9], [-9, 0], [-9, 0]], dtype=float)
    assert list(in_turns(likeness, 1.0)) == [0, 0, 0, 0, 1, 1]
