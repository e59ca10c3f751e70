"""Sidecars: what a player shows beside a film: a poster, thumbnails, previews for its seek bar, a waveform."""

from shared.media.transcoding.sidecars.making import SidecarPiece, make_sidecars, sidecar_pieces, wanted_sidecars
from shared.media.transcoding.sidecars.work import Sidecar

__all__ = ["Sidecar", "SidecarPiece", "make_sidecars", "sidecar_pieces", "wanted_sidecars"]
