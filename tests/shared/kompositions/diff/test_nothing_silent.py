"""Whatever is edited, the diff names the place of every difference between the two JSONs, and nothing when there is none."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions import InvalidKomposition, Komposition, parse_komposition
from shared.kompositions.diff import Change, diff_kompositions
from tests.shared.kompositions.diff.edits import Document, differences, film

NAMES = st.sampled_from(["intro", "s2", "s3", "s4", "x", "y y", "z/~"])
TIMES = st.builds(
    lambda unit, value: {unit: value}, st.sampled_from(["beats", "seconds", "frames"]), st.integers(1, 30)
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=2), inner, max_size=2)),
    max_leaves=4,
)
SEGMENT_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "id": NAMES,
    "sourceId": st.sampled_from(["a", "b"]),
    "sourceStart": TIMES,
    "sourceDuration": TIMES,
    "fit": st.sampled_from(["loop", "freeze", "stretch"]),
    "volume": st.one_of(st.floats(0, 4), st.just([{"at": {"beats": 0}, "value": 1}, {"at": {"beats": 1}, "value": 0}])),
    "muted": st.booleans(),
    "effects": st.lists(st.builds(lambda extra: {"type": "leica_look", "extra": {"k": extra}}, JSON), max_size=3),
    "extra": st.dictionaries(st.text(max_size=2), JSON, max_size=2),
}
TOP_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": st.text(max_size=4),
    "bpm": st.integers(60, 180),
    "tempo": st.lists(
        st.builds(lambda beat, bpm: {"atBeat": beat, "bpm": bpm}, st.integers(1, 20), st.integers(60, 180)), max_size=2
    ),
    "layouts": st.lists(
        st.builds(
            lambda kind, start: {"kind": kind, "start": start, "tracks": ["video"]},
            st.sampled_from(["full", "grid"]),
            TIMES,
        ),
        max_size=3,
    ),
    "mix": st.fixed_dictionaries({}, optional={"volume": st.floats(0, 4), "muted": st.booleans(), "fadeIn": TIMES}),
    "render": st.fixed_dictionaries({}, optional={"end": TIMES}),
    "outputs": st.lists(
        st.fixed_dictionaries(
            {}, optional={"width": st.sampled_from([320, 640]), "name": NAMES.filter(lambda n: "/" not in n)}
        ),
        min_size=1,
        max_size=3,
    ),
    "effects": st.lists(
        st.builds(
            lambda name, target: {"id": name, "type": "leica_look", "inputs": [{"kind": "segment", "id": target}]},
            *(NAMES, NAMES),
        ),
        max_size=2,
    ),
    "extra": st.dictionaries(st.text(max_size=2), JSON, max_size=2),
}


@st.composite
def edits(draw: st.DrawFn) -> Document:
    """The film with some of everything changed: fields, order, ids, segments added, removed and moved in time."""
    body = film()
    track = body["tracks"]["video"][0]
    segments: list[Document] = track["segments"]
    for index in draw(st.lists(st.integers(0, 3), max_size=6)):
        name = draw(st.sampled_from(sorted(SEGMENT_FIELDS)))
        segments[index][name] = draw(SEGMENT_FIELDS[name])
    for index in sorted(draw(st.sets(st.integers(0, 3), max_size=2)), reverse=True):
        del segments[index]
    shift = draw(st.integers(0, 3))
    for segment in segments[draw(st.integers(0, 3)) :]:
        segment["start"] = {"beats": segment["start"]["beats"] + shift}
        segment["end"] = {"beats": segment["end"]["beats"] + shift}
    if draw(st.booleans()):
        segments.append({"id": draw(NAMES), "sourceId": "a", "start": {"beats": 20}, "end": draw(TIMES)})
    if draw(st.booleans()) or shift or len(segments) < 5:
        track["transitions"] = []
    for name in draw(st.sets(st.sampled_from(sorted(TOP_FIELDS)), max_size=2)):
        body[name] = draw(TOP_FIELDS[name])
    if draw(st.booleans()):
        body["sources"] = draw(st.permutations(body["sources"]))
    if draw(st.booleans()) and len(segments) > 1:
        body["tracks"]["video"].append({"id": "top", "segments": [segments.pop()]})
    clip = body["tracks"]["audio"][0]["clips"][0]
    clip.update(draw(st.fixed_dictionaries({}, optional={"start": TIMES, "id": NAMES, "fit": st.just("loop")})))
    return body


def komposition(body: Document) -> Komposition | None:
    try:
        return parse_komposition(body)
    except InvalidKomposition:
        return None


def covered(where: str, pointer: str, changes: list[Change], renamed: dict[Any, Any], one: Any) -> bool:
    """Whether a change speaks of the place: at it, above it, or of its parts; what vanished may have been renamed."""
    if where == "before":
        node = one
        for key in pointer.split("/")[1:]:
            node = node[int(key)] if isinstance(node, list) else node[key]
        moved = any(change.kind == "moved" and change.text.count("from track") for change in changes)
        if node["id"] in renamed or moved:
            return True
    return any(
        (change.kind == "removed") is (where == "before") or where == "after"
        for change in changes
        for told in change.pointers
        if told == pointer or pointer.startswith(f"{told}/") or told.startswith(f"{pointer}/")
    )


@settings(max_examples=150, deadline=None)
@given(one=edits(), other=edits())
def test_no_difference_is_silent(one: Document, other: Document) -> None:
    before, after = komposition(one), komposition(other)
    if before is None or after is None:
        return
    changes = diff_kompositions(before, after)
    mine, theirs = before.to_json(), after.to_json()
    renamed = {change.before: change.after for change in changes if change.kind == "renamed"}
    for where, pointer in differences(mine, theirs):
        assert covered(where, pointer, changes, renamed, mine), (where, pointer, [change.text for change in changes])
    assert bool(changes) is (json.dumps(mine, sort_keys=True) != json.dumps(theirs, sort_keys=True))
    assert all(change.text and "  " not in change.text for change in changes)


@settings(max_examples=50, deadline=None)
@given(body=edits())
def test_a_komposition_does_not_differ_from_itself(body: Document) -> None:
    before, again = komposition(body), komposition(json.loads(json.dumps(body)))
    if before is not None and again is not None:
        assert diff_kompositions(before, before) == []
        assert diff_kompositions(before, again) == []
