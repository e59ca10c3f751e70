"""Principal: who asks."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a custom claim `role` (or `roles`) of the ID token grants beyond one's own data."""

    ADMIN = "admin"
    OPERATOR = "operator"
    ANALYST = "analyst"
    VIEWER = "viewer"
    INTEGRATOR = "integrator"
    """A server of ours, e.g. the FFmpeg MCP server: tells of operations in the name of those who asked for them."""


@dataclass(frozen=True)
class Principal:
    """An authenticated caller. `uid` is the Firebase user id; `plan` is `free` or `premium`."""

    uid: str
    email: str | None = None
    roles: frozenset[Role] = frozenset()
    plan: str = "free"

    def has(self, *roles: Role) -> bool:
        """Whether the caller has one of `roles`; admins have all."""
        return Role.ADMIN in self.roles or not self.roles.isdisjoint(roles)
