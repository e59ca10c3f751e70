"""ASS: the script that libass draws text from. Every text in it is data: nothing in it is ever taken for markup.

The script's clock is the film's frame counter: every frame is a tenth of a second, and events begin and end half way between
frames. So what is seen in which frame is exact at every frame rate."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.typography import Face, Typeface

FRAME = 100
"""Milliseconds of a frame on the script's clock."""
FIRST = 1
"""Where on that clock, in frames, the film's first frame is: events begin half a frame before, and no clock goes below 0."""
_HALF = FRAME // 2

_STYLE_FIELDS = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, "
    "ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding"
)
_EVENT_FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
_OUTER_SPACE = re.compile(r"^ +| +$")
_WORD_JOINER = "\u2060"
_NO_BREAK_SPACE = "\u00a0"
_EITHER_DIRECTION = -1


@dataclass(frozen=True)
class Color:
    """Red, green and blue from 0 to 255, opacity from 0 to 1."""

    red: int
    green: int
    blue: int
    opacity: float = 1.0

    @classmethod
    def of(cls, written: str) -> "Color":
        """From #RRGGBB or #RRGGBBAA."""
        red, green, blue, alpha = bytes.fromhex(written[1:].ljust(8, "f"))
        return cls(red, green, blue, alpha / 255)

    def faded(self, opacity: float) -> "Color":
        """The same colour, less opaque by this factor."""
        return Color(self.red, self.green, self.blue, self.opacity * opacity)

    def contrast(self, other: "Color") -> float:
        """How well one is read on the other, from 1 to 21: the contrast ratio of WCAG 2."""
        dark, light = sorted((self._luminance, other._luminance))
        return (light + 0.05) / (dark + 0.05)

    @property
    def _luminance(self) -> float:
        parts = (value / 255 for value in (self.red, self.green, self.blue))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    @property
    def alpha(self) -> str:
        """As a tag takes it: 00 is opaque."""
        return f"&H{255 - round(255 * min(1.0, max(0.0, self.opacity))):02X}&"

    @property
    def code(self) -> str:
        """As a tag takes it, without the opacity."""
        return f"&H{self.blue:02X}{self.green:02X}{self.red:02X}&"


@dataclass(frozen=True)
class Style:
    """What all events of an item have in common. Sizes are pixels."""

    name: str
    typeface: Typeface
    size: float
    bold: bool = False
    italic: bool = False

    def line(self) -> str:
        """Its line in the script."""
        face = self.typeface.face.family
        colors = "&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000"
        return (
            f"Style: {self.name},{face},{self.size:.3f},{colors},{-self.bold},{-self.italic},0,0,"
            f"100,100,0,0,1,0,0,5,0,0,0,{_EITHER_DIRECTION}"
        )

    def markup(self, text: str) -> str:
        """One line of text as it is: escaped, and each part in a font that has it."""
        own = self.typeface.face
        marked = ""
        for face, part in self.typeface.runs(_OUTER_SPACE.sub(lambda found: _NO_BREAK_SPACE * len(found[0]), text)):
            foreign = face is not None and face != own
            marked += f"{{\\fn{face.family}}}{escape(part)}{{\\fn}}" if face and foreign else escape(part)
        return marked


@dataclass(frozen=True)
class Event:
    """Something seen in the frames from `first` up to, not including, `end`. `text` is markup, drawn with `faces`."""

    first: int
    end: int
    style: Style
    text: str
    faces: frozenset[Face] = frozenset()

    def line(self) -> str:
        """Its line in the script."""
        return f"Dialogue: 0,{_clock(self.first)},{_clock(self.end)},{self.style.name},,0,0,0,,{self.text}"


def escape(text: str) -> str:
    """One line of text as libass shows it literally: braces are escaped, and no backslash touches what could follow it."""
    return text.replace("\\", "\\" + _WORD_JOINER).replace("{", "\\{").replace("}", "\\}")


def moment(first: int, frame: int) -> int:
    """Milliseconds from the start of an event that is first seen in frame `first` to frame `frame`."""
    return (frame - first) * FRAME + _HALF


def script(events: Sequence[Event], width: int, height: int) -> str:
    """The whole file, for a picture of this size."""
    styles: Iterable[Style] = dict.fromkeys(event.style for event in events)
    return "\n".join(
        (
            "[Script Info]",
            "ScriptType: v4.00+",
            f"PlayResX: {width}",
            f"PlayResY: {height}",
            "WrapStyle: 2",
            "ScaledBorderAndShadow: yes",
            "YCbCr Matrix: None",
            "",
            "[V4+ Styles]",
            f"Format: {_STYLE_FIELDS}",
            *(style.line() for style in styles),
            "",
            "[Events]",
            f"Format: {_EVENT_FIELDS}",
            *(event.line() for event in events),
            "",
        )
    )


def _clock(frame: int) -> str:
    hundredths = ((frame + FIRST) * FRAME - _HALF) // 10
    seconds, hundredths = divmod(hundredths, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{hundredths:02d}"
