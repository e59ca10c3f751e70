"""Wording: text to words and back. Words are said one after the other, each with the punctuation that goes with it."""

import re
import unicodedata
from collections.abc import Iterable

from shared.typography import ideographs, is_ideograph

LONGEST_WORD = 200
"""Characters. What is longer, such as an address of the web, becomes several words."""
_SIGNS = ("So", "Sk")
"""Categories of emoji and their skins. Lines may break beside them; nobody says them, so they are in the word at their side."""
_END = re.compile(r"[.!?…。！？؟।۔][\"'”’)\]»」』]*$")
_NO_END = re.compile(
    r"^\W*(?:(?:mr|mrs|ms|dr|prof|st|vs|jr|sr|inc|ltd|co|etc)|\d{1,2}|(?!I\.)[a-z]|(?:[a-z]\.)+[a-z])\.$", re.IGNORECASE
)
"""What has a full stop and goes on: abbreviations, initials, the 3. of May; not `I.`."""
_ENDS = frozenset(".,!?…:;—–。、，！？：；")


def plain(text: str) -> str:
    """On one line, single spaces between, without characters that control devices or are half of one."""
    single = " ".join(text.split())
    if single.isprintable():
        return single
    printed = "".join(" " if character.isspace() else character for character in text if _is_printed(character))
    return " ".join(printed.split())


def words_in(text: str) -> list[str]:
    """The words of `text` in order. Chinese and Japanese are a character a word; a dash, a note or an ellipsis that stands alone
    goes with its neighbour, so that every word is something that is said."""
    units = [unit for token in plain(text).split() for unit in ideographs(token, _is_said_alone)]
    return [piece for word in _with_marks(units) for piece in _pieces(word)]


def joined(words: Iterable[str]) -> str:
    """Words as text: spaces between, but for Chinese and Japanese."""
    text: list[str] = []
    for word in words:
        text += (separator(text[-1], word), word) if text else (word,)
    return "".join(text)


def separator(before: str, after: str) -> str:
    """What is between two words."""
    return "" if not before or (_is_said_alone(before[-1]) and _is_said_alone(after[:1])) else " "


def is_said(word: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(character.isalnum() for character in word)


def ends_sentence(word: str) -> bool:
    """Whether a sentence ends with this word, by its punctuation."""
    return bool(_END.search(word)) and not _NO_END.match(word)


def spoken_form(word: str) -> str:
    """What two writings of a word have in common: its letters and digits, whatever their case."""
    return "".join(character for character in unicodedata.normalize("NFKC", word).casefold() if character.isalnum())


def _with_marks(units: list[str]) -> list[str]:
    words: list[str] = []
    waiting: list[str] = []
    for unit in units:
        if is_said(unit):
            words.append(" ".join((*waiting, unit)))
            waiting = []
        elif words and not waiting and set(unit) <= _ENDS:
            words[-1] = f"{words[-1]} {unit}"
        else:
            waiting.append(unit)
    if waiting and words:
        words[-1] = " ".join((words[-1], *waiting))
    elif waiting:
        words.append(" ".join(waiting))
    return words


def _pieces(word: str) -> list[str]:
    return [word[start : start + LONGEST_WORD] for start in range(0, len(word), LONGEST_WORD)]


def _is_said_alone(character: str) -> bool:
    """Whether it is a word by itself, as ideographs are."""
    return is_ideograph(character) and unicodedata.category(character) not in _SIGNS


def _is_printed(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")
