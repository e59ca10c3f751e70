"""Guarding: what others have said or written is data. It is shown to a model fenced in, and what comes back is plain text.

Rules are held by what is done with the answer, not by what a model is told: see `ranker.py`. This here keeps models from being
talked into something in the first place, and links out of titles."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_TO_A_MODEL = re.compile(
    r"""\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules?|guidelines|above|previous|prior|system)\b
    |\b(?:ignor|vergess?t?|vergiss|missacht|oubli|olvid|esquec|dimentic|negeer)\w*\b.{0,40}
        \b(?:anweisung|anleitung|instru[ckz]|istruzion|consigne|vorgaben|reglas?\b|regras?\b|regole\b|systemprompt)\w*
    |\b(?:system|developer|hidden|initial)\s+(?:prompt|message|instructions?)\b
    |\byou\s+are\s+(?:now|no\s+longer)\b.{0,40}\b(?:ai|assistant|model|chatbot|gpt|claude|mode)\b
    |\b(?:dear|attention|note\s+to|message\s+to|hey|hello)\W+(?:(?:the|all|any|every)\s+)?(?:ai|llm|language\s+model|assistant|chatbot|gpt|claude)s?\b
    |\b(?:new|updated|real|actual)\s+(?:instructions?|rules?|task)\s*(?::|are\b|is\b)
    |\b(?:give|rate|score|rank)\b.{0,30}\b(?:this|these|me|my|it|every)\b.{0,30}\b(?:10|ten|100|highest|maximum|perfect|top)\b.{0,15}\b
        (?:score|points?|rating|out\s+of|rank)
    |<\s*/?\s*(?:system|assistant|user|transcript|instructions?|tool)\b
    |\[/?INST\]|<\|[a-z_]+\|>|\#\#\#\s*(?:instruction|system|response)
    |\b(?:respond|reply|answer|output|return)\b.{0,20}\b(?:only|exactly|with)\b.{0,30}\b(?:json|following|text|clip|word)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_LINK = re.compile(
    r"""(?:https?|ftp)\s*: | www\s*\. | \S@\S | (?<!\w)@\w | [\w-]{2,}\.[^\W\d_]{2,}
    | \b[\w-]+\s?\.\s?(?:com|net|org|io|co|ai|app|dev|info|biz|xyz|shop|site|online|link|ly|gg|tv)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_NAME = 60
"""Characters of a name."""
_TAG = re.compile(r"#?([^\W_][\w]{1,29})")


def fence(text: str) -> str:
    """A name for the fence around a text: of its own content, so nothing that is in it can hold its end."""
    return f"transcript-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def reads_as_instruction(text: str) -> bool:
    """Whether a sentence seems to be meant for a model rather than for people: as a model would see it, whatever invisible
    characters part its words, and whatever accents are put on them."""
    apart = unicodedata.normalize("NFKD", _visible(text))
    bare = "".join(char for char in apart if unicodedata.category(char) != "Mn")
    return _TO_A_MODEL.search(bare) is not None


def withheld(texts: Sequence[str]) -> frozenset[int]:
    """Which of these neighbouring sentences read as instructions to a model, by themselves or with the one after them."""
    found = {place for place, text in enumerate(texts) if reads_as_instruction(text)}
    for place, (one, other) in enumerate(pairwise(texts)):
        if not {place, place + 1} & found and reads_as_instruction(f"{one} {other}"):
            found |= {place, place + 1}
    return frozenset(found)


def shown_names(speakers: Sequence[str | None]) -> dict[str, str]:
    """How a model sees the names of speakers, each as it is but for one that is no name: long, or an instruction. Such a one has
    a number, by when they first speak."""
    names: dict[str, str] = {}
    for speaker in speakers:
        if speaker and speaker not in names:
            name = shown(speaker)
            is_name = len(name) <= _LONGEST_NAME and not reads_as_instruction(name)
            names[speaker] = name if is_name and name else f"Speaker {len(names) + 1}"
    return names


def shown(text: str) -> str:
    """A sentence as a model sees it: one line, without what could look like markup or control anything."""
    return " ".join(_visible(text).replace("<", "‹").replace(">", "›").split())


def plain(text: str, most_words: int, most_characters: int) -> str:
    """A model's text as one line that can be shown; "" if it holds a link, an address or an account, or is too long."""
    line = " ".join(_visible(text).replace("<", " ").replace(">", " ").split()).strip("\"'“”` *#")
    if _LINK.search(line) or len(line.split()) > most_words or len(line) > most_characters:
        return ""
    return line


def plain_tags(tags: Sequence[str], most: int) -> tuple[str, ...]:
    """A model's hashtags: single words, each once."""
    found = (_TAG.fullmatch(_visible(tag).strip()) for tag in tags)
    return tuple(dict.fromkeys(f"#{match[1].casefold()}" for match in found if match))[:most]


def _visible(text: str) -> str:
    """Without control characters, and those that are not seen or turn the direction of what is."""
    return "".join(
        " " if char in "\n\r\t" else char
        for char in unicodedata.normalize("NFC", text)
        if char in "\n\r\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") or char == "\u200d"
    )
