"""Outlines: characters of a font as a TrueType font of their own. PDFs by reportlab take no other outlines; the fonts of Chinese,
Japanese and Korean, and of emoji, have others, or all their weights in one file."""

import io
from collections.abc import Collection

from shared.typography import Face

_TOLERANCE = 1.0
"""Font units, of a thousand or so an em, that a curve may be off."""


def true_type(face: Face, characters: Collection[str]) -> bytes:
    """A TrueType font with those of the characters that the face has, in its weight."""
    import uharfbuzz
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    opened = face.open()
    font = uharfbuzz.Font(opened)
    if face.weight is not None:
        font.set_variations({"wght": face.weight})
    glyphs, advances = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": opened.upem}
    mapped: dict[int, str] = {}
    for code in sorted(map(ord, characters)):
        glyph = font.get_nominal_glyph(code)
        if glyph is None:
            continue
        pen = TTGlyphPen(None)
        font.draw_glyph_with_pen(glyph, Cu2QuPen(pen, _TOLERANCE, reverse_direction=True))
        mapped[code] = name = f"u{code:05X}"
        glyphs[name], advances[name] = pen.glyph(), font.get_glyph_h_advance(glyph)
    built = FontBuilder(opened.upem, isTTF=True)
    built.setupGlyphOrder(list(glyphs))
    built.setupCharacterMap(mapped)
    built.setupGlyf(glyphs)
    table = built.font["glyf"]
    built.setupHorizontalMetrics({name: (advances[name], getattr(table[name], "xMin", 0)) for name in glyphs})
    ascent = round(0.88 * opened.upem)
    built.setupHorizontalHeader(ascent=ascent, descent=ascent - opened.upem)
    family = face.family.replace(" ", "")
    built.setupNameTable(
        {"familyName": face.family, "styleName": "Regular", "psName": f"{family}-{face.weight or 400}"}
    )
    built.setupOS2(sTypoAscender=ascent, sTypoDescender=ascent - opened.upem)
    built.setupPost()
    held = io.BytesIO()
    built.save(held)
    return held.getvalue()
