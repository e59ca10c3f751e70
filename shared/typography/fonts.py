"""Fonts: the families that Kompo brings along, so that the same document gives the same picture on every machine.

All are under the SIL Open Font License (Ubuntu: Ubuntu Font License). FiraGO, from the Python package `pymupdf-fonts`, is Kompo's
own sans serif: Latin, Greek, Cyrillic, Georgian, Hebrew, Arabic, Devanagari and Thai in four styles; a family that is not known
is drawn in it. What a family lacks is drawn in Noto's fonts for other scripts and emoji, from `manimgx-fonts`, and Chinese,
Japanese and Korean in Noto Sans CJK, from `manimgx-fonts-cjk`. libass draws only a font file's default weight and that font has
all its weights in one file of 33 MB, so the characters that are needed are cut out of it, in the weight that is needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import uharfbuzz

Han = Literal["zh", "zh-Hant", "ja", "ko"]
"""Whose shapes ideographs have: the same character is written differently in China, Taiwan, Japan and Korea."""

_OWN, _SCRIPTS, _CJK = "pymupdf_fonts", "manimgx_fonts", "manimgx_fonts_cjk"
_CJK_FAMILIES: Mapping[Han, tuple[int, str]] = {
    "ja": (0, "Noto Sans CJK JP"),
    "ko": (1, "Noto Sans CJK KR"),
    "zh": (2, "Noto Sans CJK SC"),
    "zh-Hant": (3, "Noto Sans CJK TC"),
}


@dataclass(frozen=True)
class Face:
    """A style of a family: the family's name, as the font files have it, and the file in the package.

    `weight`: which weight of a file that has many, its font number `index`; None: the file has one."""

    family: str
    file: str
    package: str = _OWN
    index: int = 0
    weight: int | None = None

    @property
    def takes_shaping(self) -> bool:
        """Whether the file is of TrueType outlines with rules of how letters join: those of Noto for other scripts are."""
        return self.package == _SCRIPTS and self.family.startswith("Noto Sans ")

    def data(self) -> bytes:
        """The font file."""
        return _load(self.package, self.file)

    def open(self) -> "uharfbuzz.Face":
        """The font for HarfBuzz, all of it."""
        import uharfbuzz

        return uharfbuzz.Face(self.data(), self.index)

    def cut(self, text: Iterable[str]) -> bytes:
        """A font file with the characters of `text`, in the face's weight."""
        import uharfbuzz

        face = self.open()
        wanted = uharfbuzz.SubsetInput()
        wanted.unicode_set.update(map(ord, {" ", *text}))
        wanted.name_id_set.update(range(_NAMES))
        if self.weight is not None:
            wanted.pin_axis_location(face, "wght", self.weight)
        data: bytes = uharfbuzz.subset(face, wanted).blob.data
        return data


_NAMES = 26
"""Entries of a font's table of names that OpenType defines."""


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


def _script(name: str) -> Face:
    return Face(f"Noto Sans {name}", f"NotoSans{name}[wght].ttf", _SCRIPTS)


FALLBACKS = (
    DEFAULT.face(),
    Face("Noto Sans", "notos"),
    Face("Noto Emoji", "NotoEmoji[wght].ttf", _SCRIPTS),
    Face("Noto Sans Symbols2", "symbol2"),
    Face("Noto Sans Symbols", "symbol1"),
    Face("Noto Sans Math", "math"),
    Face("Noto Music", "music"),
    *map(
        _script,
        (
            "Bengali",
            "Tamil",
            "Telugu",
            "Gujarati",
            "Kannada",
            "Malayalam",
            "Gurmukhi",
            "Oriya",
            "Sinhala",
            "Myanmar",
            "Khmer",
            "Lao",
            "Armenian",
            "Ethiopic",
        ),
    ),
)
"""Where a character is looked for that the family has not, in this order. After them comes `cjk_face`."""


def cjk_face(han: Han, *, bold: bool) -> Face:
    """Chinese, Japanese and Korean, ideographs in the shapes of `han`."""
    index, family = _CJK_FAMILIES[han]
    return Face(family, "NotoSansCJK-VF.otf.ttc", _CJK, index, 700 if bold else 400)


def find_family(name: str | None) -> Family:
    """The family of this name in any case, or Kompo's own."""
    return FAMILIES.get((name or "").strip().casefold(), DEFAULT)


def write_faces(faces: Iterable[Face], text: str, folder: Path) -> tuple[Path, list[Path]]:
    """The font files in a folder for libass, written unless they are there: the folder, inside `folder`, and the files.

    Files that are cut to the characters of `text` are in a folder of their own: libass takes what it finds under a name."""
    ordered = sorted(faces, key=lambda face: (face.family, face.file, face.index, face.weight or 0))
    name = "fonts"
    if any(face.weight is not None for face in ordered):
        name += "-" + sha256(repr((ordered, sorted(set(text)))).encode(errors="replace")).hexdigest()[:16]
    return folder / name, [_write(face, text, folder / name) for face in ordered]


def _write(face: Face, text: str, folder: Path) -> Path:
    one_of_many = f"-{face.index}-{face.weight}" if face.weight is not None else ""
    path = folder / f"{Path(face.file).stem}{one_of_many}.ttf"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(face.data() if face.weight is None else face.cut(text))
    return path


@lru_cache(maxsize=32)
def _load(package: str, file: str) -> bytes:
    if package != _OWN:
        return (files(package) / file).read_bytes()
    from pymupdf_fonts import fontbuffers

    data: bytes = fontbuffers[file]()
    return data
