"""What can go wrong with a komposition."""

from shared.core.errors import InvalidInput, NotFound, PreconditionFailed


class InvalidKomposition(InvalidInput):
    """The document cannot be rendered as it is; `errors` lists every place with a code and what to do."""


class MissingMedia(NotFound):
    """A source's file was not given or is not there; `errors` points at each such source."""


class UnusableMedia(InvalidInput):
    """A source's file is there but cannot do what the komposition asks of it (too short, no picture, no sound)."""


class SaveConflict(PreconditionFailed):
    """Somebody had saved before; the content of the refused save is kept beside the komposition as `conflict_id`."""

    def __init__(self, detail: str, *, komposition_id: str, conflict_id: str) -> None:
        super().__init__(detail)
        self.komposition_id = komposition_id
        self.conflict_id = conflict_id
