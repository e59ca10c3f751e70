"""Drawing: overlays and captions over the picture, and captions beside the film."""

from shared.kompositions.drawing.draw import draw_overlays
from shared.kompositions.drawing.webvtt import caption_sidecar

__all__ = ["caption_sidecar", "draw_overlays"]
