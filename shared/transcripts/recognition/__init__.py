"""Recognition: from a media file to what is said in it, with any engine."""

from shared.transcripts.recognition.kept import Kept, KeptInFolder
from shared.transcripts.recognition.transcribing import transcribe

__all__ = ["Kept", "KeptInFolder", "transcribe"]
