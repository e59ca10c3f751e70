"""What can go wrong with media. Every sentence is for the person whose file or render it is: what is wrong, what to do."""

from shared.core.errors import InvalidInput, KompoError


class UnreadableMedia(InvalidInput):
    """The file cannot be used as media: damaged, empty, cut short, of an unknown kind, or larger than we decode."""


class MediaOverLimit(UnreadableMedia):
    """Looking into the file takes more memory or time than that may."""


class FfmpegMissing(KompoError):
    """No FFmpeg binary can be run on this machine."""


class RenderFailed(KompoError):
    """FFmpeg ended with an error; `detail` carries its most useful line, without local paths."""


class RenderTimeout(RenderFailed):
    """The run took longer than it was allowed and was stopped; nothing was written."""


class RenderCancelled(KompoError):
    """The caller asked to stop; FFmpeg has ended and nothing was written."""


class OutOfSpace(RenderFailed):
    """The disk (or the quota) has no room for the output; nothing was left behind."""

    @classmethod
    def on_disk(cls) -> "OutOfSpace":
        return cls("There is no room left on the disk for the result. Free some space and try again.")


class OutOfMemory(RenderFailed):
    """The run needed more memory than it may have, and would again; it was stopped, and nothing was written."""


class OutputTooLarge(RenderFailed):
    """The output grew over the bytes that one run may write; nothing was left behind."""


class FfmpegKilled(RenderFailed):
    """FFmpeg was killed from outside, as the kernel does when memory runs out; nothing was written. It may go well the next
    time."""
