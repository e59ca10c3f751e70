"""Assembly: a sketch becomes a draft of the canonical document, in order, with every reference resolved."""

from typing import Any

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.origin import Place, Pointer
from shared.kompositions.importing.parts.fields import Fields
from shared.kompositions.importing.parts.joining import join
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.parts.placing import Placing, as_clip, in_place
from shared.kompositions.importing.parts.sketch import Clip, Crossing, Cut, EffectSketch, Kept, Sketch, SourceSketch
from shared.kompositions.importing.parts.sources import free_name
from shared.kompositions.importing.parts.watching import watch_slots
from shared.kompositions.model import Time, beats

UNUSED = "unusedEffects"
"""Key in `extra` of effects and transitions that are kept and have no effect."""

_VIDEO: Pointer = ("tracks", "video", 0)
_ZERO = beats(0)


def assemble(sketch: Sketch, document: Document, library: Library) -> Draft:
    """The draft. Findings go to the sketch's notes."""
    return _Assembly(sketch, document, library).draft()


class _Assembly:
    def __init__(self, sketch: Sketch, document: Document, library: Library) -> None:
        self.sketch = sketch
        self.document = document
        self.placing = Placing(sketch, library)
        self.made = Draft({"schemaVersion": "2.0"}, document.at)

    def draft(self) -> Draft:
        sketch, made = self.sketch, self.made.document
        cuts, clips = self._sorted_out()
        watch_slots(sketch, cuts)
        crossings = join(sketch, cuts)
        self._head()
        tracks: dict[str, Any] = {}
        if cuts or not clips:
            tracks["video"] = [self._video(cuts, crossings)]
        audio = self._audio([*sketch.clips, *clips])
        made["sources"] = [self._source(index, source) for index, source in enumerate(self.placing.catalogue.sources)]
        made["tracks"] = {**tracks, **({"audio": audio} if audio else {})}
        if sketch.nodes:
            made["effects"] = [self._node(index, node) for index, node in enumerate(sketch.nodes)]
        self._tail()
        return self.made

    def _sorted_out(self) -> tuple[list[Cut], list[Clip]]:
        """Segments in order with sources and ids; those that are only heard as clips."""
        heard: list[Clip] = []
        seen: list[Cut] = []
        for cut in self.placing.order():
            if self.sketch.sounding == "sections":
                in_place(cut)
            source = self.placing.cut(cut)
            if source is not None and source.kind == "audio":
                heard.append(as_clip(cut))
                heard[-1].ref = source.id
            else:
                seen.append(cut)
        self._name(seen)
        self._unheard(seen, heard)
        return seen, heard

    def _name(self, cuts: list[Cut]) -> None:
        taken: set[str] = set()
        numbers: dict[str, int] = {}
        for index, cut in enumerate(cuts):
            given = cut.id
            name = free_name(given or f"segment-{index + 1}", taken, numbers)
            if given is not None and name != given:
                detail = f"The id {given[:100]!r} is used before. This one is called {name[:100]!r}."
                at = cut.fields.at + cut.fields.places.get("id", ())
                self.sketch.notes.warn(at, "duplicate_id", detail, "Give each its own.")
            taken.add(name)
            cut.id = name

    def _unheard(self, cuts: list[Cut], heard: list[Clip]) -> None:
        """A listed sound that nothing names plays under everything."""
        if self.sketch.sounding == "sections" or self.sketch.clips or heard:
            return
        used = {cut.source_id for cut in cuts}
        sounds = [s for s in self.placing.catalogue.sources if s.kind == "audio" and s.id not in used]
        for source in sounds[:1]:
            self.sketch.clips.append(Clip(source.id, source.at))
        for source in sounds[1:]:
            detail = f"Nothing uses {source.id[:100]!r}. The first sound that is listed is the music."
            self.sketch.notes.warn(source.at, "unused_source", detail, "Remove it, or name it as the music.")

    def _head(self) -> None:
        sketch, made = self.sketch, self.made.document
        root = sketch.root
        if sketch.title is not None:
            made["title"] = sketch.title
        for name, value in (("description", sketch.description), ("beatsPerMeasure", sketch.beats_per_measure)):
            if value is not None:
                made[name] = value
        made["bpm"] = sketch.pulse.bpm
        self.made.put((), root.at, {**root.places, **sketch.pulse.places})

    def _video(self, cuts: list[Cut], crossings: list[Crossing]) -> dict[str, Any]:
        self.made.put(_VIDEO, self.sketch.root.at, {"segments": self.sketch.root.places.get("segments", ())})
        track: dict[str, Any] = {"segments": [self._segment(index, cut) for index, cut in enumerate(cuts)]}
        if crossings:
            track["transitions"] = [self._transition(index, crossing) for index, crossing in enumerate(crossings)]
        return track

    def _segment(self, index: int, cut: Cut) -> dict[str, Any]:
        location = (*_VIDEO, "segments", index)
        made: dict[str, Any] = {"id": cut.id, **({"sourceId": cut.source_id} if cut.source_id else {})}
        times = {
            "start": cut.start,
            "end": cut.end,
            "sourceStart": cut.source_start,
            "sourceDuration": cut.source_duration,
        }
        made |= {name: time for name, time in times.items() if time is not None}
        values = {"fit": cut.fit, "reverse": cut.reverse or None, "volume": cut.volume, "muted": cut.muted}
        made |= {name: value for name, value in values.items() if value is not None}
        made |= self._effects(location, cut.effects)
        self.made.places[location] = Place(cut.fields.at, cut.fields.places)
        self._extra(made, location, cut.fields, cut.kept)
        return made

    def _effects(self, location: Pointer, effects: list[EffectSketch]) -> dict[str, Any]:
        if not effects:
            return {}
        return {"effects": [self._effect((*location, "effects", n), effect) for n, effect in enumerate(effects)]}

    def _effect(self, location: Pointer, effect: EffectSketch) -> dict[str, Any]:
        made: dict[str, Any] = {"type": effect.type, **({"params": effect.params} if effect.params else {})}
        self.made.put(location, effect.at, effect.fields.places if effect.fields else None)
        if effect.fields is not None:
            self._extra(made, location, effect.fields, [])
        return made

    def _transition(self, index: int, crossing: Crossing) -> dict[str, Any]:
        location = (*_VIDEO, "transitions", index)
        made: dict[str, Any] = {"type": crossing.type, "fromSegment": crossing.first, "toSegment": crossing.second}
        for name, time in (("duration", crossing.duration), ("offset", crossing.offset)):
            if time is not None:
                made[name] = time
        self.made.put(location, crossing.at, crossing.fields.places if crossing.fields else None)
        if crossing.fields is not None:
            self._extra(made, location, crossing.fields, [])
        return made

    def _source(self, index: int, source: SourceSketch) -> dict[str, Any]:
        location: Pointer = ("sources", index)
        values = {"url": source.url, "checksum": source.checksum, "assetId": source.asset}
        made: dict[str, Any] = {"id": source.id, "kind": source.kind}
        made |= {name: value for name, value in values.items() if value is not None}
        if source.offset is not None and source.offset.value:
            made["offset"] = source.offset
        self.made.put(location, source.at, source.fields.places if source.fields else None)
        if source.fields is not None:
            self._extra(made, location, source.fields, [])
        return made

    def _audio(self, clips: list[Clip]) -> list[dict[str, Any]]:
        tracks: dict[str, dict[str, Any]] = {}
        for clip in clips:
            track = tracks.setdefault(clip.role, {"id": clip.role, "role": clip.role, "clips": []})
            location: Pointer = ("tracks", "audio", list(tracks).index(clip.role), "clips", len(track["clips"]))
            track["clips"].append(self._clip(location, clip, len(track["clips"])))
        return list(tracks.values())

    def _clip(self, location: Pointer, clip: Clip, index: int) -> dict[str, Any]:
        name = clip.role if index == 0 else f"{clip.role}-{index + 1}"
        made: dict[str, Any] = {"id": name, "sourceId": self.placing.clip(clip)}
        times = {
            **{"start": clip.start, "end": clip.end, "sourceStart": clip.source_start},
            **{"sourceDuration": clip.source_duration, "fadeIn": clip.fade_in, "fadeOut": clip.fade_out},
        }
        made |= {key: time for key, time in times.items() if time is not None}
        volume = self._volume(clip)
        if volume is not None:
            made["volume"] = volume
        self.made.put(location, clip.at, clip.fields.places if clip.fields else None)
        if clip.fields is not None:
            self._extra(made, location, clip.fields, [])
        return made

    def _volume(self, clip: Clip) -> Any:
        """Of music under everything, as loud as each segment asks for while it lasts."""
        asked = [cut for cut in self.sketch.cuts if cut.music_volume is not None and cut.start and cut.end]
        if clip.start is not None or clip.role != "music" or not asked:
            return clip.volume
        usual = 1.0 if clip.volume is None else clip.volume
        steps: dict[Time, float] = {}
        for cut in sorted(asked, key=lambda cut: self.sketch.pulse.seconds(cut.start or _ZERO)):
            steps[cut.start or _ZERO] = cut.music_volume or 0.0
            steps.setdefault(cut.end or _ZERO, usual)
        in_order = sorted(steps.items(), key=lambda step: self.sketch.pulse.seconds(step[0]))
        keyframes = [{"at": at, "value": value, "easing": "hold"} for at, value in in_order]
        if not any(at.value == 0 for at in steps):
            keyframes.insert(0, {"at": _ZERO, "value": usual, "easing": "hold"})
        return keyframes

    def _node(self, index: int, node: Any) -> dict[str, Any]:
        location: Pointer = ("effects", index)
        inputs = [{"kind": kind, **({"id": name} if name is not None else {})} for kind, name in node.inputs]
        return {"id": node.id, "inputs": inputs, **self._effect(location, node.effect)}

    def _tail(self) -> None:
        sketch, made = self.sketch, self.made.document
        if sketch.mix:
            made["mix"] = dict(sketch.mix)
            self.made.put(("mix",), sketch.mix_at or sketch.root.at)
        start, end = sketch.render
        edges = {"start": start, "end": end}
        if start is not None or end is not None:
            made["render"] = {name: time for name, time in edges.items() if time is not None}
            self.made.put(("render",), sketch.root.at, sketch.render_places)
        if sketch.output:
            made["outputs"] = [dict(sketch.output)]
            self.made.put(("outputs", 0), sketch.root.at, sketch.output_places)
        self._extra(made, (), sketch.root, sketch.kept)
        if self.document.wrapping:
            made.setdefault("extra", {})["wrapping"] = self.document.wrapping
            self.made.put(("extra", "wrapping"), self.document.wrapping_at)

    def _extra(self, made: dict[str, Any], location: Pointer, fields: Fields, kept: list[Kept]) -> None:
        left = fields.rest()
        if kept:
            name = UNUSED if UNUSED not in left else f"{UNUSED}_"
            left = {**left, name: [entry.value for entry in kept]}
            for index, entry in enumerate(kept):
                self.made.put((*location, "extra", name, index), entry.at)
        if left:
            made["extra"] = left
