"""What can be wrong with a question about performance."""

from shared.core.errors import NotFound


class NothingLearnt(NotFound):
    """Nothing has been learnt of this yet; `detail` says of what, and what is needed."""
