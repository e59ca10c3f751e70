"""A document of every variant, as they look in the wild."""

from typing import Any

from tests.shared.kompositions.importing.plan_samples import AUDIO_TIMING, BUILD_PLAN, COMPOSITION_PLAN

Document = dict[str, Any]

CANONICAL: Document = {
    "schemaVersion": "2.0",
    "title": "Two shots",
    "bpm": 120,
    "sources": [
        {"id": "harbour", "kind": "video", "assetId": "asset-1"},
        {"id": "song", "kind": "audio", "assetId": "asset-2", "extra": {"licence": "CC-BY"}},
    ],
    "tracks": {
        "video": [
            {
                "segments": [
                    {"id": "one", "sourceId": "harbour", "start": {"beats": 0}, "end": {"beats": 8}},
                    {"id": "two", "sourceId": "harbour", "start": {"beats": 8}, "end": {"seconds": 6.5}},
                ],
                "transitions": [
                    {"type": "crossfade", "fromSegment": "one", "toSegment": "two", "duration": {"beats": "4/3"}}
                ],
            }
        ],
        "audio": [{"id": "music", "clips": [{"id": "song", "sourceId": "song", "volume": 0.5}]}],
    },
    "outputs": [{"width": 640, "height": 360, "fps": 25}],
}

KOMPO_1: Document = {
    "title": "Holiday",
    "bpm": 100,
    "beatsPerMeasure": 3,
    "sources": [
        {"id": "sea", "assetId": "asset-1", "kind": "video"},
        {"id": "postcard", "assetId": "asset-2", "kind": "image"},
        {"id": "waltz", "assetId": "asset-3", "kind": "audio"},
    ],
    "segments": [
        {
            **{"id": "one", "sourceId": "sea", "startBeat": 0, "endBeat": 6, "sourceStart": 2.5, "sourceDuration": 4},
            **{"fit": "stretch", "scale": "cover", "volume": 0.5},
        },
        {"id": "two", "sourceId": "postcard", "startBeat": 6, "endBeat": 9, "muted": True},
    ],
    "transitions": [{"type": "wipeleft", "fromSegment": "one", "toSegment": "two", "duration": 1.5}],
    "audio": {
        "music": {"sourceId": "waltz", "volume": 0.7, "startOffset": 12.5, "fadeIn": 0.5, "fadeOut": 2},
        **{"originalVolume": 0.9, "ducking": True, "loudness": -14},
    },
    "output": {
        **{"width": 1920, "height": 1080, "fps": 29.97, "format": "mp4", "videoCodec": "h264", "audioCodec": "aac"},
        **{"crf": 20, "preset": "fast"},
    },
}

STORED: Document = {
    "_id": "Fjord mix",
    "_rev": "7-80e5",
    "type": "Komposition",
    "bpm": 124,
    "config": {"width": 1280, "height": 720, "framerate": 24, "extension": "mp4"},
    "beatpattern": {"frombeat": 0, "tobeat": 48, "masterbpm": 124},
    "segments": [
        {"id": "Boats", "sourceid": "Fjord", "start": 16, "duration": 32, "end": 48},
        {"id": "Clouds", "sourceid": "Fjord", "start": 0, "duration": 16, "end": 16},
    ],
    "sources": [
        {
            **{"id": "Fjord", "url": "https://example.org/heap/Fjord", "startingOffset": 0, "checksums": "6ac94af5"},
            **{"format": "136", "extension": "mp4", "mediatype": "video", "width": 1280, "height": 720},
        },
        {"id": "Beat", "url": "https://example.org/heap/Beat.mp3", "extension": "mp3", "mediatype": "Audio"},
    ],
}

RECORDING: Document = {
    "_id": "Fjord",
    "_rev": "3-1e4f",
    "type": "Video",
    "bpm": -1,
    "sourceUrl": "https://example.org/watch?v=1",
    "segments": [
        {"id": "Boats", "sourceid": "", "start": 60860800, "duration": 10643967, "end": 71504767},
        {"id": "Clouds", "sourceid": "", "start": 6973633, "duration": 4254250, "end": 11227883},
    ],
    "sources": [
        {"id": "Fjord:249", "url": "https://example.org/watch?f=249", "extension": "webm", "mediatype": "Audio"},
        {"id": "Fjord:136", "url": "https://example.org/watch?f=136", "extension": "mp4", "mediatype": "video"},
    ],
}

STRETCHED: Document = {
    "id": "Night drive",
    "type": "Komposition",
    "bpm": 120,
    "config": {"width": 1280, "height": 720, "framerate": 24, "extension": "mp4"},
    "beatpattern": {"frombeat": 0, "tobeat": 32, "masterbpm": 120},
    "segments": [
        {
            **{"id": "Scene 1", "sourceid": "drive", "start": 0, "duration": 16, "end": 16, "stretch_factor": 0.8},
            "source_timing": {"original_start": 5, "original_duration": 10},
        },
        {
            **{"id": "Scene 2", "sourceid": "poster", "start": 16, "duration": 16, "end": 32, "stretch_factor": 1.0},
            "source_timing": {"static_duration": 8},
        },
    ],
    "sources": [
        {
            "id": "tune",
            "url": "file://Night tune.flac",
            "startingOffset": 1.5,
            "extension": "flac",
            "mediatype": "audio",
        },
        {"id": "drive", "url": "file://drive.mp4", "startingOffset": 0, "extension": "mp4", "mediatype": "video"},
        {"id": "poster", "url": "file://poster.jpeg", "startingOffset": 0, "extension": "jpeg", "mediatype": "image"},
    ],
}

TREE: Document = {
    "komposition_id": "tree",
    "effects_schema_version": "1.0",
    "bpm": 120,
    "config": {"width": 640, "height": 360, "framerate": 25, "extension": "mp4"},
    "beatpattern": {"frombeat": 0, "tobeat": 96, "masterbpm": 120},
    "segments": [
        {
            **{"segment_id": "intro", "source_ref": "a", "start_beat": 0, "end_beat": 32},
            "source_timing": {"original_start": 0, "original_duration": 12},
        },
        {"segment_id": "middle", "source_ref": "b", "start_beat": 32, "end_beat": 64},
        {"segment_id": "outro", "source_ref": "still", "start_beat": 64, "end_beat": 96},
    ],
    "sources": [
        {"id": "a", "url": "file://a.mp4", "mediatype": "video"},
        {"id": "b", "url": "file://b.mp4", "mediatype": "video"},
        {"id": "still", "url": "file://still.jpeg", "mediatype": "image"},
    ],
    "effects_tree": {
        "effect_id": "root",
        "type": "passthrough",
        "parameters": {},
        "children": [
            {
                "effect_id": "wipe",
                "type": "gradient_wipe",
                "applies_to": [{"type": "segment", "id": "intro"}, {"type": "segment", "id": "middle"}],
                "parameters": {
                    **{"duration_beats": 4, "start_offset_beats": -2, "end_offset_beats": 2},
                    **{"gradient_type": "linear", "angle_degrees": 45, "easing_function": "ease_in_out"},
                },
            },
            {
                "effect_id": "look",
                "type": "leica_look",
                "applies_to": [{"type": "effect_output", "id": "wipe"}],
                "children": [],
            },
            {
                "effect_id": "fade",
                "type": "crossfade_transition",
                "applies_to": [{"type": "effect_output", "id": "look"}, {"type": "segment", "id": "outro"}],
                "parameters": {"duration_beats": 6, "end_offset_beats": 3, "fade_curve": "linear"},
            },
        ],
    },
}

METADATA: Document = {
    "metadata": {
        **{"title": "City", "description": "Three shots", "bpm": 120, "beatsPerMeasure": 16, "totalBeats": 32},
        **{"estimatedDuration": 16.0, "resolution": "1920x1080", "renderStartBeat": 0, "renderEndBeat": 24},
    },
    "segments": [
        {
            **{"id": "intro", "startBeat": 0, "endBeat": 16, "duration": 8.0, "sourceType": "video"},
            **{"sourceRef": "street.mp4", "operation": "trim", "params": {"start": 1.5, "duration": 6.0}},
            **{"effects": [{"type": "leica_look", "parameters": {}}], "description": "Opening"},
        },
        {
            **{"id": "outro", "startBeat": 16, "endBeat": 32, "duration": 8.0, "sourceType": "image"},
            **{"sourceRef": "skyline.png", "operation": "image_to_video", "effects": []},
        },
    ],
    "globalAudio": {
        **{"backgroundMusic": "Deep (Mix).mp3", "musicStartOffset": 10.0, "musicVolume": 0.4},
        **{"fadeIn": 1.0, "fadeOut": 2.0},
    },
    "outputSettings": {
        **{"resolution": "1920x1080", "fps": 30, "videoCodec": "libx264", "audioCodec": "aac"},
        **{"audioSampleRate": 44100, "preset": "medium", "crf": 18},
    },
}

SPEECH: Document = {
    "metadata": {"title": "Talk", "bpm": 120, "beatsPerMeasure": 4, "totalBeats": 48},
    "segments": [
        {
            **{"id": "intro", "startBeat": 0, "endBeat": 16, "duration": 8.0, "sourceType": "video"},
            **{"sourceRef": "walk.mp4", "operation": "trim", "params": {"start": 0, "duration": 8.0}},
            "audioSettings": {"removeOriginalAudio": True, "musicOnly": True},
        },
        {
            **{"id": "talk", "startBeat": 16, "endBeat": 48, "duration": 16.0, "sourceType": "video"},
            **{"sourceRef": "talk.mp4", "operation": "trim", "params": {"start": 4, "duration": 16.0}},
            "speechOverlay": {
                **{"enabled": True, "backgroundMusic": "Deep.mp3", "musicVolume": 0.2, "speechVolume": 0.9},
                "speechSegments": [{"start_time": 2.35, "end_time": 4.82, "duration": 2.47, "quality": "clear"}],
            },
        },
    ],
    "globalAudio": {"backgroundMusic": "Deep.mp3", "musicStartOffset": 0.0, "musicVolume": 0.5},
}

GENERATED: Document = {
    "metadata": {
        "title": "Made up",
        "bpm": 128,
        "beatsPerMeasure": 4,
        "totalBeats": 24,
        "generatedFromDescription": True,
    },
    "segments": [
        {
            **{"id": "segment_0", "sourceRef": "one.mp4", "startBeat": 0, "endBeat": 8, "duration": 8},
            **{"operation": "time_stretch", "params": {}, "musical_role": "intro"},
            "source_timing": {"original_start": 3.2, "original_duration": 5.1},
        },
        {
            **{"id": "segment_1", "sourceRef": "two.mp4", "startBeat": 8, "endBeat": 24, "duration": 16},
            **{"operation": "smart_cut", "params": {"start": 0, "duration": 7.5}, "musical_role": "refrain"},
        },
    ],
    "effects_tree": [
        {"effect": "crossfade_transition", "params": {"duration": 0.5, "method": "crossfade", "beat_aligned": True}},
        {"effect": "leica_look", "params": {}},
        {"effect": "audio_normalize", "params": {"target_level": -12}},
    ],
    "outputSettings": {"resolution": "720x1280", "aspectRatio": "720:1280", "fps": 30, "videoCodec": "libx264"},
    "renderRange": {"startBeat": 4, "endBeat": 20},
}

LATE: Document = {
    "metadata": {"title": "Late", "bpm": 120, "creator": "somebody"},
    "timeline": {"totalBeats": 28, "beatsPerMeasure": 4},
    "segments": [
        {
            **{"id": "one", "sourceRef": "one.mp4", "startBeat": 0, "durationBeats": 8, "startTime": 0.0},
            "effects": [{"type": "glow", "ffmpeg_filter": "eq=contrast=1.2", "intensity": 0.5}],
        },
        {
            **{"id": "two", "sourceRef": "two.mp4"},
            "timing": {"startBeat": 8, "endBeat": 20, "sourceStart": 8.0, "sourceDuration": 6.5},
            "effects": {"fadeIn": {"duration": 2.0}, "crossfade": {"enabled": True, "duration": 1.0}},
        },
        {"id": "three", "sourceRef": "three.mp4", "startBeat": 20, "durationBeats": 8, "filters": ["sepia"]},
    ],
    "transitions": [{"from_segment": "one", "to_segment": "two", "type": "fade_to_white", "duration": 0.5}],
    "global_filters": [{"type": "leica_look"}],
    "audio": {"backgroundMusic": "song.mp3", "volume": 0.8, "fadeIn": 1.0, "fadeOut": 2.0, "mixingStrategy": "duck"},
}

FLAT: Document = {
    "title": "Flat",
    "bpm": 120,
    "resolution": "1920x1080",
    "total_beats": 16,
    "duration_seconds": 8.0,
    "sources": [
        {"id": "video1", "type": "video", "mediatype": "video"},
        {"id": "audio1", "type": "audio", "mediatype": "audio"},
    ],
    "segments": [
        {
            **{"beat_start": 0, "beat_end": 8, "source_ref": "video1", "start_time": 5.0, "duration": 4.0},
            **{"description": "Action", "visual_score": 0.9},
        },
        {
            "beat_start": 8,
            "beat_end": 16,
            "source_ref": "video1",
            "start_time": 0.5,
            "duration": 2.0,
            "visual_score": 0.7,
        },
    ],
    "audio": {"file_id": "audio1", "type": "backing_track"},
    "effects": {"global": [{"type": "leica_look", "applies_to": "all_segments"}]},
}

EDITED: Document = {
    "id": "web-1",
    "name": "Edited",
    "revision": "3",
    "dvlType": "Komposition",
    "bpm": 90,
    "status": "draft",
    "beatpattern": {"beatsPerMeasure": 3, "pattern": [True, False, False]},
    "config": {"width": 1280, "height": 720, "fps": 25, "format": "mp4"},
    "segments": [
        {
            **{"id": "a", "sourceRef": "clip", "startTimeBeats": 0, "endTimeBeats": 6, "trimInBeats": 3},
            **{"trimOutBeats": 9, "volume": 0.7, "status": "ready"},
        },
        {"id": "b", "sourceRef": "photo", "startTimeBeats": 6, "endTimeBeats": 12},
    ],
    "sources": [
        {"id": "clip", "name": "Clip", "url": "https://example.org/clip.mp4", "type": "video", "duration": 12.5},
        {"id": "photo", "name": "Photo", "url": "https://example.org/photo.jpg", "type": "image"},
    ],
}

ROOTED: Document = {
    "metadata": {"title": "Rooted", "bpm": 120},
    "sources": {"one.mp4": "one.mp4", "two.mp4": "two.mp4", "three.mp4": {"path": "three.mp4"}},
    "segments": [
        {"id": "one", "startBeat": 0, "endBeat": 8, "sourceRef": "one.mp4"},
        {"id": "two", "startBeat": 8, "endBeat": 16, "sourceRef": "two.mp4"},
        {"id": "three", "startBeat": 16, "endBeat": 24, "sourceRef": "three.mp4"},
    ],
    "effects_tree": {
        "root": {
            "type": "sequence",
            "children": [
                {"type": "crossfade_transition", "duration": 1.0, "between": ["one", "two"]},
                {"type": "slide_left", "duration": 0.5, "between": ["two", "three"]},
            ],
        }
    },
}

SEQUENCED: Document = {
    "metadata": {"title": "Sequenced", "bpm": 120},
    "segments": [
        {"id": "one", "startBeat": 0, "endBeat": 8, "sourceRef": "one.mp4"},
        {"id": "two", "startBeat": 8, "endBeat": 16, "sourceRef": "two.mp4"},
    ],
    "effects_tree": {
        "type": "sequence",
        "effects": [
            {
                **{"type": "transition", "name": "crossfade", "start_time": 3.5, "duration": 1.0},
                "options": {"transition_type": "fade", "ease": "cubic-bezier"},
            },
            {
                "type": "color_correction",
                "name": "contrast",
                "start_time": 0.0,
                "duration": 8.0,
                "options": {"contrast": 1.1},
            },
        ],
    },
}

SAMPLES: dict[str, tuple[str, Document]] = {
    "canonical": ("canonical", CANONICAL),
    "kompo-1": ("kompo-1", KOMPO_1),
    "stored": ("A", STORED),
    "recording": ("A", RECORDING),
    "stretched": ("A+", STRETCHED),
    "tree": ("B", TREE),
    "metadata": ("C", METADATA),
    "speech": ("C-speech", SPEECH),
    "generated": ("C-generated", GENERATED),
    "late": ("C-late", LATE),
    "flat": ("D", FLAT),
    "build plan": ("E-build-plan", BUILD_PLAN),
    "composition plan": ("E-composition-plan", COMPOSITION_PLAN),
    "audio timing": ("E-audio-timing", AUDIO_TIMING),
    "edited": ("F", EDITED),
    "rooted": ("effects-tree", ROOTED),
    "sequenced": ("effects-tree", SEQUENCED),
}
"""By name: what variant it is, and the document. All import without errors."""
