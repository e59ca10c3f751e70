"""Reading OTIO: as JSON, by the names of its schemas, so that whatever it holds gives findings and nothing breaks.

OpenTimelineIO itself refuses a whole file for one wrong type, and follows references in circles."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any, get_args
from urllib.parse import unquote

from shared.kompositions.interchange.assembling import Document, Read, Sources
from shared.kompositions.interchange.lanes import Crossing, Edit, Lane, longer
from shared.kompositions.interchange.otio_json import (
    DEEPEST,
    entries,
    exact_rate,
    fields,
    finite,
    first_rate,
    fraction,
    length_of,
    reference_of,
    schema,
    seconds_of,
    words,
)
from shared.kompositions.timing import nearest
from shared.media.graph.transitions import TransitionType

_KINDS = frozenset(get_args(TransitionType))


def read_otio(text: str, read: Read) -> None:
    """Fill `read` from the JSON of a timeline, a collection with one, or a bare stack or track."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        read.findings.refuse("", "not_json", f"This is no JSON: {reason}.", "Export it again as .otio.")
        return
    timeline, pointer = _timeline(document, "", 0)
    if timeline is None:
        detail = "There is no timeline in it: OTIO_SCHEMA must be Timeline, Stack or Track."
        read.findings.refuse("", "no_timeline", detail, "Export the timeline itself.")
        return
    _Reading(read).timeline(timeline, pointer)


def _timeline(node: Any, pointer: str, depth: int) -> tuple[Document | None, str]:
    if schema(node) in ("Timeline", "Stack", "Track", "Sequence"):
        return node, pointer
    if schema(node) == "SerializableCollection" and depth < DEEPEST:
        for index, entry in enumerate(entries(node.get("children"))):
            found, where = _timeline(entry, f"{pointer}/children/{index}", depth + 1)
            if found is not None:
                return found, where
    return None, pointer


class _Reading:
    def __init__(self, read: Read) -> None:
        self.read, self.findings, self.sources = read, read.findings, Sources(read)

    def timeline(self, node: Document, pointer: str) -> None:
        stack, at = node, pointer
        if schema(node) == "Timeline":
            self.read.title = words(node.get("name"))
            stack, at = fields(node.get("tracks")), f"{pointer}/tracks"
        self._settings(node, stack)
        tracks = [stack] if schema(stack) in ("Track", "Sequence") else entries(stack.get("children"))
        markers = [*self._markers(stack)]
        if markers:
            self.read.extra["markers"] = markers
        for index, track in enumerate(tracks):
            where = at if track is stack else f"{at}/children/{index}"
            if schema(track) not in ("Track", "Sequence"):
                self._left_out(where, track, "among the tracks")
            elif track.get("enabled", True) is not True:
                self.findings.warn(where, "disabled", "The track is switched off; it is left out.")
            else:
                self.read.lanes.append(self._track(track, where, index))

    def _settings(self, node: Document, stack: Document) -> None:
        ours = fields(fields(node.get("metadata")).get("kompo"))
        self.read.ours = bool(ours)
        rate = exact_rate(fields(node.get("global_start_time")).get("rate")) or first_rate(stack, 0)
        if rate is None or not 1 <= rate <= 120:
            self.findings.warn("", "no_rate", "It does not say its frame rate; 30 is taken.")
            rate = Fraction(30)
        self.read.rate = rate
        width, height = ours.get("width"), ours.get("height")
        if all(isinstance(side, int) and 16 <= side <= 7680 and side % 2 == 0 for side in (width, height)):
            self.read.size = (int(width or 0), int(height or 0))

    def _track(self, track: Document, pointer: str, index: int) -> Lane:
        kind = "audio" if track.get("kind") == "Audio" else "video"
        ours = fields(fields(track.get("metadata")).get("kompo"))
        if track.get("source_range") is not None:
            self.findings.warn(
                f"{pointer}/source_range", "trim_left_out", "The track is trimmed as a whole; all of it is taken."
            )
        edits = _Track(self, kind, pointer).edits(entries(track.get("children")))
        own_sound = ours.get("ownSound") is True
        name = words(track.get("name")) or f"{kind}-{index + 1}"
        looks = {key: value for key, value in ours.items() if key in ("volume", "muted") and kind == "video"}
        return Lane("audio" if kind == "audio" else "video", name, tuple(edits), own_sound, pointer, looks)

    def _left_out(self, pointer: str, node: Any, where: str) -> None:
        name = schema(node) or "something without a schema"
        self.findings.warn(pointer, "schema_left_out", f"{name} {where} is not taken.")

    def _markers(self, node: Document) -> list[Document]:
        found = []
        for marker in entries(node.get("markers"))[:1000]:
            at = seconds_of(fields(fields(marker).get("marked_range")).get("start_time"))
            if at is not None:
                name = {key: words(marker.get(key)) for key in ("name", "color", "comment") if words(marker.get(key))}
                found.append({**name, "seconds": float(at)})
        return found


class _Track:
    """Reads the items of one track, one after the other."""

    def __init__(self, reading: _Reading, kind: str, pointer: str) -> None:
        self._reading, self._findings, self._kind, self._pointer = reading, reading.findings, kind, pointer
        self._rate = reading.read.rate
        self._found: list[Edit] = []
        self._now = Fraction(0)
        self._pending: tuple[Document, str] | None = None
        self._exact: list[Fraction | None] = []

    def edits(self, children: list[Any]) -> list[Edit]:
        for index, node in enumerate(children):
            pointer = f"{self._pointer}/children/{index}"
            match schema(node):
                case "Transition":
                    self._pending = (node, pointer)
                    continue
                case "Clip" if node.get("enabled", True) is True:
                    self._clip(node, pointer)
                case "Clip":
                    self._findings.warn(pointer, "disabled", "The clip is switched off; its place stays empty.")
                    self._skip(node, pointer)
                case "Gap" | "Filler":
                    self._skip(node, pointer)
                case _:
                    self._reading._left_out(pointer, node, "on a track")
                    self._skip(node, pointer)
        if self._pending:
            self._no_transition()
        return [self._exactly(edit, exact) for edit, exact in zip(self._found, self._exact, strict=True)]

    def _frame(self) -> int:
        return nearest(self._now * self._rate)

    def _skip(self, node: Any, pointer: str) -> None:
        if self._pending:
            self._no_transition()
        length = length_of(node, 0)
        if length is None or length < 0:
            self._findings.warn(pointer, "no_length", "It does not say how long it is; it is left out.")
        else:
            self._now += length

    def _no_transition(self) -> None:
        assert self._pending is not None
        detail = "The transition has no clip on both sides; it is left out. A fade from black can be an effect."
        self._findings.warn(self._pending[1], "transition_left_out", detail)
        self._pending = None

    def _clip(self, node: Document, pointer: str) -> None:
        reference = reference_of(node)
        length = length_of(node, 0)
        source = self._source(node, reference, pointer)
        if length is None or length <= 0 or source is None:
            if source is not None:
                self._findings.warn(pointer, "no_length", "The clip has no length; it is left out.")
            self._skip(node, pointer)
            return
        start = self._frame()
        self._now += length
        first = seconds_of(fields(node.get("source_range")).get("start_time"))
        begin = seconds_of(fields(reference.get("available_range")).get("start_time")) or Fraction(0)
        source_in = (first if first is not None else begin) - begin
        ours = fields(fields(node.get("metadata")).get("kompo"))
        speed, reverse = self._speed(node, pointer)
        looks = (
            {key: value for key, value in ours.items() if key != "sourceIn"} if self._kind == "video" else _sound(ours)
        )
        markers = self._reading._markers(node)
        if markers:
            looks["extra"] = {**fields(looks.get("extra")), "markers": markers}
        edit = Edit(
            words(node.get("name")), source, start, self._frame(), source_in, speed, reverse, None, pointer, looks
        )
        if edit.frames < 1:
            self._findings.warn(pointer, "too_short", "The clip is shorter than a frame; it is left out.")
            return
        if self._pending is not None:
            edit = self._crossed(edit)
        self._found.append(edit)
        self._exact.append(fraction(ours.get("sourceIn")))

    def _crossed(self, edit: Edit) -> Edit:
        """With the transition before it: both clips go on under it."""
        assert self._pending is not None
        node, pointer = self._pending
        lead, tail = (
            nearest((seconds_of(node.get(f"{side}_offset")) or Fraction(0)) * self._rate) for side in ("in", "out")
        )
        before = self._found[-1] if self._found else None
        if before is None or before.end != edit.start:
            self._no_transition()
            return edit
        self._pending = None
        room = edit.start - before.start - (before.crossing.frames if before.crossing else 0)
        if lead < 0 or tail < 0 or lead + tail < 1 or lead > room or tail > edit.frames:
            detail = "The transition has no length, or is longer than the clips; it is left out."
            self._findings.warn(pointer, "transition_left_out", detail)
            return edit
        self._found[-1] = longer(before, tail, self._rate, at_end=True)
        return replace(longer(edit, lead, self._rate, at_end=False), crossing=self._kind_of(node, pointer, lead + tail))

    def _kind_of(self, node: Document, pointer: str, frames: int) -> Crossing:
        named = [fields(fields(node.get("metadata")).get("kompo")).get("type"), node.get("name")]
        kind = next((name for name in named if isinstance(name, str) and name in _KINDS), None)
        if kind is None and node.get("transition_type") not in ("SMPTE_Dissolve", None):
            detail = f"{words(node.get('transition_type')) or 'The transition'} is not known; it becomes a crossfade."
            self._findings.warn(pointer, "transition_unknown", detail)
        return Crossing(kind or "crossfade", frames, pointer)

    def _speed(self, node: Document, pointer: str) -> tuple[Fraction, bool]:
        """The speed, 0 for a held frame, and whether it goes backwards."""
        speed, reverse = Fraction(1), False
        for index, effect in enumerate(entries(node.get("effects"))):
            scalar = finite(fields(effect).get("time_scalar"))
            if schema(effect) == "FreezeFrame" or (schema(effect) == "LinearTimeWarp" and scalar == 0):
                speed = Fraction(0)
            elif schema(effect) == "LinearTimeWarp" and scalar is not None and 0.001 <= abs(scalar) <= 1000:
                ours = fraction(fields(fields(fields(effect).get("metadata")).get("kompo")).get("speed"))
                given = Fraction(abs(scalar)).limit_denominator(10**6)
                speed *= ours if ours and abs(ours - given) < Fraction(1, 10**5) else given
                reverse ^= scalar < 0
            else:
                what = (
                    words(fields(effect).get("effect_name"))
                    or words(fields(effect).get("name"))
                    or schema(effect)
                    or "It"
                )
                detail = f"The effect {what!r} is not taken."
                self._findings.warn(f"{pointer}/effects/{index}", "effect_left_out", detail)
        return speed, reverse and speed != 0

    def _source(self, node: Document, reference: Document, pointer: str) -> str | None:
        """The id of the clip's source; None if there is nothing that could be shown or heard."""
        ours = fields(fields(reference.get("metadata")).get("kompo"))
        if schema(reference) == "GeneratorReference":
            kind = words(reference.get("generator_kind")) or "something"
            self._findings.warn(
                f"{pointer}/media_reference", "generator_left_out", f"It generates {kind}; its place stays empty."
            )
            return None
        url = words(reference.get("target_url")) or words(reference.get("target_url_base")) + words(
            reference.get("name_prefix")
        )
        name = unquote(url) or words(reference.get("name")) or words(node.get("name"))
        if not name:
            self._findings.warn(
                pointer, "no_media", "The clip does not say which file it shows; its place stays empty."
            )
            return None
        if not url:
            detail = f"The clip does not say where its file is; source {name[:100]!r} stands for it."
            self._findings.warn(f"{pointer}/media_reference", "missing_media", detail, "Upload the file for it.")
        wanted = ours.get("kind") if ours.get("kind") in ("video", "audio", "image") else self._kind
        source = self._reading.sources.named(name, str(wanted), words(ours.get("source")) or None)
        if "kind" in ours:
            self._reading.read.sources[source]["kind"] = wanted
        known = self._reading.sources.kind(source)
        if (self._kind == "video" and known == "audio") or (self._kind == "audio" and known == "image"):
            detail = f"A clip of {name[:100]!r} does not go on a track of this kind; its place stays empty."
            self._findings.warn(pointer, "wrong_kind", detail)
            return None
        return source

    def _exactly(self, edit: Edit, exact: Fraction | None) -> Edit:
        """Where in the file, to the last digit if Kompo wrote it, and never before its beginning."""
        if exact is not None and abs(exact - edit.source_in) * self._rate < 1:
            return replace(edit, source_in=exact)
        if edit.source_in < 0:
            detail = "It begins before its file does, or a transition does; it begins with the file."
            self._findings.warn(edit.pointer, "before_file", detail)
            return replace(edit, source_in=Fraction(0))
        return edit


def _sound(ours: Document) -> Document:
    return {key: ours[key] for key in ("volume", "muted", "fadeIn", "fadeOut") if key in ours}
