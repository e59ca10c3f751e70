"""Reading: a recording as the material of a request."""

from functools import partial

from shared.analysis import Embedder, MediaAnalysis, TextAnalysis
from shared.clips.candidates import room
from shared.clips.choosing import least_clips
from shared.clips.material import Material, read_material
from shared.prompts import ClipRequest
from shared.transcripts import Transcript

_PARTS = 4
"""Into how many parts the shortest clip is cut where there are no sentences and room is scarce."""


def material_for(
    request: ClipRequest, transcript: Transcript, text: TextAnalysis, media: MediaAnalysis | None, embedder: Embedder
) -> Material:
    """The material of a request. Talk without marks is cut into long parts, which read well; where the clips that there should be
    have no room in those, into shorter ones."""
    (shortest, longest), least = request.duration, least_clips(request.clip_count)
    read = partial(read_material, transcript, text, media, embedder, longest=longest / 2)
    material = read()
    found = room(material, shortest, longest, least)
    if found == least:
        return material
    finer = read(unmarked=shortest / _PARTS)
    return finer if room(finer, shortest, longest, least) > found else material
