"""The page of operations is of those that there are."""

import re

from demo.operations import ENDING, PAGE, trials
from shared.media.operations import describe_operations
from shared.media.operations.batch import read_batch


def test_every_operation_is_tried_and_on_the_page_with_what_it_did() -> None:
    names = [described.name for described in describe_operations()]
    assert [trial.name for trial in trials()] == names
    assert re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE) == names


def test_the_batch_on_the_page_can_be_done() -> None:
    page = PAGE.read_text()
    assert page.endswith(f"\n{ENDING}")
    [shown] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert [step.operation for step in read_batch(shown).steps] == ["trim", "leica_look", "gradient_wipe"]
