"""Running on one machine: recordings in files become films of their best moments in a folder, with one report."""

from shared.clips.running.batch import Batch, Ended, run_batch
from shared.clips.running.folder import ClipFolder
from shared.clips.running.recording import MadeClip, Order, run_recording

__all__ = ["Batch", "ClipFolder", "Ended", "MadeClip", "Order", "run_batch", "run_recording"]
