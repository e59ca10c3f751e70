"""Pages of lists: sorted by name, continued after the last name of the page before."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from infra.local.pubsub.errors import invalid

_DEFAULT_SIZE = 1000


class Named(Protocol):
    """Whatever has a resource name."""

    @property
    def name(self) -> str:
        """The full resource name."""


T = TypeVar("T", bound=Named)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, and the token of the next ("" at the end)."""

    items: list[T]
    next_token: str


def page_of(items: Iterable[T], size: int, token: str) -> Page[T]:
    """The page of `items` that `token` asks for. Raises InvalidArgumentError for a token that was not given out."""
    if size < 0:
        raise invalid("page_size", "It must not be negative.")
    after = _decode(token)
    left = sorted((item for item in items if item.name > after), key=lambda item: item.name)
    page = left[: min(size or _DEFAULT_SIZE, _DEFAULT_SIZE)]
    more = len(left) > len(page)
    return Page(page, base64.urlsafe_b64encode(page[-1].name.encode()).decode() if more else "")


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise invalid("page_token") from None
