"""Fields: whatever a part says of itself, compared field by field. No field is left out, whatever the model gains."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from pydantic import JsonValue
from pydantic.alias_generators import to_camel

from shared.kompositions.diff.matching import Found, listed, match, out_of_order
from shared.kompositions.diff.telling import Subject, Telling
from shared.kompositions.diff.values import differing, identical
from shared.kompositions.diff.words import label, number, ordinal, quoted, shown
from shared.kompositions.model import Effect, EffectInput, Keyframe
from shared.kompositions.model.part import Part

_STATES = {
    ("muted", True): (" is muted", " are muted"),
    ("muted", False): (" is heard again", " are heard again"),
    ("reverse", True): (" plays backwards", " play backwards"),
    ("reverse", False): (" plays forwards", " play forwards"),
}
REFERENCES = {"source_id": "source", "from_segment": "segment", "to_segment": "segment"}
"""Fields that name a part of another kind."""
LISTS_OF_REFERENCES = {"tracks": "track", "under": "track", "inputs": ""}
"""Fields that name several; an effect's input says itself of what kind each is."""
_Json = Mapping[str, JsonValue]
_Named = str | EffectInput


def compare_fields(
    telling: Telling,
    subject: Subject,
    earlier: str,
    pointer: str,
    before: Part,
    after: Part,
    *,
    skip: Collection[str] = (),
    of: str = "",
) -> None:
    """Tell of every field that differs, except for those to skip, of which the caller tells.

    `earlier` and `pointer` are where the part was and is; `of` names the part within the subject."""
    tell_fields(telling, subject, earlier, pointer, before, after, differing(before, after, skip), of)


def tell_fields(
    telling: Telling,
    subject: Subject,
    earlier: str,
    pointer: str,
    before: Part,
    after: Part,
    names: Iterable[str],
    of: str = "",
) -> None:
    """Tell of fields that are known to differ."""
    for name in names:
        at = (f"{earlier}/{_alias(name)}", f"{pointer}/{_alias(name)}")
        _compare(telling, subject, at, name, before.__dict__[name], after.__dict__[name], of)


def _compare(
    telling: Telling, subject: Subject, at: tuple[str, str], name: str, old: object, new: object, of: str
) -> None:
    match old, new:
        case (str(), str()) if name in REFERENCES and telling.follows(REFERENCES[name], old, new, at[1]):
            return
        case (list(), list()) if name in LISTS_OF_REFERENCES and _all_follow(telling, at[1], name, old, new):
            return
        case (dict(), dict()):
            compare_json(telling, subject, at[1], old, new, of or ("extra" if name == "extra" else label(name)))
        case (list(), list()) if name == "effects":
            compare_effects(telling, subject, *at, old, new)
        case (Part(), Part()) if name != "transcript":
            compare_fields(telling, subject, *at, old, new, of=f"{of} {label(name)}".strip())
        case _:
            one, many = _STATES.get((name, new), ("", "")) if isinstance(new, bool) else ("", "")
            said = f": {f'{of} {label(name)}'.strip()} {arrow(old, new)}"
            telling.tell("changed", at[1], subject, one or said, many or said, before=old, after=new)


def _all_follow(telling: Telling, pointer: str, name: str, old: list[_Named], new: list[_Named]) -> bool:
    """Whether two lists of references differ only by the new ids of what they name."""
    if len(old) != len(new):
        return False
    differ = [
        (index, _reference(one, name), _reference(other, name))
        for index, (one, other) in enumerate(zip(old, new, strict=True))
        if not identical(one, other)
    ]
    for _, (family, one, rest), (_, other, others) in differ:
        if telling.new_name(family, one) != other or not identical(rest, others):
            return False
    for index, (family, one, rest), (_, other, _) in differ:
        telling.follows(family, one, other, f"{pointer}/{index}" + ("/id" if rest else ""))
    return True


def _reference(entry: _Named, name: str) -> tuple[str, str, EffectInput | None]:
    """The kind and id that an entry names, and the entry without its id if there is more to it."""
    if isinstance(entry, str):
        return LISTS_OF_REFERENCES[name], entry, None
    return entry.kind, entry.id or "", entry.model_copy(update={"id": None})


def arrow(old: object, new: object) -> str:
    """ "1 → 2", or "changed" where both look alike in few words."""
    one, other = _brief(old), _brief(new)
    return f"{one} → {other}" if one != other else "changed"


def _brief(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], Keyframe):
        return f"{number(value[0].value)} … {number(value[-1].value)} in {len(value)} keyframes"
    return shown(value)


def compare_json(telling: Telling, subject: Subject, pointer: str, before: _Json, after: _Json, of: str) -> None:
    """Tell of every key of an object that differs: parameters of effects, fields that Kompo has no use for."""
    for key in (*before, *(key for key in after if key not in before)):
        if key in before and key in after and identical(before[key], after[key]):
            continue
        at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        old, new = before.get(key), after.get(key)
        what = "removed" if key not in after else f"set to {shown(new)}" if key not in before else arrow(old, new)
        text = f": {of} {quoted(key) if of == 'extra' else label(key)} {what}"
        telling.tell("changed", at, subject, text, text, before=old, after=new)


def compare_effects(
    telling: Telling, subject: Subject, earlier: str, pointer: str, before: list[Effect], after: list[Effect]
) -> None:
    """Tell of a list of effects: what was added, removed, changed, put in another order."""
    found = match(listed(before, earlier), listed(after, pointer), _whole, lambda effect: effect.part.type)
    for old, new in found.pairs:
        name = f"effect {quoted(new.part.type)}"
        compare_fields(telling, subject, old.pointer, new.pointer, old.part, new.part, of=name)
    for old in found.removed:
        text = f": removed effect {quoted(old.part.type)}"
        telling.tell("removed", old.pointer, subject, text, text, before=old.part)
    for new in found.added:
        text = f": added effect {described(new.part)}"
        telling.tell("added", new.pointer, subject, text, text, after=new.part)
    for old, new in out_of_order(found.pairs):
        text = f": effect {quoted(new.part.type)} is now the {ordinal(new.index + 1)}"
        telling.tell("moved", new.pointer, subject, text, text, before=old.index, after=new.index)


def described(effect: Effect) -> str:
    """An effect with its parameters."""
    params = ", ".join(f"{label(name)} {shown(value)}" for name, value in effect.params.items())
    return f"{quoted(effect.type)} ({params})" if params else quoted(effect.type)


def _whole(effect: Found[Effect]) -> str:
    return effect.part.model_dump_json()


_alias = cache(to_camel)
