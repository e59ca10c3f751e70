"""Sidecars: what a player shows beside a film: a poster, thumbnails, previews for its seek bar, a waveform."""

from shared.media.transcoding.sidecars.making import make_sidecars, wanted_sidecars
from shared.media.transcoding.sidecars.work import Sidecar

__all__ = ["Sidecar", "make_sidecars", "wanted_sidecars"]
