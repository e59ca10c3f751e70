"""Registry: the engines that there are, and which one is used when none is named."""

from collections.abc import Callable

from shared.transcripts.engines.engine import Device, Engine
from shared.transcripts.engines.errors import UnknownEngine
from shared.transcripts.engines.sphinx import NAME as SPHINX
from shared.transcripts.engines.sphinx import make_sphinx
from shared.transcripts.engines.whisper import NAME as WHISPER
from shared.transcripts.engines.whisper import make_whisper
from shared.transcripts.weights import weights_there

ENGINES: dict[str, Callable[[str | None, Device | None], Engine]] = {WHISPER: make_whisper, SPHINX: make_sphinx}
"""Every engine, by what makes it with a model and on a device, the best one first; a new one is a module, named here."""


def check_request(name: str | None, language: str | None) -> None:
    """Whether a named engine is known and may know the language, without loading anything. Raises `UnknownEngine` and
    `UnknownLanguage`."""
    if name is not None and name not in ENGINES:
        raise UnknownEngine(f"There is no engine {name}; there are {', '.join(ENGINES)}.", pointer="/engine")
    if name == SPHINX and language is not None:
        make_sphinx().language_code(language)


def find_engine(name: str | None = None, model: str | None = None, device: Device | None = None) -> Engine:
    """The engine of this name with this model on this device; what is not named is the best that is here.

    Raises `UnknownEngine`, `EngineMissing`, and `BrokenWeights` for a model that is damaged."""
    if name is None:
        name = WHISPER if model is not None or weights_there("speech") else SPHINX
    check_request(name, None)
    return ENGINES[name](model, device)
