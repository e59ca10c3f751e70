"""What is heard: loudness, energy, pitch, silences, laughter and applause."""

from shared.analysis.sound.listening import Heard, listen_to

__all__ = ["Heard", "listen_to"]
