"""XML written: text that every parser takes."""

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SPACE = "\t\n\r"


def child(parent: "Element", tag: str, text: str | None = None, /, **attributes: str) -> "Element":
    """A new element at the end of `parent`."""
    from xml.etree.ElementTree import SubElement

    made = SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    if text is not None:
        made.text = clean(text)
    return made


def document(root: "Element", doctype: str) -> str:
    """The text of a document, indented."""
    from xml.etree.ElementTree import indent, tostring

    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {doctype}>\n{tostring(root, encoding="unicode")}\n'


def clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(letter for letter in text if letter in _SPACE or (letter >= " " and not _is_forbidden(letter)))


def relative_url(name: str) -> str:
    """A file beside the document."""
    return quote(name, safe="")


def _is_forbidden(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff"
