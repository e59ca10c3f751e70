"""Speakers: who says each word, told by the voices."""

from shared.transcripts.recognition.speakers.labelling import who_speaks
from shared.transcripts.recognition.speakers.voices import MeasuredVoices, TrainedVoices, Voices, find_voices

__all__ = ["MeasuredVoices", "TrainedVoices", "Voices", "find_voices", "who_speaks"]
