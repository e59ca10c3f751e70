"""Reading a transcript of any format."""

from shared.transcripts.formats.detection import Format, checked, detect
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.json3 import read_json3
from shared.transcripts.formats.reading_json import parse_json
from shared.transcripts.formats.recognised import read_recognised
from shared.transcripts.formats.srt import read_srt
from shared.transcripts.formats.timing import transcript_of
from shared.transcripts.formats.txt import read_txt
from shared.transcripts.formats.vtt import read_vtt, read_zoom_vtt
from shared.transcripts.transcript import Transcript


def read_transcript(
    text: str,
    format: str | None = None,  # noqa: A002
    *,
    filename: str | None = None,
    duration: float | None = None,
) -> Transcript:
    """The transcript in a file's text; every word has a time. Without `format`, by what the file says and what it is called.

    `duration`: seconds of the recording, over which a text without any times is spread.
    Raises MalformedTranscript, which says the line, or in JSON the place, and what to do."""
    if not text.strip("\ufeff \t\r\n"):
        raise MalformedTranscript("There is nothing in it.", "empty-transcript")
    name = checked(format) if format is not None else detect(text, filename)
    return _lasting(_read(text, name, duration), duration)


def read_document(document: object, *, duration: float | None = None) -> Transcript:
    """The transcript in a parsed JSON document, of Kompo, an engine or YouTube. Raises MalformedTranscript with the place."""
    if isinstance(document, dict) and "events" in document and "segments" not in document:
        return _lasting(transcript_of(read_json3(document), "json3"), duration)
    return _lasting(read_recognised(document), duration)


def _lasting(read: Transcript, duration: float | None) -> Transcript:
    return read.model_copy(update={"duration": duration}) if read.duration is None and duration is not None else read


def _read(text: str, name: Format, duration: float | None) -> Transcript:
    match name:
        case "json":
            return read_recognised(parse_json(text))
        case "json3":
            return transcript_of(read_json3(parse_json(text)), name)
        case "srt":
            return transcript_of(read_srt(text), name)
        case "vtt" | "word_vtt":
            return transcript_of(read_vtt(text), name)
        case "zoom_vtt":
            return transcript_of(read_zoom_vtt(text), name)
        case "txt":
            return transcript_of(read_txt(text, duration), name)
