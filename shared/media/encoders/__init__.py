"""Encoders: which of them this machine really has, and what each is told so that quality means the same."""

from shared.media.encoders.accelerator import Accelerator, Encoder, NoAccelerator, choose, probe_accelerator
from shared.media.encoders.coding import PictureCoding
from shared.media.encoders.nvenc import nvenc_options
from shared.media.encoders.software import software_options

__all__ = [
    "Accelerator",
    "Encoder",
    "NoAccelerator",
    "PictureCoding",
    "choose",
    "nvenc_options",
    "probe_accelerator",
    "software_options",
]
