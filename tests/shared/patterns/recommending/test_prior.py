"""Before anybody was watched, what is built in answers."""

from shared.media.operations import describe_operations
from shared.patterns.recommending.prior import prior


def test_it_speaks_of_operations_that_there_are() -> None:
    names = {operation.name for operation in describe_operations()}
    assert {item for item, _ in prior().rank([], 1000)} <= names


def test_it_knows_the_presets() -> None:
    assert prior().rank(["trim", "resize"], 1)[0][0] == "to_mp3"
    assert prior().rank([], 1)[0][0] == "trim"
    assert prior().rank(["never heard of"], 3)
