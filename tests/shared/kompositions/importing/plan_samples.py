"""Plans of how a film is made, as they look in the wild."""

from typing import Any

Document = dict[str, Any]

BUILD_PLAN: Document = {
    "id": "build_1",
    "title": "Planned",
    "source_komposition_path": "komposition.json",
    "created_at": "2025-01-06T15:30:00",
    "beat_timing": {"bpm": 120, "beats_per_measure": 16, "start_beat": 0, "end_beat": 32},
    "render_range": [0, 32],
    "output_resolution": [1280, 720],
    "source_files": [
        {"id": "source_0", "filename": "one.mp4", "file_id": "file_1", "duration": 20.0, "fps": 30, "has_audio": True},
        {"id": "source_1", "filename": "two.mp4", "file_id": "file_2", "duration": 9.0, "fps": 25, "has_audio": False},
    ],
    "snippet_extractions": [
        {
            **{"id": "cut_0", "source_file_id": "source_0", "source_start": 2.0, "source_duration": 6.0},
            **{"target_start_beat": 0, "target_end_beat": 16, "extraction_method": "time_stretch"},
            "target_timing": {"bpm": 120, "beats_per_measure": 16, "start_beat": 0, "end_beat": 16},
        },
        {
            **{"id": "cut_1", "source_file_id": "source_1", "source_start": 0, "source_duration": 8.0},
            **{"target_start_beat": 16, "target_end_beat": 32, "extraction_method": "smart_cut"},
        },
    ],
    "effect_operations": [
        {
            **{"id": "op_0", "effect_type": "leica_look", "input_files": ["cut_0"], "output_file": "look.mp4"},
            **{"parameters": {}, "dependencies": [], "execution_order": 0},
        },
        {
            **{"id": "op_1", "effect_type": "leica_look_enhanced", "input_files": ["look.mp4", "cut_1"]},
            **{"output_file": "all.mp4", "parameters": {}, "dependencies": ["op_0"], "execution_order": 1},
        },
    ],
    "execution_order": ["cut_0", "cut_1", "op_0", "op_1"],
    "estimated_processing_time": 92.5,
}

COMPOSITION_PLAN: Document = {
    "metadata": {
        **{"title": "Clever", "version": "2.0", "total_duration": 16.0, "bpm": 120, "beats_per_measure": 16},
        "total_beats": 32,
    },
    "sources": {
        "videos": [{"id": "source_1", "file": "talk.mp4", "duration": 20.0, "has_speech": True, "priority_score": 0.8}],
        "audio": [{"id": "background_music", "file": "song.mp3", "type": "background_music", "bpm": 120}],
    },
    "composition": {
        "segments": [
            {
                "id": "segment_1",
                "time_slot": {"start": 0.0, "end": 8.0, "duration": 8.0, "beat_start": 0, "beat_end": 16},
                "source_id": "source_1",
                "strategy": {"type": "smart_cut", "reason": "Best fit", "stretch_factor": 1.0},
                "cutting": {
                    **{"source_start": 2.0, "source_end": 10.0, "method": "smart_cut", "fit_strategy": "trim"},
                    "resulting_duration": 8.0,
                },
                "audio_handling": {"preserve_original": True, "background_music": True, "extracted_audio": None},
                "quality_score": 0.9,
            },
            {
                "id": "segment_2",
                "time_slot": {"start": 8.0, "end": 16.0, "duration": 8.0, "beat_start": 16, "beat_end": 32},
                "source_id": "source_1",
                "cutting": {"source_start": 0.0, "source_end": 12.0, "method": "time_stretch"},
            },
        ]
    },
    "audio_plan": {
        "background_music": {"file": "song.mp3", "start_offset": 3.0, "volume": 0.5, "fade_in": 1.0, "fade_out": 2.0},
        "speech_overlays": [{"start": 1.0, "end": 7.0, "source": "speech.wav", "volume": 0.9, "fade_in": 0.2}],
    },
    "effects": {
        "global": [{"type": "leica_look", "params": {}}],
        "per_segment": {"segment_1": [{"type": "fade_out", "params": {"duration": 0.5}}], "segment_2": []},
    },
    "processing": {"quality": "high", "resolution": "1280x720", "fps": 25, "audio_sample_rate": 44100},
}

AUDIO_TIMING: Document = {
    "metadata": {"title": "Timing", "totalDuration": 16.0, "createdAt": "2025-01-06T15:30:00Z"},
    "videoSegments": [
        {
            **{"segmentId": "segment_1", "videoFile": "walk.mp4", "originalDuration": 3.5, "targetDuration": 8.0},
            "timeSlot": {"startTime": 0.0, "endTime": 8.0},
            "audioHandling": {"useOriginalAudio": False, "musicOnly": True, "extractedAudioFile": None},
        },
        {
            **{"segmentId": "segment_2", "videoFile": "talk.mp4", "originalDuration": 5.8, "targetDuration": 8.0},
            "timeSlot": {"startTime": 8.0, "endTime": 16.0},
            "audioHandling": {
                **{"useOriginalAudio": True, "musicOnly": False, "extractedAudioFile": "speech_8s.wav"},
                **{"speechVolume": 0.9, "musicVolume": 0.2},
            },
        },
    ],
    "audioMixingInstructions": {
        "backgroundMusicSettings": {
            **{"file": "Deep.mp3", "startOffset": 2.0, "volume": 0.5, "fadeIn": 1.0, "fadeOut": 2.0},
            "keepPristine": True,
        },
        "speechOverlays": [
            {"sourceFile": "speech_8s.wav", "insertAtTime": 8.0, "duration": 8.0, "volume": 0.9, "fadeIn": 0.5}
        ],
    },
    "extractedAudioFiles": {
        "speech_8s.wav": {
            "sourceVideo": "talk.mp4",
            "originalDuration": 5.8,
            "stretchedDuration": 8.0,
            "stretchFactor": 0.725,
        }
    },
}
