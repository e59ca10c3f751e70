"""What is learnt is learnt from weeks of events: each test has a week of its own."""

from datetime import datetime

import pytest


@pytest.fixture
def hour(lonely_hour: datetime) -> datetime:
    """An hour that no other test tells events of, nor of the week before it."""
    return lonely_hour
