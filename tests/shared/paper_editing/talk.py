"""A recording in which every word is a tone of its own, in a room that hums softly, over pictures that show their number."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.kompositions import Komposition, MediaGraph, SourceMedia, compile_komposition, plan_timeline
from shared.media import probe
from shared.paper_editing import SOURCE, PaperEdit, SoundProfile, listen, to_komposition
from shared.transcripts import Segment, Transcript, Word
from tests.shared.kompositions.graph.measuring import samples
from tests.shared.media.clips import numbered

RATE = 48_000
ROOM = 0.004
"""RMS of the room."""
LOUD = 0.3
"""Amplitude of a word."""


def tone_of(number: int) -> int:
    """The frequency in which a word is said, Hz: a multiple of 20."""
    return 400 + 140 * number


@dataclass(frozen=True)
class Talk:
    """The recording, its words, and what was heard in it."""

    media: SourceMedia
    transcript: Transcript
    profile: SoundProfile
    sound: NDArray[np.float64]

    @property
    def edit(self) -> PaperEdit:
        """An edit in which nothing is done yet."""
        return PaperEdit.of(self.transcript, float(self.media.info.exact_duration))

    def komposition(self, edit: PaperEdit) -> Komposition:
        """What the edit makes of the recording."""
        return to_komposition(edit, "asset", self.media.info, self.profile)

    def film(self, edit: PaperEdit, folder: Path) -> MediaGraph:
        """The same, compiled."""
        return compile_komposition(self.komposition(edit), {SOURCE: self.media}, folder)

    def heard(self, edit: PaperEdit, folder: Path) -> NDArray[np.float64]:
        """What is heard of it: samples of the left side."""
        return samples(self.film(edit, folder))[:, 0].astype(np.float64)


def transcribe(times: Sequence[tuple[float, float]]) -> Transcript:
    """A transcript of words w0, w1 … that are said at these times, four to a segment."""
    words = [Word(word=f"w{number}", start=start, end=end) for number, (start, end) in enumerate(times)]
    segments = [
        Segment(start=part[0].start, end=part[-1].end, text=" ".join(word.word for word in part), words=tuple(part))
        for part in (words[first : first + 4] for first in range(0, len(words), 4))
    ]
    return Transcript(language="en", segments=tuple(segments))


def speak(times: Sequence[tuple[float, float]], seconds: float, edges: float = 0.008) -> NDArray[np.float64]:
    """Samples of a talk: each word a tone with edges of so many seconds, over the room's low noise."""
    noise = np.random.default_rng(7).normal(size=round(seconds * RATE) + 64)
    smooth = np.convolve(noise, np.hanning(48), "same")[: round(seconds * RATE)]
    said = smooth * ROOM / np.sqrt(np.mean(smooth**2))
    for number, (start, end) in enumerate(times):
        first, last = round(start * RATE), round(end * RATE)
        edge = np.minimum(1, np.minimum(np.arange(last - first), np.arange(last - first)[::-1]) / (edges * RATE))
        shape = np.sin(edge * np.pi / 2) ** 2
        said[first:last] += LOUD * shape * np.sin(2 * np.pi * tone_of(number) * np.arange(last - first) / RATE)
    return said


def record(folder: Path, times: Sequence[tuple[float, float]], seconds: float, edges: float = 0.008) -> Talk:
    """A talk as a file: 30 numbered pictures a second, sound that is not compressed."""
    said = speak(times, seconds, edges)
    sound = folder / "talk.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((said * 32767).round().astype("<i2").tobytes())
    path = numbered(folder / "talk.mov", seconds, more=("-i", str(sound), "-c:a", "pcm_s16le"))
    media = SourceMedia(path, probe(path))
    return Talk(media, transcribe(times), listen(path, media.info), said)


def shares(talk: Talk, heard: NDArray[np.float64]) -> list[float]:
    """Of each word, how much is heard in a sound, wherever that is the most: 1 is all of it, sample for sample."""
    size = 1 << (len(heard) + RATE).bit_length()
    spectrum = np.fft.rfft(heard, size)
    found = []
    for word in talk.transcript.words:
        said = talk.sound[round(word.start * RATE) : round(word.end * RATE)]
        alike = np.fft.irfft(spectrum * np.conj(np.fft.rfft(said, size)), size)
        found.append(float(np.abs(alike).max() / np.sum(said**2)))
    return found


def joins(komposition: Komposition) -> list[int]:
    """The samples of a film at which its pieces meet, and where the sound of one ends before its last frame does."""
    timeline = plan_timeline(komposition)
    found = []
    for slot, segment in zip(timeline.tracks[0], komposition.tracks.video[0].segments, strict=True):
        start = timeline.samples(0, slot.start_frame)
        length = segment.source_duration.value * RATE if segment.source_duration else 0
        found += [start, start + round(length)]
    return [join for join in found if join > 3]


def level(part: NDArray[np.float64]) -> float:
    """RMS."""
    return float(np.sqrt(np.mean(part**2)))
