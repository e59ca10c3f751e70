"""Recordings of one event, each on a clock of its own, brought onto one clock by what is heard in them.

Importing this package is cheap: NumPy is loaded by the first use."""

from shared.media.syncing.aligning import align
from shared.media.syncing.hearing import RATE, hear
from shared.media.syncing.recordings import sync_recordings
from shared.media.syncing.sync import Sync

__all__ = ["RATE", "Sync", "align", "hear", "sync_recordings"]
