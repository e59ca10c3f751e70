"""Reading: a recording as the material of a request."""

from dataclasses import replace

from shared.analysis import Embedder, MediaAnalysis, TextAnalysis
from shared.clips.candidates import room
from shared.clips.choosing import least_clips
from shared.clips.material import Material, read_material
from shared.clips.parts import part_in
from shared.prompts import ClipRequest
from shared.transcripts import Transcript

_PARTS = 4
"""Into how many parts the shortest clip is cut where there are no sentences and room is scarce."""


def material_for(
    request: ClipRequest, transcript: Transcript, text: TextAnalysis, media: MediaAnalysis | None, embedder: Embedder
) -> Material:
    """The material of a request: of the part of the recording that it names, else of all.

    Talk without marks is cut into long parts, which read well; where the clips that there should be have no room in those, into
    shorter ones."""
    (shortest, longest), least = request.duration, least_clips(request.clip_count)

    def read(unmarked: float | None = None) -> Material:
        whole = read_material(transcript, text, media, embedder, longest=longest / 2, unmarked=unmarked)
        return _within(whole, wanted_part(request, transcript, media))

    material = read()
    found = room(material, shortest, longest, least)
    if found == least:
        return material
    finer = read(shortest / _PARTS)
    return finer if room(finer, shortest, longest, least) > found else material


def wanted_part(
    request: ClipRequest, transcript: Transcript, media: MediaAnalysis | None
) -> tuple[float, float] | None:
    """From when to when, in seconds, the recording is to be looked through; None for all of it."""
    last = max((word.end for word in transcript.words), default=0.0)
    return part_in(request.criteria, (media.duration if media is not None else transcript.duration) or last)


def _within(material: Material, part: tuple[float, float] | None) -> Material:
    """The same with only those units of which every word is said in the part."""
    if part is None:
        return material
    words, (start, end) = material.words, part
    units = (
        unit
        for unit in material.units
        if start <= words[unit.first_word].start
        and max(word.end for word in words[unit.first_word : unit.last_word]) <= end
    )
    return replace(material, units=tuple(units))
