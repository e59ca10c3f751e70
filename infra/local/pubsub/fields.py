"""Fields of resources: which of them an update changes, and which are not supported."""

from collections.abc import Collection, Iterable

from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.wire import Proto


def merged(current: Proto, update: Proto, paths: Collection[str], mutable: Collection[str]) -> Proto:
    """A copy of `current` with the fields at `paths` taken from `update`; one that is not set there is cleared.

    A path may go into a message (`push_config.push_endpoint`). Raises InvalidArgumentError for an empty mask and for a
    field that is unknown or not in `mutable`."""
    if not paths:
        raise InvalidArgumentError(
            "The update_mask in the request must be set, and must contain a non-empty paths list."
        )
    result = type(current)()
    result.CopyFrom(current)
    for path in paths:
        head, *rest = path.split(".")
        if head not in mutable:
            raise InvalidArgumentError(f"Invalid update_mask provided in the request: {path} is not a field to update.")
        _copy(result, update, head, rest)
    return result


def refuse_unsupported(proto: Proto, names: Iterable[str]) -> None:
    """Raise InvalidArgumentError if one of these fields is set: better than to accept what would then not be done."""
    given = {field.name for field, _ in proto.ListFields()}
    for name in names:
        if name in given:
            raise InvalidArgumentError(f"The local server does not support {name}.")


def _copy(target: Proto, source: Proto, name: str, rest: list[str]) -> None:
    field = target.DESCRIPTOR.fields_by_name.get(name)
    if field is None or (rest and field.message_type is None):
        raise InvalidArgumentError(f"Invalid update_mask provided in the request: there is no field {name}.")
    if rest:
        _copy(getattr(target, name), getattr(source, name), rest[0], rest[1:])
        return
    target.ClearField(name)
    if field.message_type is None:
        setattr(target, name, getattr(source, name))
    elif field.message_type.GetOptions().map_entry or not field.has_presence:
        getattr(target, name).MergeFrom(getattr(source, name))
    elif source.HasField(name):
        getattr(target, name).CopyFrom(getattr(source, name))
