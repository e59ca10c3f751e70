"""Footage of our own: scenes that move, a face, speech and music, made on this machine without a download."""

from demo.footage.footage import Footage, make_footage, portrait

__all__ = ["Footage", "make_footage", "portrait"]
