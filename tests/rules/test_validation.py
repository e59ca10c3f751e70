"""What may be written."""

from tests.rules.matrix import ACTORS, documents_of
from tests.rules.validation import attempts
from tests.rules.world import World


def test_valid_documents_are_taken_and_one_wrong_field_is_enough_to_refuse() -> None:
    everything = list(attempts())
    wrong = [f"{each}: {'denied' if each.allowed else 'allowed'}" for each in everything if not each.holds(World({}))]
    assert not wrong
    assert len(everything) > 250


def test_suspended_users_can_export_everything_they_own() -> None:
    world = World(documents_of(suspended=True))
    mine = [path for path in world.documents if path.startswith("users/owner") and "unheard" not in path]
    assert len(mine) > 15
    assert [path for path in mine if not world.may_get(ACTORS["suspended"], path)] == []
