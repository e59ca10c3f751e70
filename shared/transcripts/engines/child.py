"""What runs in a process of an engine's own: native code that holds Python's lock as long as it works, or cannot be stopped.

Run as a file (`python -P child.py ENGINE ARGUMENTS…`), so that nothing but the engine is loaded. It reads questions, pickled:
the name of a method and its arguments; and answers each, pickled: how that went, and the result or what went wrong. It ends
when there is nothing more to read, so also when the process that it works for dies."""

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter
from typing import Any

RATE = 16_000
DONE, FAILED, UNREADY = "done", "failed", "unready"
"""How a question ended: with its answer, with the reason why there is none and its traceback, or with the reason why there is no
engine to ask."""
_LONGEST_REASON = 300
Told = tuple[str, float | None, float | None, float | None]
"""A word: its text, start and end in seconds of its piece, probability."""

_BEAMS = {"maxwpf": 10, "maxhmmpf": 3000}
"""Words and states that PocketSphinx follows at once: a third of the time of its defaults, for nearly the same words."""
_FRAMES = 100
"""A second, as both engines count."""
_REPEATS, _UNSURE, _NO_SPEECH = 2.4, -1.0, 0.6
"""Whisper's own bounds: how well a text may compress; how improbable it is, and how probably nobody speaks, if nobody does."""
_NO_REPEAT = 3
"""Words in a row that do not come twice in a piece that came out as a stammer."""
_BRIEF, _MANY, _DOUBTED = 0.04, 0.1, -0.5
"""Seconds in which nobody says a word, the share of a text that may be as brief, and how improbable it may be: a text beyond
these is not believed where models are likely to err."""
_SURE = 0.6
"""How probable another language must be, if what is heard in the recording's makes no sense."""
_UNHEARD = 2.0
"""Seconds of speech after the last word that are heard again."""


class Sphinx:
    """PocketSphinx with the model of its package."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(samprate=RATE, loglevel="FATAL", **_BEAMS)

    def hear(self, samples: Any) -> list[Told]:
        """The words of a piece, its fillers among them."""
        import numpy as np

        whole = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        self._decoder.start_utt()
        # All of it at once: its loudness is then measured before it is heard, not while.
        self._decoder.process_raw(whole, False, True)
        self._decoder.end_utt()
        if self._decoder.hyp() is None:
            return []
        return [
            (word.word, word.start_frame / _FRAMES, (word.end_frame + 1) / _FRAMES, min(1.0, max(0.0, word.prob)))
            for word in self._decoder.seg()
        ]


class Whisper:
    """faster-whisper with the model of a folder."""

    def __init__(self, folder: str, device: str, compute: str, threads: str, batch: str) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        self._model = WhisperModel(folder, device=device, compute_type=compute, cpu_threads=int(threads))
        self._pipeline = BatchedInferencePipeline(self._model)
        self._batch = int(batch)
        if device == "cuda":
            self._compute()

    def _compute(self) -> None:
        """A GPU whose libraries are missing, or whose driver is too old, is found out when it computes, not before."""
        import numpy as np

        self._hear([np.zeros(RATE, np.float32)], "en")

    def languages(self) -> list[str]:
        """The codes of those that it knows."""
        return list(self._model.supported_languages)

    def detect(self, pieces: Sequence[Any]) -> list[list[tuple[str, float]]]:
        """How probable each language is in each piece."""
        if not self._model.model.is_multilingual:
            return [[("en", 1.0)] for _ in pieces]
        return [self._model.detect_language(piece)[2] for piece in pieces]

    def hear(self, pieces: Sequence[Any], language: str, guessed: bool) -> list[list[Told]]:
        """The words of each piece: all at a time. One that came out as a stammer is heard again, without repeats, and so is the
        rest of one whose words end long before it does. If the language is `guessed`, what makes no sense in it is heard in its
        own."""
        other = self._in_another if guessed else _as_it_is
        return [
            self._to_the_end(
                piece, self._steady(piece, other(piece, result, language), language).words, language, other
            )
            for piece, result in zip(pieces, self._hear(pieces, language), strict=True)
        ]

    def _in_another(self, piece: Any, result: "Result", language: str) -> "Result":
        if not result.doubtful:
            return result
        told, probability = max(self.detect([piece])[0], key=itemgetter(1))
        if told == language or probability < _SURE:
            return result
        (other,) = self._hear([piece], told)
        return result if other.doubtful or not other.words else other

    def _steady(self, piece: Any, result: "Result", language: str) -> "Result":
        return self._hear([piece], language, no_repeat_ngram_size=_NO_REPEAT)[0] if result.stammers else result

    def _to_the_end(self, piece: Any, words: list[Told], language: str, other: "Other") -> list[Told]:
        while words and (ended := words[-1][2]) is not None and len(piece) / RATE - ended > _UNHEARD:
            unheard = piece[int(ended * RATE) :]
            rest = other(unheard, self._hear([unheard], language)[0], language)
            if rest.doubtful or not rest.words or not rest.words[-1][2]:
                break
            words = [*words, *rest.later(ended)]
        return words

    def _hear(self, pieces: Sequence[Any], language: str, **options: Any) -> "list[Result]":
        import numpy as np

        ends = list(accumulate(len(piece) for piece in pieces))
        starts = [end - len(piece) for end, piece in zip(ends, pieces, strict=True)]
        segments, _ = self._pipeline.transcribe(
            np.concatenate(pieces),
            language=language,
            clip_timestamps=[{"start": s / RATE, "end": e / RATE} for s, e in zip(starts, ends, strict=True)],
            batch_size=self._batch,
            word_timestamps=True,
            without_timestamps=True,
            **options,
        )
        results = {int(start / RATE * _FRAMES): Result() for start in starts}
        for segment in segments:
            results[segment.seek].add(segment)
        return list(results.values())


@dataclass
class Result:
    """What came out of a piece."""

    words: list[Told] = field(default_factory=list)
    stammers: bool = False
    doubtful: bool = False

    def add(self, segment: Any) -> None:
        """Take a segment of the piece, unless nobody speaks in it."""
        doubtful = _doubtful(segment)
        self.doubtful = self.doubtful or doubtful
        self.stammers = self.stammers or (doubtful and segment.compression_ratio > _REPEATS)
        if not (segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _UNSURE):
            self.words += _words(segment)

    def later(self, by: float) -> Iterator[Told]:
        """The words of a piece that begins so many seconds later."""
        for text, start, end, probability in self.words:
            yield text, None if start is None else start + by, None if end is None else end + by, probability


Other = Callable[[Any, Result, str], Result]
"""What came out of a piece in a language, or what comes out of it in its own."""


def _as_it_is(piece: Any, result: Result, language: str) -> Result:
    del piece, language
    return result


def _doubtful(segment: Any) -> bool:
    """Whether it is improbable, or many of its words have no sound of their own. Those of a stammer fall together; who says the
    same again takes as long as before."""
    brief = sum(word.end - word.start < _BRIEF for word in segment.words or [])
    return segment.avg_logprob < _DOUBTED or not segment.words or brief > _MANY * len(segment.words)


def _words(segment: Any) -> Iterator[Told]:
    """The words of a segment. Where their times do not make up its text, the text counts, without times."""
    words, begins = segment.words or [], segment.seek / _FRAMES
    if "".join(word.word for word in words).strip() != segment.text.strip():
        yield from ((f" {word}", None, None, None) for word in segment.text.split())
        return
    for word in words:
        yield word.word, float(word.start - begins), float(word.end - begins), float(word.probability)


def _in_a_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_REASON]


def main() -> None:
    """Answer until nothing more is asked. Of an engine that cannot be made, every answer is why, in a line."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What libraries print is no answer.
    engine, unready = None, ""
    try:
        engine = {"sphinx": Sphinx, "whisper": Whisper}[sys.argv[1]](*sys.argv[2:])
    except Exception as error:
        unready = _in_a_line(error)
    while True:
        try:
            method, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        try:
            answer = (UNREADY, unready) if engine is None else (DONE, getattr(engine, method)(*arguments))
        except Exception as error:
            answer = (FAILED, (_in_a_line(error), traceback.format_exc()))
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()
