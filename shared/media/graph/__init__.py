"""Parts of FFmpeg graphs: files opened, pieces of them as frames and samples counted exactly, fitted, levelled and encoded.

What a komposition and a single operation need alike. Importing this package is cheap; `inputs` needs ffmpeg-python."""

from shared.media.graph.commands import command
from shared.media.graph.loudness import Loudness
from shared.media.graph.shot import Shot
from shared.media.graph.source import SourceMedia

__all__ = ["Loudness", "Shot", "SourceMedia", "command"]
