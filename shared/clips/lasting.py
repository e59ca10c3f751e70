"""Lasting: a transcript that goes on after its recording, as subtitles of a longer cut do, without what is not in that."""

from shared.transcripts import Segment, Transcript, Word


def until_end(transcript: Transcript, seconds: float) -> Transcript:
    """What is said in the first `seconds`, all that the recording lasts; a word at its end ends with it."""
    if all(segment.end <= seconds and _is_inside(segment, seconds) for segment in transcript.segments):
        return transcript
    segments = tuple(left for segment in transcript.segments if (left := _segment(segment, seconds)) is not None)
    return transcript.model_copy(update={"segments": segments, "duration": seconds})


def _is_inside(segment: Segment, seconds: float) -> bool:
    return all(word.end <= seconds for word in segment.words)


def _segment(segment: Segment, seconds: float) -> Segment | None:
    words = tuple(_word(word, seconds) for word in segment.words if word.start < seconds)
    if not words:
        return None
    text = segment.text if len(words) == len(segment.words) else " ".join(word.word for word in words)
    changes = {"start": min(segment.start, seconds), "end": min(segment.end, seconds), "words": words, "text": text}
    return segment.model_copy(update=changes)


def _word(word: Word, seconds: float) -> Word:
    return word.model_copy(update={"end": min(word.end, seconds)})
