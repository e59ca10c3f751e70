"""Paper editing of one hour of talk: 9,000 words, of which one click takes out fillers and silences. Goal: exported in 0.1 s.

`python -m bench.paper`. The baseline is the least that any export could do: laying the cuts out in frames and writing the
canonical JSON. The sound profile is made of noise as loud as a talk's, without a file."""

import json
from fractions import Fraction

from bench.diff import timed
from shared.analysis import Filler, TextAnalysis
from shared.kompositions import plan_timeline
from shared.kompositions.interchange import FORMATS, export_komposition
from shared.media import MediaInfo, StreamInfo
from shared.paper_editing import CleanUp, PaperEdit, SoundProfile, clean_up, to_komposition
from shared.paper_editing.sound_profile import ProfileBuilder
from shared.transcripts import Segment, Transcript, Word

WORDS, SECONDS = 9_000, 3_600
EACH = SECONDS / WORDS
SAID = 0.28
"""Seconds of a word."""
FILLER_EVERY, PAUSE_EVERY = 12, 15
GOAL_S = 0.1


def main() -> None:
    """Measure and print the table."""
    edit, profile, fillers = PaperEdit.of(talk(), SECONDS), sound(), TextAnalysis(fillers=tuple(said_fillers()))
    cleaned = clean_up(edit, CleanUp(), text=fillers, profile=profile)
    komposition = to_komposition(cleaned, "asset", info(), profile)
    pieces = len(komposition.tracks.video[0].segments)
    baseline = timed(lambda: (plan_timeline(komposition), json.dumps(komposition.to_json())))
    print(f"{f'1 h, {WORDS:,} words, {len(cleaned.cuts):,} cuts, {pieces:,} pieces':<48}{'median ms':>10}")
    print(f"{'plan it and write its JSON (baseline)':<48}{baseline * 1000:>10.1f}")
    for name in FORMATS:
        taken = timed(lambda name=name: export_komposition(komposition, name))
        report(f"export {name}", taken, baseline, f"goal {GOAL_S * 1000:.0f} ms")
    report("clean it up", timed(lambda: clean_up(edit, CleanUp(), text=fillers, profile=profile)), baseline)
    report("delete a word: the paper and its length", timed(lambda: cleaned.delete(4_500).cuts), baseline)
    report("make the komposition", timed(lambda: to_komposition(cleaned, "asset", info(), profile)), baseline)


def report(name: str, taken: float, baseline: float, goal: str = "") -> None:
    """One line of the table."""
    print(f"{name:<48}{taken * 1000:>10.1f}   {taken / baseline:6.1f} x baseline   {goal}")


def talk() -> Transcript:
    """Words evenly said; every so often a pause twice as long as a word."""
    words = [Word(word=f"word{n}", start=round(begin(n), 3), end=round(begin(n) + SAID, 3)) for n in range(WORDS)]
    segments = [
        Segment(start=part[0].start, end=part[-1].end, text=" ".join(word.word for word in part), words=tuple(part))
        for part in (words[first : first + 15] for first in range(0, WORDS, 15))
    ]
    return Transcript(language="en", duration=SECONDS, segments=tuple(segments))


def begin(number: int) -> float:
    """When a word is said: those after a pause run closer together."""
    turn, place = divmod(number, PAUSE_EVERY)
    return turn * PAUSE_EVERY * EACH + place * (PAUSE_EVERY * EACH - 1.0) / PAUSE_EVERY


def said_fillers() -> list[Filler]:
    """Every twelfth word."""
    return [Filler(index=n, word="um", start=begin(n), end=begin(n) + SAID) for n in range(5, WORDS, FILLER_EVERY)]


def sound() -> SoundProfile:
    """Noise: loud while a word is said, soft in between."""
    import numpy as np

    rate = 48_000
    noise = np.random.default_rng(1).normal(scale=0.002, size=60 * rate).astype(np.float32)
    builder = ProfileBuilder()
    for minute in range(SECONDS // 60):
        wave = noise.copy()
        for number in range(minute * WORDS * 60 // SECONDS, (minute + 1) * WORDS * 60 // SECONDS):
            first = round((begin(number) - minute * 60) * rate)
            wave[first : first + round(SAID * rate)] *= 60
        builder.add(wave.tobytes())
    return builder.build()


def info() -> MediaInfo:
    """A film of 1920x1080 at 29.97 frames a second."""
    picture = StreamInfo(
        index=0, kind="video", codec="h264", width=1920, height=1080, frame_rate=Fraction(30_000, 1_001)
    )
    heard = StreamInfo(index=1, kind="audio", codec="aac", sample_rate=48_000, channels=2)
    return MediaInfo(container="mov,mp4", exact_duration=Fraction(SECONDS), size=1, streams=(picture, heard))


if __name__ == "__main__":
    main()
