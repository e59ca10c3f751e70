"""Captions: what is said, word by word, from a transcript, burnt in or beside the film."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kompositions.model.part import Color, Id, Part

CaptionStyle = Literal["plain", "karaoke", "highlight", "boxed", "pop", "bounce", "fade", "slide"]

Platform = Literal["tiktok", "reels", "stories", "shorts", "youtube", "linkedin"]
"""Where a film is shown, each with controls of its own over it."""

Speaker = Annotated[str, Field(min_length=1, max_length=100)]


class Word(Part):
    """A word with its times in seconds."""

    word: str = Field(max_length=200)
    start: float = Field(ge=0)
    end: float = Field(ge=0)
    probability: float | None = Field(default=None, ge=0, le=1)
    speaker: str | None = Field(default=None, max_length=100)


class Cue(Part):
    """A sentence or a part of one. Without words it is shown whole."""

    start: float = Field(ge=0, description="Seconds")
    end: float = Field(ge=0, description="Seconds")
    text: str = Field(max_length=2000)
    speaker: str | None = Field(default=None, max_length=100)
    words: list[Word] = Field(default=[], max_length=1000)


class Transcript(Part):
    """The usual JSON of speech recognition."""

    language: str | None = Field(default=None, max_length=35, description="BCP 47")
    segments: list[Cue] = Field(default=[], max_length=50_000)


class CaptionLook(Part):
    """How captions look, whatever they say: a brand's look is one of these."""

    style: CaptionStyle = Field(
        default="plain",
        description="karaoke: words fill as they are said. highlight: the word being said changes its colour. boxed: it stands "
        "on a box. pop, bounce, fade, slide: how a caption comes on",
    )
    platform: Platform | None = Field(
        default=None, description="Captions keep out of what this platform lays over the film"
    )
    position: Literal["top", "middle", "bottom"] = Field(default="bottom", description="In what is kept free for them")
    size: float = Field(default=0.055, gt=0, le=0.5, description="Height of a line as a fraction of the frame's height")
    font: str | None = Field(default=None, max_length=100)
    bold: bool = True
    uppercase: bool = False
    color: Color = "#ffffff"
    highlight_color: Color = Field(default="#ffd400", description="Of the word being said, or of the box it stands on")
    speaker_colors: dict[Speaker, Color] = Field(
        default={}, max_length=100, description="Of what each speaker says, instead of `color`"
    )
    outline_color: Color = "#000000"
    background: Color | None = None
    max_words: int = Field(default=8, ge=1, le=40, description="Most words seen at once")
    max_lines: int = Field(default=2, ge=1, le=6)


class CaptionTrack(CaptionLook):
    """Captions from `transcript`, or from the stored one named by `transcriptId`.

    With `sourceId` its times are the source's: each word appears wherever, and however fast, a segment shows that piece of
    the source. Without it they are times of the film."""

    id: Id = "captions"
    transcript: Transcript | None = None
    transcript_id: Id | None = None
    source_id: Id | None = None
    mode: Literal["burn", "sidecar", "both"] = Field(
        default="burn", description="sidecar: a WebVTT file beside the film"
    )
