"""Detection: which variant a document is of, by points for what it has; each point with its reason."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.kompositions.importing.imported import Evidence

UNKNOWN = "unknown"


class Look:
    """What there is to see of a document: its keys, and those of its parts."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.value = value

    def has(self, *keys: str) -> bool:
        """Whether one of the keys is there."""
        return any(key in self.value for key in keys)

    def within(self, outer: str, *keys: str) -> bool:
        """Whether the object at `outer` has one of the keys."""
        inner = self.value.get(outer)
        return isinstance(inner, dict) and any(key in inner for key in keys)

    def segments_have(self, *keys: str) -> bool:
        """Whether a segment has one of the keys."""
        return any(key in self._segment_keys for key in keys)

    def sources_have(self, *keys: str) -> bool:
        """Whether a source has one of the keys."""
        return any(key in self._source_keys for key in keys)

    @cached_property
    def tree(self) -> Any:
        """The tree of effects."""
        return self.value.get("effects_tree")

    @cached_property
    def effects(self) -> list[Any]:
        """The effects of all segments, each as written."""
        found: list[Any] = []
        for segment in self._parts("segments"):
            effects = segment.get("effects")
            found += effects if isinstance(effects, list) else [effects] if effects else []
        return found

    @cached_property
    def _segment_keys(self) -> set[str]:
        return set().union(*(segment.keys() for segment in self._parts("segments")))

    @cached_property
    def _source_keys(self) -> set[str]:
        return set().union(*(source.keys() for source in self._parts("sources")))

    def _parts(self, key: str) -> list[dict[str, Any]]:
        parts = self.value.get(key)
        return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


@dataclass(frozen=True)
class Rule:
    """`weight` points for a variant when `holds`."""

    variant: str
    weight: int
    reason: str
    holds: Callable[[Look], bool]


def _kind(look: Look) -> bool:
    return look.value.get("type") in ("Komposition", "Video", "Audio")


def _tree_has(*keys: str) -> Callable[[Look], bool]:
    return lambda look: isinstance(look.tree, dict) and any(key in look.tree for key in keys)


def _is_sequence(look: Look) -> bool:
    return (
        isinstance(look.tree, dict)
        and "effect_id" not in look.tree
        and bool({"root", "effects", "children"} & look.tree.keys())
    )


def _lists_effects(look: Look) -> bool:
    return isinstance(look.tree, list) and any(isinstance(node, dict) and "effect" in node for node in look.tree)


def _raw_filters(look: Look) -> bool:
    return any(isinstance(effect, dict) and "ffmpeg_filter" in effect for effect in look.effects)


def _effects_by_name(look: Look) -> bool:
    return any(isinstance(effect, dict) and not {"type", "effect"} & effect.keys() for effect in look.effects)


FAMILIES: tuple[Rule, ...] = (
    Rule("canonical", 12, "it says schemaVersion", lambda look: look.has("schemaVersion", "schema_version")),
    Rule(
        "canonical",
        8,
        "it has tracks by kind",
        lambda look: look.within("tracks", "video", "audio", "overlay", "caption"),
    ),
    Rule("canonical", 3, "it lists outputs", lambda look: look.has("outputs")),
    Rule("kompo-1", 5, "its sources are assets", lambda look: look.sources_have("assetId", "asset_id")),
    Rule("kompo-1", 4, "its segments name a sourceId", lambda look: look.segments_have("sourceId")),
    Rule("kompo-1", 2, "its sources have a kind", lambda look: look.sources_have("kind")),
    Rule(
        "kompo-1", 2, "its audio holds music", lambda look: look.within("audio", "music", "originalVolume", "ducking")
    ),
    Rule("A", 4, "its type is Komposition, Video or Audio", _kind),
    Rule("A", 2, "it has the id or revision of a document store", lambda look: look.has("_id", "_rev")),
    Rule(
        "A",
        3,
        "its beatpattern runs from beat to beat",
        lambda look: look.within("beatpattern", "frombeat", "tobeat", "masterbpm", "fromBeat"),
    ),
    Rule("A", 3, "its segments name a sourceid", lambda look: look.segments_have("sourceid")),
    Rule(
        "A",
        2,
        "its sources have mediatype or startingOffset",
        lambda look: look.sources_have("mediatype", "startingOffset", "checksums"),
    ),
    Rule(
        "A",
        1,
        "its segments have a start and an end",
        lambda look: look.segments_have("start") and look.segments_have("end", "duration"),
    ),
    Rule("B", 8, "it says effects_schema_version", lambda look: look.has("effects_schema_version")),
    Rule("B", 4, "it has a komposition_id", lambda look: look.has("komposition_id")),
    Rule("B", 4, "its segments have a segment_id", lambda look: look.segments_have("segment_id")),
    Rule("B", 2, "its segments have a start_beat", lambda look: look.segments_have("start_beat")),
    Rule("B", 4, "its tree of effects has nodes with effect_id", _tree_has("effect_id", "applies_to")),
    Rule(
        "C",
        4,
        "it has metadata",
        lambda look: look.within("metadata", "bpm", "title", "totalBeats", "estimatedDuration"),
    ),
    Rule("C", 3, "its segments have a startBeat", lambda look: look.segments_have("startBeat")),
    Rule("C", 2, "its segments have a sourceRef", lambda look: look.segments_have("sourceRef")),
    Rule("C", 1, "its segments have an operation", lambda look: look.segments_have("operation")),
    Rule("C", 3, "it has globalAudio or outputSettings", lambda look: look.has("globalAudio", "outputSettings")),
    Rule(
        "C", 2, "its segments have durationBeats or timing", lambda look: look.segments_have("durationBeats", "timing")
    ),
    Rule(
        "D", 8, "its segments have beat_start and beat_end", lambda look: look.segments_have("beat_start", "beat_end")
    ),
    Rule("D", 2, "its segments have a visual_score", lambda look: look.segments_have("visual_score")),
    Rule("D", 2, "its effects are global", lambda look: look.within("effects", "global")),
    Rule("E-build-plan", 9, "it lists extractions", lambda look: look.has("snippet_extractions", "extractions")),
    Rule("E-build-plan", 4, "it lists source_files", lambda look: look.has("source_files")),
    Rule("E-build-plan", 3, "it lists effect_operations", lambda look: look.has("effect_operations")),
    Rule("E-composition-plan", 9, "its composition has segments", lambda look: look.within("composition", "segments")),
    Rule(
        "E-composition-plan",
        9,
        "its segments have a time_slot and how they are cut",
        lambda look: look.segments_have("time_slot") and look.segments_have("strategy", "cutting"),
    ),
    Rule("E-composition-plan", 4, "it has an audio_plan", lambda look: look.has("audio_plan")),
    Rule("E-audio-timing", 9, "it lists videoSegments", lambda look: look.has("videoSegments")),
    Rule("E-audio-timing", 4, "it has audioMixingInstructions", lambda look: look.has("audioMixingInstructions")),
    Rule("F", 7, "its segments have startTimeBeats", lambda look: look.segments_have("startTimeBeats", "endTimeBeats")),
    Rule("F", 6, "its segments are trimmed in beats", lambda look: look.segments_have("trimInBeats", "trimOutBeats")),
    Rule("F", 6, "its beatpattern is a pattern", lambda look: look.within("beatpattern", "pattern", "beatsPerMeasure")),
    Rule("F", 3, "it has a dvlType", lambda look: look.has("dvlType")),
    Rule("effects-tree", 12, "its tree of effects is a sequence or has a root", _is_sequence),
)

KINDS: Mapping[str, tuple[Rule, ...]] = {
    "A": (
        Rule("A+", 2, "its segments have source_timing", lambda look: look.segments_have("source_timing")),
        Rule("A+", 1, "its segments have a stretch_factor", lambda look: look.segments_have("stretch_factor")),
    ),
    "C": (
        Rule("C-speech", 3, "a segment has a speechOverlay", lambda look: look.segments_have("speechOverlay")),
        Rule("C-speech", 2, "a segment has audioSettings", lambda look: look.segments_have("audioSettings")),
        Rule("C-speech", 3, "it has a speechOverlay", lambda look: look.has("speechOverlay")),
        Rule("C-speech", 2, "it has audioSettings", lambda look: look.has("audioSettings")),
        Rule("C-generated", 3, "its segments have a musical_role", lambda look: look.segments_have("musical_role")),
        Rule("C-generated", 2, "it has a renderRange", lambda look: look.has("renderRange")),
        Rule("C-generated", 2, "its effects are a list of effect and params", _lists_effects),
        Rule("C-late", 4, "an effect is a raw filter", _raw_filters),
        Rule("C-late", 3, "its segments last durationBeats", lambda look: look.segments_have("durationBeats")),
        Rule("C-late", 3, "its segments have a timing", lambda look: look.segments_have("timing")),
        Rule("C-late", 2, "it lists transitions", lambda look: look.has("transitions")),
        Rule(
            "C-late",
            2,
            "it lists filters",
            lambda look: look.has("filters", "global_filters") or look.segments_have("filters"),
        ),
        Rule("C-late", 2, "a segment's effects are an object", _effects_by_name),
    ),
}


def detect(value: Mapping[str, Any]) -> tuple[str, tuple[Evidence, ...]]:
    """The variant with the most points, and everything that speaks for any; `unknown` when nothing does."""
    look = Look(value)
    found = [_evidence(rule) for rule in FAMILIES if rule.holds(look)]
    family = _best(found)
    kinds = [_evidence(rule) for rule in KINDS.get(family, ()) if rule.holds(look)]
    variant = _best(kinds) if kinds else family
    return variant, tuple(_in_order(family, [*found, *kinds]))


def _evidence(rule: Rule) -> Evidence:
    return Evidence(rule.variant, rule.weight, rule.reason)


def _best(found: list[Evidence]) -> str:
    points: dict[str, int] = {}
    for evidence in found:
        points[evidence.variant] = points.get(evidence.variant, 0) + evidence.weight
    return max(points, key=lambda name: points[name], default=UNKNOWN)


def _in_order(family: str, found: list[Evidence]) -> Iterator[Evidence]:
    """What speaks for the family that was taken first, and heavier before lighter."""
    return iter(sorted(found, key=lambda evidence: (not evidence.variant.startswith(family), -evidence.weight)))
