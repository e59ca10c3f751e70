"""Edits: what can be done to a transcript. Words are counted through the whole of it, from 0, as it is before the edit."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.core.documents import Part

MOST_EDITS = 500
"""In one go."""
Place = Annotated[int, Field(ge=0, le=2**31)]
Text = Annotated[str, Field(max_length=10_000)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class _Range(Part):
    first: Place = Field(description="The first word")
    last: Place = Field(description="The last word, inclusive")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("`last` is before `first`")
        return self


class SetWords(_Range):
    """Write words anew. The words of the text have the times of those that it shares with what was there; the others share the
    rest. Without a text the words are deleted."""

    op: Literal["setWords"] = "setWords"
    text: Text


class StrikeWords(_Range):
    """Delete words from what is written; the recording stays as it is."""

    op: Literal["deleteWords"] = "deleteWords"


class InsertWords(Part):
    """Write what was not heard: its words share the time between their neighbours."""

    op: Literal["insertWords"] = "insertWords"
    before: Place = Field(description="The word that it is written before; the number of words: at the end")
    text: Annotated[str, Field(min_length=1, max_length=10_000)]


class SetTimes(Part):
    """Say when a word is said. It stays between its neighbours."""

    op: Literal["setTimes"] = "setTimes"
    word: Place
    start: float = Field(ge=0)
    end: float = Field(ge=0)


class SplitSegment(Part):
    """Begin a new segment with a word."""

    op: Literal["splitSegment"] = "splitSegment"
    before: Place = Field(description="The word that the new segment begins with")


class JoinSegments(Part):
    """Make a segment and the one after it one. It has the speaker of the first; words keep theirs."""

    op: Literal["joinSegments"] = "joinSegments"
    segment: Place = Field(description="The first of the two, counted from 0")


class SetSpeaker(_Range):
    """Say who says some words. A segment that others share in is split."""

    op: Literal["setSpeaker"] = "setSpeaker"
    speaker: Name | None = Field(description="null: nobody knows")


class RenameSpeaker(Part):
    """Give a speaker another name, everywhere; somebody else's makes the two one."""

    op: Literal["renameSpeaker"] = "renameSpeaker"
    speaker: Name
    to: Name


class Query(Part):
    """Words to find, one after the other in a segment, with any space between."""

    find: Annotated[str, Field(min_length=1, max_length=500)]
    match_case: bool = False
    whole_words: bool = False
    speaker: Name | None = Field(default=None, description="Only in what this speaker says")


class Replace(Query):
    """Write something else wherever the query finds something. An empty text deletes it."""

    op: Literal["replace"] = "replace"
    replacement: Text


class SetLanguage(Part):
    """Say which language it is in."""

    op: Literal["setLanguage"] = "setLanguage"
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)] | None


Edit = Annotated[
    SetWords
    | StrikeWords
    | InsertWords
    | SetTimes
    | SplitSegment
    | JoinSegments
    | SetSpeaker
    | RenameSpeaker
    | Replace
    | SetLanguage,
    Field(discriminator="op"),
]
