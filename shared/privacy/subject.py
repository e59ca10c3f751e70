"""Subject: the person whose data is meant, by all that it can be found by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

ERASED = "erased"
"""What stands in the documents of others where a user's name was."""


@dataclass(frozen=True)
class Subject:
    """A user: the id, the mail addresses, and the hashes under the salts that exist. `but`: paths of documents to leave alone."""

    user_id: str
    addresses: frozenset[str] = frozenset()
    hashes: Sequence[str] = ()
    but: frozenset[str] = frozenset()

    def is_named(self, value: object) -> bool:
        """Whether the id or an address of the user stands anywhere in a value of a document, also within a text."""
        if isinstance(value, dict):
            return any(self.is_named(each) for pair in value.items() for each in pair)
        if isinstance(value, list):
            return any(map(self.is_named, value))
        return isinstance(value, str) and self._name.search(value) is not None

    def unnamed(self, value: object) -> object:
        """The value without the name: it is struck off lists, and ERASED stands for it elsewhere."""
        if isinstance(value, dict):
            return {self.unnamed(key): self.unnamed(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.unnamed(part) for part in value if not self._is_name(part)]
        return self._name.sub(ERASED, value) if isinstance(value, str) else value

    @cached_property
    def _name(self) -> re.Pattern[str]:
        names = "|".join(re.escape(name) for name in (self.user_id, *sorted(self.addresses)))
        return re.compile(rf"(?<![\w.@+-])(?:{names})(?![\w@-]|\.\w)", re.IGNORECASE)

    def _is_name(self, value: object) -> bool:
        return isinstance(value, str) and self._name.fullmatch(value) is not None
