"""Texts for people: of a message only the words stay that are known to tell of nobody.

URLs, e-mail addresses, paths, files, quotations, IP addresses and long numbers are named by what they were; whatever else is not
one of our words becomes `<word>`. So a name or a token is out because it is not known, not because it was recognised.
"""

import re
import unicodedata

from shared.events.privacy.vocabulary import is_known_word

MAX_TEXT = 500
_READ = 4 * MAX_TEXT
"""How much of a message is looked at; with bounded patterns, no message can be made that takes long."""

_FILE = r"[^\s\\/:*?\"'<>|()]{0,100}\.[A-Za-z][A-Za-z0-9]{1,4}\b"
_REDACTED = (
    (re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s'\"<>]+"), "<url>"),
    (re.compile(r"[^\s@<>'\"]{1,64}@[^\s@<>'\"]+"), "<email>"),
    (re.compile(r"(?:[A-Za-z]:)?\\[^\s'\"<>|]+"), "<path>"),
    (re.compile(r"(?<![\w<])[~.]{0,2}/[^\s'\"<>|]+"), "<path>"),
    (re.compile(r"\b[\w.-]{1,100}/[^\s'\"<>|]*[/.][^\s'\"<>|]*"), "<path>"),
    (re.compile(rf"(?<![\w<])[\w-]{_FILE}"), "<file>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<address>"),
    (
        re.compile(r"(?<![\w:])(?=[0-9:]{0,40}[A-Fa-f]|:?:)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])"),
        "<address>",
    ),
    (re.compile(r"\+?\(?\d[\d ().\-/]{7,}\d"), "<number>"),
)
_QUOTED = re.compile(r"(?<!\w)(['\"`])[^'\"`\n]*\1(?!\w)")
_TOKEN = re.compile(r"<(?:url|email|path|file|address|number|text|word)>|\w+")
_NUMBER = re.compile(r"\d{1,5}(?:s|ms|us|fps|p|i|k|m|kb|mb|gb|hz|khz|db|x\d{1,5})?")
_REPEATED = re.compile(r"<word>(?:\W{1,3}<word>)+")


def scrub_text(text: str) -> str:
    """A message for people, reduced to words that tell of nobody and to short numbers; plain ASCII, at most 500 characters."""
    plain = _plain(text[:_READ])[:_READ]
    for pattern, instead in ((_QUOTED, "<text>"), *_REDACTED):
        plain = pattern.sub(instead, plain)
    plain = _TOKEN.sub(lambda found: found[0] if _may_stay(found[0]) else "<word>", plain)
    plain = plain.encode("ascii", "ignore").decode()
    return _REPEATED.sub("<word>", plain)[:MAX_TEXT]


def _plain(text: str) -> str:
    """The text without what looks like something else: wide and styled letters as plain ones, and no invisible characters."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) not in ("Cf", "Mn")
    )


def _may_stay(token: str) -> bool:
    if token.startswith("<") or is_known_word(token):
        return True
    return token.isascii() and _NUMBER.fullmatch(token.lower()) is not None
