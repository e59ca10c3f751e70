"""Personal data of people who are not: what tests push into every field, and how to tell that any of it came through."""

import re
from typing import Any

from hypothesis import strategies as st

PEOPLE = ("Wilhelmina Kowalczyk", "Søren Ångström", "Nguyễn Thị Hoa", "山田太郎", "Oumuamua O'Shaughnessy")
NUMBERS = (4_915_123_456_789, 2_025_550_143, 378_282_246_310_005)
"""Of telephones and of a card."""
_TEXTS = (
    "wilhelmina.kowalczyk@example.com",
    "ｗｉｌｈｅｌｍｉｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    "wilhel\u200bmina@example\u200b.com",
    "wilhelmina (at) example (dot) com",
    "/home/kowalczyk/wedding/ceremony.mp4",
    r"C:\Users\Kowalczyk\ceremony.mov",
    "https://example.com/u/kowalczyk?token=zgqxjw77",
    "gs://kowalczyk-bucket/users/wilhelmina",
    "+49 151 2345 6789",
    "0151 / 234 56 789",
    "(202) 555-0143",
    "203.0.113.77",
    "2001:db8:85a3::8a2e:370:7334",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "sk-live-51HqLyjWDarjtT1zdp7dcqzgqxjw",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3aWxoZWxtaW5hIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "AKIAIOSFODNN7EXAMPLE",
    "DE89370400440532013000",
    "4111 1111 1111 1111",
    "52.520008, 13.404954",
    "wilhelmina-kowalczyk",
    "wilhelmina_kowalczyk",
    "kowalczyk",
)
TEXTS = (*PEOPLE, *_TEXTS)
_NEEDLES = re.compile(
    r"wilhel|kowalczyk|søren|ångström|nguy|thị|山田|太郎|oumuamua|shaughnessy|ｗｉｌ|203\.0\.113|2001:db8|8a2e:|ghp_|16c7e42f|51hqlyjw|zgqxjw"
    r"|eyjhbgci|dozjgnry|akiaiosf|8937040044|ceremony|52\.520008|13\.404954",
    re.IGNORECASE,
)


def leaks(told: str) -> list[str]:
    """What of the above is in `told`, however it is written: as it is, escaped as JSON escapes it, or as digits with
    anything between them."""
    plain = told.encode().decode("unicode_escape", errors="replace") if "\\u" in told else told
    found = [match[0] for text in (told, plain) for match in _NEEDLES.finditer(text)]
    digits = [re.sub(r"\D", "", run) for run in re.findall(r"\d[\d ()/.+-]{6,}\d", told)]
    numbers = ["4915123456789", "2025550143", "378282246310005", "1512345678", "15123456789", "4111111111111111"]
    return found + [number for number in numbers if any(number in run for run in digits)]


def shaped(pattern: str, text: str) -> str | None:
    """`text` as far as it fits a field that takes only `pattern`, or None."""
    for candidate in (
        text,
        text.lower(),
        re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_"),
        re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_"),
    ):
        for cut in (candidate, candidate[:64], candidate[:16]):
            if re.fullmatch(pattern.strip("^$"), cut):
                return cut
    return None


texts = st.sampled_from(TEXTS) | st.lists(st.sampled_from(TEXTS), min_size=2, max_size=3).map(" ".join)
values: st.SearchStrategy[Any] = st.recursive(
    texts | st.sampled_from(NUMBERS) | st.floats(-180, 180).map(lambda _: 52.520008),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
