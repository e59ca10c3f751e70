"""Problem: one thing that does not hold in a komposition."""

from dataclasses import dataclass

from pydantic_core import InitErrorDetails, PydanticCustomError

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """Where, a stable code, and a sentence with the way out."""

    location: Location
    code: str
    detail: str

    def entry(self) -> InitErrorDetails:
        """As pydantic reports it."""
        error = PydanticCustomError(self.code, "{detail}", {"detail": self.detail})
        return InitErrorDetails(type=error, loc=self.location, input=None)
