"""What can be wrong with a table or chart that is to be written."""

from shared.core.errors import KompoError


class InvalidTable(KompoError):
    """A row that does not fit its columns, or a chart whose series do not fit its axis: the caller's mistake, not the user's."""
