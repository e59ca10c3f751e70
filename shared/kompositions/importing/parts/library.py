"""Library: the recordings among the documents of a file, with their named pieces, which other documents refer to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.kompositions.importing.parts.sketch import SourceKind
from shared.kompositions.model import Time


@dataclass(frozen=True)
class Recording:
    """A document about one recording: its names, and the file that is taken for it."""

    names: tuple[str, ...]
    source_id: str
    kind: SourceKind
    url: str | None = None


@dataclass(frozen=True)
class Section:
    """A named piece of a recording."""

    name: str
    recording: Recording
    start: Time
    duration: Time


@dataclass
class Library:
    """Sections by name."""

    sections: dict[str, list[Section]] = field(default_factory=dict)

    def add(self, sections: Iterable[Section]) -> None:
        """Know these too."""
        for section in sections:
            self.sections.setdefault(section.name, []).append(section)

    def find(self, name: str | None, reference: str | None) -> Section | None:
        """The section of that name, of the recording that `reference` names if there are several."""
        found = self.sections.get(name or "", [])
        named = [section for section in found if reference in section.recording.names]
        return next(iter([*named, *found]), None)
