"""Writing a transcript in any format."""

import json

from shared.transcripts.formats.detection import checked
from shared.transcripts.formats.json3 import write_json3
from shared.transcripts.formats.srt import write_srt
from shared.transcripts.formats.txt import write_txt
from shared.transcripts.formats.vtt_writing import write_vtt, write_word_vtt, write_zoom_vtt
from shared.transcripts.transcript import Transcript


def write_transcript(transcript: Transcript, format: str, *, speakers: bool = False, times: bool = False) -> str:  # noqa: A002
    """The transcript in a format. `speakers`: names in SRT too, where viewers see them. `times`: when each paragraph of a text
    begins. Raises MalformedTranscript for a format that there is not."""
    match checked(format):
        case "json":
            return transcript.model_dump_json(by_alias=True) + "\n"
        case "json3":
            return json.dumps(write_json3(transcript), ensure_ascii=False, separators=(",", ":")) + "\n"
        case "srt":
            return write_srt(transcript, speakers=speakers)
        case "vtt":
            return write_vtt(transcript)
        case "word_vtt":
            return write_word_vtt(transcript)
        case "zoom_vtt":
            return write_zoom_vtt(transcript)
        case "txt":
            return write_txt(transcript, times=times)
