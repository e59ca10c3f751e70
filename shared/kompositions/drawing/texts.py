"""Text overlays as events of a script."""

from collections.abc import Iterator

from shared.kompositions.drawing.ass import Color, Event, Style
from shared.kompositions.drawing.items import Item
from shared.kompositions.drawing.sprite import Block, Look, anchor_point, draw
from shared.kompositions.model import TextOverlay
from shared.typography import Typeface, find_family, han_of


def text_events(item: Item, overlay: TextOverlay) -> Iterator[Event]:
    """Everything that draws `overlay`, the overlay of `item`."""
    size = overlay.size * item.height
    face = find_family(overlay.font).face(bold=overlay.bold, italic=overlay.italic)
    typeface = Typeface(face, han_of(overlay.text), overlay.bold)
    style = Style(item.name, typeface, size, overlay.bold, overlay.italic)
    lines = typeface.wrap(overlay.text, overlay.width * item.width / size)
    block = Block(style, lines, overlay.align, *anchor_point(overlay.anchor), boxed=overlay.background is not None)
    look = Look(
        Color.of(overlay.color),
        Color.of(overlay.outline_color),
        overlay.outline * item.height,
        overlay.shadow * item.height,
        Color.of(overlay.background) if overlay.background else None,
    )
    markup = "\\N".join(map(style.markup, lines))
    return draw(block, look, item.path, lambda first, end: [(first, end, markup)])
