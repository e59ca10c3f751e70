"""Transcripts that tests are made of."""

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
    """Of so many words, no two segments alike, as engines write them."""
    names = ("Ada", "Grace")
    return transcript(
        *(
            Segment(
                start=at * 0.36,
                end=at * 0.36 + 7.1,
                text=" ".join(f"{_stem(at + n)}{(at + n) % 977}" for n in range(20)),
                speaker=names[at // 20 % 2],
                words=tuple(
                    Word(
                        word=f"{_stem(at + n)}{(at + n) % 977}",
                        start=round((at + n) * 0.36, 3),
                        end=round((at + n) * 0.36 + 0.26, 3),
                        probability=round(((at + n) * 7919 % 9973) / 9973, 4),
                        speaker=names[at // 20 % 2],
                    )
                    for n in range(20)
                ),
            )
            for at in range(0, words, 20)
        )
    )


def _stem(number: int) -> str:
    return ("word", "sentence", "speech", "recording", "moment")[number * 31 % 5]


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
