"""Forward: a cue that ends before it starts is a slip of somebody's pen; most cues of a file that do are no slip."""

from collections.abc import Sequence
from dataclasses import replace

from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.rolling import ShownLines
from shared.transcripts.formats.stamps import write_stamp


def forward(shown: Sequence[ShownLines], code: str) -> list[ShownLines]:
    """The cues, one that ends before it starts there for no time: it is said in the time that its words take.

    Raises MalformedTranscript, naming the first such line, where half of the cues are such."""
    backward = [cue for cue in shown if cue.end < cue.start]
    if backward and len(backward) * 2 >= len(shown):
        first = backward[0]
        detail = (
            f"It ends ({write_stamp(first.end)}) before it starts ({write_stamp(first.start)}), as do "
            f"{len(backward)} of {len(shown)} cues. Put the earlier time first."
        )
        raise MalformedTranscript(detail, code, line=first.line)
    return [replace(cue, end=max(cue.start, cue.end)) for cue in shown]
