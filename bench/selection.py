"""Selecting clips from one hour of talk, 9,000 words, its sound and picture analysed before. Goal: 3 s without transcribing.

`python -m bench.selection`. The baseline is the least that any selection could do: reading the transcript's JSON."""

import random

from bench.diff import timed
from shared.analysis import Curve, MediaAnalysis, Reaction, Span, analyze_text
from shared.clips import ClipSelector
from shared.transcripts import Segment, Transcript, Word

WORDS, SECONDS = 9_000, 3_600
VOCABULARY = 3_000
PROMPTS = ("viral", "funny", "educational", "5 clips about word7 and word42, 20-40 seconds, nothing about word3")
GOAL_S = 3.0


def main() -> None:
    """Measure and print the table."""
    transcript, media = talk(), heard()
    written = transcript.model_dump_json(by_alias=True)
    baseline = timed(lambda: Transcript.model_validate_json(written))
    selector = ClipSelector("embedded")
    print(f"{f'1 h, {WORDS:,} words':<60}{'seconds':>9}")
    report("read its JSON (baseline)", baseline, baseline)
    report("analyse the text", timed(lambda: analyze_text(transcript)), baseline)
    text = analyze_text(transcript)
    for prompt in PROMPTS:
        considered = selector.analyze_transcript(transcript, prompt, text=text, media=media).considered
        taken = timed(lambda prompt=prompt: selector.analyze_transcript(transcript, prompt, text=text, media=media))
        report(f"select: {prompt[:30]} ({considered:,} candidates)", taken, baseline)
    whole = timed(lambda: selector.analyze_transcript(transcript, "viral", media=media))
    report("analyse the text and select", whole, baseline, f"goal {GOAL_S:g} s")


def report(name: str, taken: float, baseline: float, goal: str = "") -> None:
    """One line of the table."""
    print(f"{name:<60}{taken:>9.3f}   {taken / baseline:6.1f} x baseline   {goal}")


def talk() -> Transcript:
    """Sentences of 6 to 20 words, of a vocabulary in which few words are said often and many seldom; two people."""
    chance, at, segments, said = random.Random(8), 0.0, [], 0
    while said < WORDS:
        spoken = [word(chance) for _ in range(min(chance.randint(6, 20), WORDS - said))]
        spoken[-1] += chance.choice(".....?!")
        said += len(spoken)
        speaker = "Ann" if len(segments) // 9 % 2 else "Ben"
        words = []
        for each in spoken:
            words.append(Word(word=each, start=round(at, 3), end=round(at + 0.3, 3), speaker=speaker))
            at += 0.3 + chance.choice((0.0, 0.02, 0.05))
        text = " ".join(spoken)
        segments.append(
            Segment(start=words[0].start, end=words[-1].end, text=text, speaker=speaker, words=tuple(words))
        )
        at += chance.uniform(0.2, 1.2)
    return Transcript(language="en", duration=max(at, SECONDS), segments=tuple(segments))


def word(chance: random.Random) -> str:
    """A word, or one of those that sentences are made of."""
    common = chance.random() < 0.5
    return chance.choice(("the", "and", "you", "we", "is", "to", "of", "never")) if common else rare(chance)


def rare(chance: random.Random) -> str:
    """The lower its number, the oftener it is said."""
    return f"word{int(VOCABULARY * chance.random() ** 3)}"


def heard() -> MediaAnalysis:
    """Curves in steps of 0.1 s, a scene every 20 s, a laugh every three minutes."""
    chance = random.Random(9)
    values = tuple(round(chance.random(), 3) for _ in range(SECONDS * 10))
    return MediaAnalysis(
        duration=SECONDS,
        scenes=tuple(Span(start=at, end=at + 20) for at in range(0, SECONDS, 20)),
        energy=Curve(step=0.1, values=values),
        pitch=Curve(step=0.1, values=tuple(100 + 100 * value if value > 0.3 else None for value in values)),
        reactions=tuple(
            Reaction(start=at, end=at + 2, kind="laughter", confidence=0.8) for at in range(90, SECONDS, 180)
        ),
    )


if __name__ == "__main__":
    main()
