"""What a server answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .call import Call


@dataclass(frozen=True, slots=True)
class Method:
    """`start` is called in the loop's thread and must not wait: with the request once it is there; where the client sends a
    stream of requests, with an empty one as soon as the call begins."""

    start: Callable[[Call, bytes], None]
    takes_stream: bool = False


Methods = Mapping[str, Method]
"""By path, `/package.Service/Method`."""
