"""Footage of our own: scenes that move, a face, speech and music, made on this machine without a download."""

from demo.footage.footage import BPM, Footage, make_footage

__all__ = ["BPM", "Footage", "make_footage"]
