"""Transcripts that tests are made of."""

import random

from hypothesis import strategies as st

from shared.transcripts import Segment, Transcript, Word


def said(text: str, start: float = 0.0, *, pace: float = 0.4, speaker: str | None = None) -> Segment:
    """A segment whose words come every `pace` seconds, with a tenth of silence after each."""
    words = tuple(
        Word(word=word, start=round(start + n * pace, 3), end=round(start + (n + 0.9) * pace, 3), speaker=speaker)
        for n, word in enumerate(text.split())
    )
    return Segment(start=words[0].start, end=words[-1].end, text=text, speaker=speaker, words=words)


def transcript(*segments: Segment) -> Transcript:
    """A transcript of these segments."""
    return Transcript(language="en", segments=segments)


def long_transcript(words: int) -> Transcript:
    """Of so many words, one of two speakers after the other, as engines write them: some words often, most seldom."""
    chance = random.Random(7)
    texts = [f"{chance.choice(STEMS)}{int(chance.paretovariate(0.7)) % 3000}" for _ in range(words)]
    sure = [round(chance.random(), 4) for _ in range(words)]
    return transcript(*(_sentence(at, texts[at : at + 20], sure[at : at + 20]) for at in range(0, words, 20)))


STEMS = ("word", "sentence", "speech", "recording", "moment")


def _sentence(at: int, texts: list[str], sure: list[float]) -> Segment:
    speaker = ("Ada", "Grace")[at // 20 % 2]
    words = tuple(
        Word(
            word=text,
            start=round((at + n) * 0.36, 3),
            end=round((at + n) * 0.36 + 0.26, 3),
            probability=probability,
            speaker=speaker,
        )
        for n, (text, probability) in enumerate(zip(texts, sure, strict=True))
    )
    return Segment(start=words[0].start, end=words[-1].end, text=" ".join(texts), speaker=speaker, words=words)


def transcripts() -> st.SearchStrategy[Transcript]:
    """Any transcript of words that a person could write, times in milliseconds, speakers or none."""
    letters = st.text(
        st.characters(categories=("L", "N"), exclude_characters="ªº", max_codepoint=0x24F), min_size=1, max_size=9
    )
    word = st.builds(lambda stem, mark: stem + mark, letters, st.sampled_from(["", "", ".", ",", "?", "<", "&", "'"]))
    sentence = st.tuples(st.lists(word, min_size=1, max_size=25), st.sampled_from([None, "Ada", "José Núñez"]))
    steps = st.integers(1, 900)
    return st.lists(st.tuples(sentence, steps, steps), max_size=8).map(_laid)


def _laid(told: list[tuple[tuple[list[str], str | None], int, int]]) -> Transcript:
    at = 0
    segments = []
    for (texts, speaker), pause, length in told:
        at += pause
        words = []
        for text in texts:
            words.append(Word(word=text, start=at / 1000, end=(at + length) / 1000, speaker=speaker))
            at += length + pause % 3
        segments.append(
            Segment(start=words[0].start, end=words[-1].end, text=" ".join(texts), speaker=speaker, words=tuple(words))
        )
    return Transcript(segments=tuple(segments))
