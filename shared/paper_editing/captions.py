"""Captions of a paper edit: the transcript of what is left, in the recording's own times."""

from collections.abc import Iterator, Sequence
from typing import Any

from shared.paper_editing.edit import PaperEdit
from shared.transcripts import Word

_MOST_WORDS = 1000
"""In one cue of a komposition."""


def caption_transcript(edit: PaperEdit) -> dict[str, Any]:
    """The words that are heard, sentence by sentence, as a komposition's caption track takes them."""
    heard = set(edit.page.words)
    cues, number = [], 0
    for segment in edit.transcript.segments:
        kept = [word for place, word in enumerate(segment.words, number) if place in heard]
        number += len(segment.words)
        cues += [_cue(part, segment.speaker) for part in _parts(kept)]
    return {**({"language": edit.transcript.language} if edit.transcript.language else {}), "segments": cues}


def _parts(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    for first in range(0, len(words), _MOST_WORDS):
        yield words[first : first + _MOST_WORDS]


def _cue(words: Sequence[Word], speaker: str | None) -> dict[str, Any]:
    said = [word.model_dump(by_alias=True, exclude_none=True) for word in words]
    return {
        "start": min(word.start for word in words),
        "end": max(word.end for word in words),
        "text": " ".join(word.word for word in words)[:2000],
        **({"speaker": speaker} if speaker else {}),
        "words": said,
    }
