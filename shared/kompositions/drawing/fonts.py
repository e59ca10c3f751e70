"""Fonts: the families that Kompo brings along, so that the same document gives the same picture on every machine.

They come with the Python package `pymupdf-fonts` (SIL Open Font License; Ubuntu: Ubuntu Font License). FiraGO is Kompo's own
sans serif: Latin, Greek, Cyrillic, Georgian, Hebrew, Arabic, Devanagari and Thai in four styles. A family that is not among
them is drawn in FiraGO. Glyphs that none of them has, such as Chinese ones, come from the machine's own fonts, if it has any."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Face:
    """A style of a family: the family's name, as the font files have it, and the package's name for the file."""

    family: str
    file: str

    def data(self) -> bytes:
        """The font file."""
        return _load(self.file)


@dataclass(frozen=True)
class Family:
    """A family by name, and its files: regular, bold, italic, bold italic; one that is missing is made up from another."""

    name: str
    files: tuple[str, ...]

    def face(self, *, bold: bool = False, italic: bool = False) -> Face:
        """The style asked for, or what it is made up from."""
        wanted = bold + 2 * italic
        return Face(self.name, self.files[wanted if wanted < len(self.files) else bold % len(self.files)])


DEFAULT = Family("FiraGO", ("figo", "figbo", "figit", "figbi"))
_OTHERS = (
    Family("Noto Sans", ("notos", "notosbo", "notosit", "notosbi")),
    Family("Ubuntu", ("ubuntu", "ubuntubo", "ubuntuit", "ubuntubi")),
    Family("Ubuntu Mono", ("ubuntm", "ubuntmbo", "ubuntmit", "ubuntmbi")),
    Family("Space Mono", ("spacemo", "spacembo", "spacemit", "spacembi")),
    Family("Cascadia Mono", ("cascadia", "cascadiab", "cascadiai", "cascadiabi")),
    Family("Fira Mono", ("fimo", "fimbo")),
)
FAMILIES: Mapping[str, Family] = {family.name.casefold(): family for family in (DEFAULT, *_OTHERS)}
"""Every family that can be asked for, by its name in lower case."""

FALLBACKS = (
    DEFAULT.face(),
    Face("Noto Sans", "notos"),
    Face("Noto Sans Symbols2", "symbol2"),
    Face("Noto Sans Symbols", "symbol1"),
    Face("Noto Sans Math", "math"),
    Face("Noto Music", "music"),
)
"""Where a character is looked for that the family has not, in this order."""


def find_family(name: str | None) -> Family:
    """The family of this name in any case, or Kompo's own."""
    return FAMILIES.get((name or "").strip().casefold(), DEFAULT)


def write_face(face: Face, folder: Path) -> Path:
    """The font file in `folder`, written unless it is there."""
    path = folder / f"{face.file}.ttf"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(face.data())
    return path


@lru_cache(maxsize=16)
def _load(file: str) -> bytes:
    from pymupdf_fonts import fontbuffers

    data: bytes = fontbuffers[file]()
    return data
