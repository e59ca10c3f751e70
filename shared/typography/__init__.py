"""Typography: the fonts that Kompo brings along, how wide text is in them, where its lines break, and in which order the letters
of a line are seen. What is drawn with it, captions, charts and pages, is the same on every machine."""

from shared.typography.bidi import Run, mostly_right, visual_runs
from shared.typography.fonts import DEFAULT, FALLBACKS, FAMILIES, Face, Family, Han, cjk_face, find_family, write_faces
from shared.typography.graphemes import graphemes, is_attached
from shared.typography.typesetting import Typeface, ems, han_of, paragraphs, separator, spoken_units
from shared.typography.wrapping import Measure, ideographs, is_ideograph, tokens, wrap

__all__ = [
    "DEFAULT",
    "FALLBACKS",
    "FAMILIES",
    "Face",
    "Family",
    "Han",
    "Measure",
    "Run",
    "Typeface",
    "cjk_face",
    "ems",
    "find_family",
    "graphemes",
    "han_of",
    "ideographs",
    "is_attached",
    "is_ideograph",
    "mostly_right",
    "paragraphs",
    "separator",
    "spoken_units",
    "tokens",
    "visual_runs",
    "wrap",
    "write_faces",
]
