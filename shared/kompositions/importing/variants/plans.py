"""E, plans of how a film is made: build plans, composition plans 2.0 and audio-timing manifests. The film is what they plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.assembly import assemble
from shared.kompositions.importing.parts.crossings import crossing_of
from shared.kompositions.importing.parts.cuts import read_cut
from shared.kompositions.importing.parts.effect_names import transition_called
from shared.kompositions.importing.parts.effects import Entry, read_effect, read_entries
from shared.kompositions.importing.parts.fields import LARGEST, Fields
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.parts.opening import open_sketch, read_effects
from shared.kompositions.importing.parts.sketch import Clip, Cut, Kept, Node, Sketch
from shared.kompositions.importing.parts.slots import Reading, plus
from shared.kompositions.importing.parts.sounds import read_music
from shared.kompositions.importing.parts.sources import read_source, read_sources
from shared.kompositions.importing.parts.times import take_time
from shared.kompositions.importing.parts.trees import Input
from shared.kompositions.importing.parts.trims import FITS, check_stretch, read_params
from shared.kompositions.model import Unit

_SECONDS = Reading(slot=Unit.SECONDS, duration=Unit.SECONDS)
_EXTRACTIONS = ("snippet_extractions", "extractions")
_INPUTS = ("input_files", "inputs", "dependencies", "depends_on")


def draft_build_plan(document: Document, notes: Notes, library: Library) -> Draft:
    """Extractions become segments; operations on their outputs become effects over what they lead to."""
    sketch = open_sketch(document, notes)
    root = sketch.root
    sketch.sources += read_sources(root, ("source_files",))
    extractions = root.key(_EXTRACTIONS) or _EXTRACTIONS[0]
    root.places["segments"] = (extractions,)
    sketch.cuts += [read_cut(fields, sketch, _SECONDS) for fields in root.parts((extractions,))]
    made = _Made()
    for cut in sketch.cuts:
        for name in (cut.id, f"extract_{cut.id}", cut.fields.value.get("output_file")):
            if isinstance(name, str) and cut.id is not None:
                made.inputs[name] = [("segment", cut.id)]
                made.ends["segment", cut.id] = (cut.id, cut.id)
    _read_operations(sketch, made)
    return assemble(sketch, document, library)


def draft_composition_plan(document: Document, notes: Notes, library: Library) -> Draft:
    """Time slots become segments, cut as planned; the audio plan becomes music and speech."""
    sketch = open_sketch(document, notes)
    root = sketch.root
    sources = root.child(("sources",))
    for key in ("videos", "audio", "images") if sources is not None else ():
        for fields in sources.parts((key,)) if sources is not None else []:
            sketch.sources.append(read_source(fields))
    composition = root.child(("composition",)) or root
    root.places["segments"] = (*composition.prefix, "segments")
    sketch.cuts += [_read_planned(fields, sketch) for fields in composition.parts(("segments",))]
    plan = root.child(("audio_plan",))
    if plan is not None:
        _read_audio_plan(plan, sketch)
    read_effects(sketch)
    return assemble(sketch, document, library)


def draft_audio_timing(document: Document, notes: Notes, library: Library) -> Draft:
    """Video segments in their time slots, stretched to them; music and speech as the mixing instructions say."""
    sketch = open_sketch(document, notes, tempo_needed=False)
    root = sketch.root
    root.places["segments"] = ("videoSegments",)
    sketch.cuts += [_read_timed(fields, sketch) for fields in root.parts(("videoSegments",))]
    mixing = root.child(("audioMixingInstructions",))
    if mixing is not None:
        music = mixing.part(("backgroundMusicSettings",))
        if music is not None and not read_music(music, sketch):
            mixing.adopt("backgroundMusicSettings", music)
        for fields in mixing.parts(("speechOverlays",)):
            _read_speech(fields, sketch)
    _check_extracted(root, sketch)
    return assemble(sketch, document, library)


@dataclass
class _Made:
    """What files and operations of a plan stand for: inputs of an effect, and the first and last segment in them."""

    inputs: dict[str, list[Input]] = field(default_factory=dict)
    ends: dict[Input, tuple[str, str]] = field(default_factory=dict)

    def segments_in(self, inputs: Sequence[Input]) -> tuple[str, str] | None:
        """The first and the last segment that inputs lead to."""
        found = [self.ends[entry] for entry in inputs if entry in self.ends]
        return (found[0][0], found[-1][1]) if found else None


def _read_operations(sketch: Sketch, made: _Made) -> None:
    """Operations in their order; each works on what its inputs and dependencies made."""
    for fields in sketch.root.parts(("effect_operations",)):
        for entry in read_entries([fields.value], fields.at[:-1], sketch.notes):
            entry.at = fields.at
            if entry.fields is not None:
                entry.fields.at = fields.at
            if entry.params is not None and entry.params is not entry.fields:
                entry.params.at = (*fields.at, *entry.params.prefix)
            own = entry.fields or fields
            name = own.text(names.EFFECT_ID, "id") or f"effect-{len(sketch.nodes) + 1}"
            outputs = _operate(entry, name, sketch, made)
            for called in (name, f"effect_{name}", fields.value.get("output_file")):
                if isinstance(called, str) and outputs:
                    made.inputs[called] = outputs


def _operate(entry: Entry, name: str, sketch: Sketch, made: _Made) -> list[Input]:
    """Add what an operation does to the sketch; what its output stands for."""
    fields = entry.fields
    sides = list(_worked_on(fields, made)) if fields is not None else []
    inputs = list(dict.fromkeys(each for side in sides for each in side))
    if entry.transition is not None or (transition_called(entry.name) and len(sides) > 1):
        crossing = crossing_of(entry, sketch.pulse, sketch.notes)
        joined = [ends for ends in map(made.segments_in, sides) if ends is not None]
        if crossing is None or len(joined) < 2:
            sketch.kept.append(Kept(entry.value, entry.at))
            return inputs
        crossing.first, crossing.second = joined[0][1], joined[1][0]
        if fields is not None:
            fields.leave(fields.key(names.EFFECT_ID) or "")
        sketch.crossings.append(crossing)
        return inputs
    effect = read_effect(entry, sketch.notes, sketch.pulse)
    if effect is None or effect.fields is None:
        sketch.kept.append(Kept(entry.value, entry.at))
        return inputs
    sketch.nodes.append(Node(name, effect, inputs or [("komposition", None)]))
    ends = made.segments_in(inputs)
    if ends is not None:
        made.ends["effect", name] = ends
    return [("effect", name)]


def _worked_on(fields: Fields, made: _Made) -> Iterator[list[Input]]:
    """What each input of an operation stands for."""
    for key in _INPUTS:
        listed = fields.value.get(key)
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            continue
        if all(name in made.inputs for name in listed):
            fields.mark(key, "inputs")
        for name in listed:
            if name in made.inputs:
                yield made.inputs[name]
            else:
                detail = f"Nothing in the plan makes {name[:100]!r}."
                fields.notes.warn(fields.pointer(key), "unknown_input", detail, "Correct the name.")


def _read_planned(fields: Fields, sketch: Sketch) -> Cut:
    strategy = fields.child(("strategy",))
    cut = read_cut(fields, sketch, _SECONDS)
    cutting = fields.child(("cutting",))
    if cutting is not None:
        read_params(cut, cutting)
    named = fields.value.get("strategy")
    if isinstance(named, str) and FITS.get(named):
        fields.mark("strategy")
        cut.fit = FITS[named]
    if strategy is not None:
        check_stretch(cut, strategy, sketch.pulse)
    fitting = cutting.value.get("fit_strategy") if cutting is not None else None
    if fitting in ("trim", "smart_cut", "cut") and cutting is not None:
        cutting.mark("fit_strategy")
        cut.fit = "trim"
    elif fitting in ("time_stretch", "stretch") and cutting is not None:
        cutting.mark("fit_strategy")
        cut.fit = "stretch"
    return cut


def _read_audio_plan(plan: Fields, sketch: Sketch) -> None:
    music = plan.part(("background_music",))
    if music is not None and not read_music(music, sketch):
        plan.adopt("background_music", music)
    for fields in plan.parts(("speech_overlays",)):
        _read_speech(fields, sketch)


def _read_timed(fields: Fields, sketch: Sketch) -> Cut:
    cut = read_cut(fields, sketch, _SECONDS)
    handling = fields.child(("audioHandling",))
    if handling is not None and isinstance(handling.value.get("extractedAudioFile"), str):
        cut.muted = True
        handling.leave(*(handling.value.keys() - {"speechVolume", "musicVolume"}))
    return cut


def _read_speech(fields: Fields, sketch: Sketch) -> None:
    """A piece of speech at its time, as long as it says."""
    before = len(sketch.clips)
    if not read_music(fields, sketch) or len(sketch.clips) == before:
        sketch.kept.append(Kept(fields.value, fields.at))
        return
    clip: Clip = sketch.clips[-1]
    clip.role = "speech"
    if clip.end is None and clip.start is not None:
        length = take_time(fields, ("duration",), Unit.SECONDS, "end")
        clip.end = plus(clip.start, length, sketch.pulse) if length is not None else None


def _check_extracted(root: Fields, sketch: Sketch) -> None:
    """Factors there are source / slot: the inverse of those elsewhere. They are advice."""
    files = root.child(("extractedAudioFiles",))
    for name in files.value if files is not None else ():
        entry = files.child((name,)) if files is not None else None
        if entry is None:
            continue
        given = [entry.value.get(key) for key in ("originalDuration", "stretchedDuration", "stretchFactor")]
        numbers = [float(number) for number in given if isinstance(number, int | float) and 0 < number <= LARGEST]
        if len(numbers) < 3:
            continue
        original, stretched, factor = numbers
        if abs(original / stretched - factor) > factor * 0.02:
            detail = (
                f"stretchFactor says {factor:g}, but the durations make it {original / stretched:.4g}, which counts."
            )
            sketch.notes.warn(entry.pointer("stretchFactor"), "stretch_conflict", detail, "Correct it or leave it out.")
