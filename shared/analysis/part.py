"""Span: from when to when."""

from pydantic import Field

from shared.core.documents import StoredPart


class Span(StoredPart):
    """From when to when, in seconds of the recording: `start` <= `end`."""

    start: float = Field(ge=0)
    end: float = Field(ge=0)

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.end - self.start
