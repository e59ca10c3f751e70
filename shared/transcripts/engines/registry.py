"""Registry: the engines that there are, and which one is used when none is named."""

from collections.abc import Callable

from shared.transcripts.engines.engine import Engine
from shared.transcripts.engines.errors import UnknownEngine
from shared.transcripts.engines.sphinx import NAME as SPHINX
from shared.transcripts.engines.sphinx import PocketSphinx

ENGINES: dict[str, Callable[[], Engine]] = {SPHINX: PocketSphinx}
"""Every engine; a new one is a module that makes it, named here."""


def find_engine(name: str | None = None) -> Engine:
    """The engine of this name, or the best that can work here. Raises `UnknownEngine` and `EngineMissing`."""
    if name is None:
        return PocketSphinx()
    if name not in ENGINES:
        raise UnknownEngine(f"There is no engine {name}; there are {', '.join(ENGINES)}.", pointer="/engine")
    return ENGINES[name]()
