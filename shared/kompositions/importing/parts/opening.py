"""Opening: what the families say at the top of a document, wherever they say it."""

from collections.abc import Callable

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.crossings import read_crossings
from shared.kompositions.importing.parts.cuts import add_effect, read_cut
from shared.kompositions.importing.parts.effects import read_entries
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.importing.parts.outputs import OutputReader
from shared.kompositions.importing.parts.pulse import read_pulse
from shared.kompositions.importing.parts.sketch import Cut, Kept, Sketch
from shared.kompositions.importing.parts.slots import Reading
from shared.kompositions.importing.parts.sounds import read_sounds
from shared.kompositions.importing.parts.sources import read_sources
from shared.kompositions.importing.parts.times import take_time
from shared.kompositions.importing.parts.trees import TreeReader
from shared.kompositions.model import Time, Unit, exact

_BPM: Names = ("bpm", "BPM", "tempo")
_MASTER_BPM: Names = ("masterbpm", "masterBpm", "master_bpm", "bpm")
_MEASURE: Names = ("beatsPerMeasure", "beats_per_measure")
_TOTALS: Names = ("totalBeats", "total_beats", "tobeat", "toBeat")
_OUTPUTS = (
    *("outputSettings", "output_settings", "output", "config", "processing", "output_config", "videoConfig"),
    "video_config",
)
_TREES = ("effects_tree", "effectsTree", "effectTree")
_GLOBAL = ("global", "global_effects", "globalEffects", "all")
_PER_SEGMENT = ("per_segment", "perSegment", "segments")
_FILTERS = ("filters", "global_filters", "globalFilters", "global_effects", "globalEffects")

ReadCut = Callable[[Fields, Sketch, Reading], Cut]


def open_sketch(document: Document, notes: Notes, *, tempo_needed: bool = True) -> Sketch:
    """A sketch with title, tempo, outputs, sound over everything and the part to render."""
    root = Fields(document.value, document.at, notes)
    metadata, pattern = root.child(("metadata",)), root.child(("beatpattern", "beatPattern"))
    config, timeline, timing = root.child(("config",)), root.child(("timeline",)), root.child(("beat_timing",))
    places = ((root, _BPM), (metadata, _BPM), (pattern, _MASTER_BPM), (config, _BPM), (timeline, _BPM), (timing, _BPM))
    sketch = Sketch(root, notes, read_pulse(root, *places, needed=tempo_needed))
    sketch.declares_sources = "sources" in root.value
    blocks = [block for block in (root, metadata, pattern, timeline, timing) if block is not None]
    _read_head(sketch, root, metadata, blocks)
    _read_outputs(sketch, root, metadata)
    _read_render(sketch, root, metadata)
    read_sounds(root, sketch)
    return sketch


def read_body(sketch: Sketch, reading: Reading, read: ReadCut = read_cut, offsets: Unit = Unit.SECONDS) -> None:
    """Sources, segments, transitions and effects."""
    root = sketch.root
    sketch.sources += read_sources(root, offset_unit=offsets)
    segments = root.child(("segments",))
    parts = segments.parts(("segment",)) if segments is not None else root.parts(("segments",))
    root.places.setdefault("segments", ("segments",))
    sketch.cuts += [read(fields, sketch, reading) for fields in parts]
    for found in read_crossings(root.parts(("transitions",)), sketch.pulse):
        sketch.kept.append(found) if isinstance(found, Kept) else sketch.crossings.append(found)
    read_effects(sketch)


def read_effects(sketch: Sketch) -> None:
    """Effects over several segments or over everything."""
    root, trees = sketch.root, TreeReader(sketch)
    for key in (*_TREES, *_FILTERS):
        if key in root.value:
            root.mark(key)
            trees.read(root.value[key], root.pointer(key))
    effects = root.value.get("effects")
    if isinstance(effects, dict) and any(key in effects for key in (*_GLOBAL, *_PER_SEGMENT)):
        _read_scoped(root, sketch, trees)
    elif "effects" in root.value:
        root.mark("effects")
        trees.read(effects, root.pointer("effects"))


def _read_scoped(root: Fields, sketch: Sketch, trees: TreeReader) -> None:
    """Effects by what they are for."""
    effects = root.child(("effects",))
    if effects is None:
        return
    for key in _GLOBAL:
        if key in effects.value:
            effects.mark(key)
            trees.read(effects.value[key], effects.pointer(key))
    cuts = {cut.id: cut for cut in reversed(sketch.cuts)}
    for key in _PER_SEGMENT:
        segments = effects.child((key,))
        for name, value in segments.value.items() if segments is not None else ():
            if segments is not None:
                segments.mark(name)
                _read_for_segment(sketch, cuts.get(name), name, value, segments.pointer(name))


def _read_for_segment(sketch: Sketch, cut: Cut | None, name: str, value: object, at: Pointer) -> None:
    if cut is None:
        detail = f"There is no segment {name[:100]!r}. Its effects are kept, and have no effect."
        sketch.notes.warn(at, "unknown_segment", detail, "Correct the id.")
        sketch.kept.append(Kept(value, at))
        return
    for entry in read_entries(value, at, sketch.notes):
        add_effect(cut, entry, sketch)


def _read_head(sketch: Sketch, root: Fields, metadata: Fields | None, blocks: list[Fields]) -> None:
    for fields in (metadata, root):
        if fields is not None and sketch.title is None:
            sketch.title = fields.text(names.TITLE, "title")
        if fields is not None and sketch.description is None:
            sketch.description = fields.text(("description",), "description")
    if sketch.title is None:
        name = next((root.value[key] for key in ("_id", "id", "komposition_id") if root.has(key)), None)
        sketch.title = name if isinstance(name, str) and 0 < len(name) <= 500 else None
    for fields in blocks:
        if sketch.beats_per_measure is None:
            sketch.beats_per_measure = fields.number(_MEASURE, "beatsPerMeasure")
        key = next((key for key in _TOTALS if type(fields.value.get(key)) in (int, float)), None)
        if key is not None and fields.value[key] > 0 and sketch.last_beat is None:
            sketch.last_beat = Time(exact(fields.value[key]), Unit.BEATS)


def _read_outputs(sketch: Sketch, root: Fields, metadata: Fields | None) -> None:
    output = OutputReader(root.at)
    for key in _OUTPUTS:
        output.read(root.child((key,)))
    output.read_size(metadata)
    output.read_size(root)
    sketch.output, sketch.output_places = output.output, output.places
    rate = output.output.get("fps")
    if rate is not None and 1 <= rate <= 120:
        sketch.pulse.rate = exact(rate)


def _read_render(sketch: Sketch, root: Fields, metadata: Fields | None) -> None:
    for fields, starts, ends in (
        (root.child(("renderRange", "render_range", "render")), ("startBeat", "start_beat"), ("endBeat", "end_beat")),
        (metadata, ("renderStartBeat", "render_start_beat"), ("renderEndBeat", "render_end_beat")),
        (root, ("renderStartBeat", "render_start_beat"), ("renderEndBeat", "render_end_beat")),
    ):
        if fields is not None and sketch.render == (None, None):
            for name, keys in (("start", starts), ("end", ends)):
                key = fields.key(keys)
                if key is not None:
                    sketch.render_places[name] = fields.pointer(key)[len(root.at) :]
            sketch.render = take_time(fields, starts, Unit.BEATS), take_time(fields, ends, Unit.BEATS)
    listed = root.value.get("render_range") or root.value.get("renderRange")
    if isinstance(listed, list) and len(listed) == 2 and all(type(edge) in (int, float) for edge in listed):
        key = "render_range" if "render_range" in root.value else "renderRange"
        root.mark(key)
        sketch.render = Time(exact(listed[0]), Unit.BEATS), Time(exact(listed[1]), Unit.BEATS)
        sketch.render_places = {"start": (key, 0), "end": (key, 1)}
