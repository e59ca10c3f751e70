"""One recorded talk for all tests of paper editing."""

import pytest

from tests.shared.paper_editing.talk import Talk, record

TIMES = (
    *((0.5, 0.8), (0.9, 1.2), (1.3, 1.5), (1.5, 1.8)),
    *((1.8, 2.0), (2.0, 2.3), (3.3, 3.6), (3.65, 3.9)),
    *((4.0, 4.3), (4.4, 4.7), (5.9, 6.2), (6.25, 6.6)),
)
"""Words 2 to 5 run into each other; before 6 and 10 are pauses of 1 s and 1.2 s."""


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """7.5 s, twelve words, `TIMES`."""
    return record(tmp_path_factory.mktemp("talk"), TIMES, 7.5)
