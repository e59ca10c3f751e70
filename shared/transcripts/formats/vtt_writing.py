"""Writing WebVTT: plain, with the time of every word, and as Zoom has it."""

from collections.abc import Callable, Iterator

from shared.transcripts.formats.laying import Shown, layout
from shared.transcripts.formats.payload import escape
from shared.transcripts.formats.stamps import write_stamp
from shared.transcripts.transcript import Transcript
from shared.transcripts.wording import separator


def write_vtt(transcript: Transcript) -> str:
    """Cues of two lines at most, each with its speaker as a voice."""
    return _file(transcript, lambda shown: escape(shown.text))


def write_word_vtt(transcript: Transcript) -> str:
    """As write_vtt, with the start of each word before it, and its end where a silence follows: read again, nothing is lost."""
    return _file(transcript, lambda shown: "".join(_timed(shown)))


def write_zoom_vtt(transcript: Transcript) -> str:
    """A numbered cue for each segment, `Name: ` before its text."""
    blocks = [
        f"{number}\n{_range(segment.start, segment.end)}\n"
        f"{f'{escape(segment.speaker)}: ' if segment.speaker else ''}{escape(segment.text)}"
        for number, segment in enumerate(transcript.segments, 1)
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _file(transcript: Transcript, payload: Callable[[Shown], str]) -> str:
    header = f"WEBVTT\nLanguage: {transcript.language}" if transcript.language else "WEBVTT"
    blocks = [f"{_range(shown.start, shown.end)}\n{_voice(shown)}{payload(shown)}" for shown in layout(transcript)]
    return "\n\n".join([header, *blocks]) + "\n"


def _range(start: float, end: float) -> str:
    return f"{write_stamp(start)} --> {write_stamp(end)}"


def _voice(shown: Shown) -> str:
    return f"<v {escape(shown.speaker)}>" if shown.speaker else ""


def _timed(shown: Shown) -> Iterator[str]:
    latest = shown.start

    def stamp(moment: float) -> str:
        """Stamps rise, and lie inside the cue."""
        nonlocal latest
        if not round(latest * 1000) < round(moment * 1000) < round(shown.end * 1000):
            return ""
        latest = moment
        return f"<{write_stamp(moment)}>"

    words = [(word, number) for number, line in enumerate(shown.lines) for word in line]
    for place, (word, line) in enumerate(words):
        if place:
            before, line_before = words[place - 1]
            if word.start > before.end:
                yield stamp(before.end)
            yield "\n" if line > line_before else separator(before.word, word.word)
        yield f"{stamp(word.start)}{escape(word.word)}"
    if words:
        yield stamp(words[-1][0].end)
