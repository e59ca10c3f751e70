"""Aspect: the shape of a frame, and the largest view of that shape on a picture."""

import re
from fractions import Fraction
from typing import Literal, get_args

from shared.core.errors import FieldError, InvalidInput
from shared.media.graph.scaling import Size

Aspect = Literal["9:16", "1:1", "4:5", "16:9"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
"""Those that platforms ask for; others are as good."""
_WRITTEN = re.compile(r"([1-9]\d{0,4}):([1-9]\d{0,4})")
_NARROWEST, _WIDEST = Fraction(1, 5), Fraction(5)


def read_aspect(text: str) -> Fraction:
    """Width by height of "9:16". Raises `InvalidInput`."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not _NARROWEST <= Fraction(int(found[1]), int(found[2])) <= _WIDEST:
        detail = f"{text[:20]!r} is no shape of a frame. Write width:height, such as {', '.join(ASPECTS)}."
        raise InvalidInput(detail, errors=[FieldError("/aspect", detail, "aspect")])
    return Fraction(int(found[1]), int(found[2]))


def view_size(shown: Size, aspect: Fraction) -> tuple[float, float]:
    """The largest view of this shape on a picture of `shown` square pixels: width and height, fractions of it."""
    own = Fraction(*shown)
    return (float(aspect / own), 1.0) if aspect <= own else (1.0, float(own / aspect))
