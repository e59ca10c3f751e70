"""Why a message did not go out."""

from dataclasses import dataclass

from shared.core.errors import KompoError


@dataclass(frozen=True)
class Verdict:
    """What follows from a failed attempt: whether another one can end better, not before how many seconds, and whether the
    receiver has said that it is gone for good."""

    permanent: bool = False
    retry_after: float | None = None
    gone: bool = False


class NotSent(KompoError):
    """An attempt has failed. `detail` is the receiver's answer, or why there is none; no secret is in it."""

    def __init__(self, detail: str, verdict: Verdict = Verdict()) -> None:
        super().__init__(detail)
        self.verdict = verdict


def refused(detail: str) -> NotSent:
    """A failure that no other attempt can mend."""
    return NotSent(detail, Verdict(permanent=True))
