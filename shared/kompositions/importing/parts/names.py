"""Names: what the fields of parts are called in the formats in the wild."""

from shared.kompositions.importing.parts.fields import Names

TITLE: Names = ("title", "name")
PART_ID: Names = ("id", "_id", "segment_id", "segmentId")
SOURCE: Names = (
    *("sourceid", "sourceId", "source_id", "sourceRef", "source_ref", "source_file_id", "source", "videoFile"),
    *("sourceFile", "source_file", "file_id", "fileId", "file", "filename", "video"),
)
BEAT_START: Names = (
    *("startBeat", "start_beat", "beat_start", "beatStart", "startTimeBeats", "target_start_beat", "startBeats"),
    "fromBeat",
)
BEAT_END: Names = (
    *("endBeat", "end_beat", "beat_end", "beatEnd", "endTimeBeats", "target_end_beat", "endBeats"),
    "toBeat",
)
START: Names = ("start",)
END: Names = ("end",)
DURATION: Names = ("duration",)
BEATS: Names = ("durationBeats", "duration_beats", "durationInBeats", "duration_in_beats", "lengthBeats")
SECONDS_START: Names = ("startTime", "start_time", "start_seconds", "startSeconds", "targetStart")
SECONDS_END: Names = ("endTime", "end_time", "end_seconds", "endSeconds", "targetEnd")
SECONDS_LENGTH: Names = ("duration_seconds", "durationSeconds", "targetDuration", "target_duration")

TRIM_START: Names = (
    *("original_start", "originalStart", "sourceStart", "source_start", "cut_start", "trimStart", "trim_start"),
    *("inPoint", "in_point"),
)
TRIM_END: Names = (
    "sourceEnd",
    "source_end",
    "original_end",
    "originalEnd",
    "cut_end",
    "trimEnd",
    "trim_end",
    "outPoint",
)
TRIM_LENGTH: Names = (
    *("original_duration", "originalDuration", "sourceDuration", "source_duration", "trimDuration"),
    "trim_duration",
)
STRETCH: Names = ("stretch_factor", "stretchFactor", "time_stretch_factor")
OPERATION: Names = ("operation", "extraction_method", "method")

VOLUME: Names = ("volume", "originalVolume", "original_volume")
FADE_IN: Names = ("fadeIn", "fade_in", "fadein")
FADE_OUT: Names = ("fadeOut", "fade_out", "fadeout")
OFFSET: Names = ("musicStartOffset", "music_start_offset", "startOffset", "start_offset", "offset")
MUSIC: Names = ("backgroundMusic", "background_music", "music", "musicFile", "music_file")
MUSIC_VOLUME: Names = ("musicVolume", "music_volume")
SPEECH_VOLUME: Names = ("speechVolume", "speech_volume")

EFFECT_ID: Names = ("effect_id", "effectId", "id")
EFFECT_TYPE: Names = ("type", "effect", "effect_type", "effectType", "filter_type", "name")
EFFECT_PARAMS: Names = ("parameters", "params", "options", "settings")
