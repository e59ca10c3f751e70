"""The page of operations is of those that there are."""

import re

from demo.operations import PAGE, trials
from shared.media.operations import describe_operations


def test_every_operation_is_tried_and_on_the_page_with_what_it_did() -> None:
    names = [described.name for described in describe_operations()]
    assert [trial.name for trial in trials()] == names
    assert re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE) == names
