"""Segments: what an SMS is cut into, and paid by. Of GSM's letters (3GPP 23.038) one holds 160, and each of several 153; as soon
as there is another letter in the text, 70 and 67 (of UTF-16). No letter is cut."""

from bisect import bisect_left

MOST = 3
"""Segments of an SMS."""
_NARROW, _WIDE = (160, 153), (70, 67)
"""What one alone holds, and each of several."""
_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("\f^{}\\[~]|€")
"""Letters that count as two."""
_CUT = "..."


def segments(text: str) -> int:
    """How many segments a text takes."""
    narrow = set(text) <= _LETTERS | _TWICE
    sizes = [1 + (letter in _TWICE if narrow else letter > "\uffff") for letter in text]
    alone, each = _NARROW if narrow else _WIDE
    if sum(sizes) <= alone:
        return 1
    count = room = 0
    for size in sizes:
        if size > room:
            count, room = count + 1, each
        room -= size
    return count


def fits(text: str) -> bool:
    """Whether a text can be an SMS."""
    return segments(text) <= MOST


def shortened(text: str, end: str = "") -> str:
    """The text and `end`, which fits; if both do not, as much of the beginning of the text as does, with a mark."""
    if fits(text + end):
        return text + end
    most = bisect_left(range(len(text)), True, key=lambda count: not fits(f"{text[: count + 1]}{_CUT}{end}"))
    return f"{text[:most]}{_CUT}{end}"
