"""Reasons: why a moment was chosen, in a sentence of what was measured."""

from collections.abc import Mapping, Sequence

from shared.analysis import Reaction
from shared.clips.material import Material, Span
from shared.clips.ranking.features import UNKNOWN
from shared.clips.ranking.speech import Speech
from shared.clips.ranking.terms import term
from shared.clips.ranking.weights import Weights

_MOST = 4
_OF_ANY = ("completeness", "coherence", "density", "clean", "fit")
_PLAIN = 0.2
_SAYS = {
    "hook": "it opens with a line that stands by itself",
    "question": "a question is asked",
    "numbers": "it gives figures",
    "emotion": "its words are strong",
    "turn": "the mood turns",
    "energy": "it is among the loudest parts",
    "energy_change": "its loudness rises and falls",
    "pace": "it is spoken fast",
    "pitch_change": "the voice moves",
    "address": "it speaks to the viewer",
    "density": "it says much that is said nowhere else",
    "exchange": "people answer each other",
    "coherence": "it stays with one subject",
    "completeness": "it begins and ends where a thought does",
}


def reason(speech: Speech, spans: Sequence[Span], features: Mapping[str, float], weights: Weights) -> str:
    """What spoke for this moment: the features that added most to its score, the largest first, what most moments have last."""
    gains = {name: weight * (features[name] - UNKNOWN) for name, weight in weights.values.items() if name in features}
    telling = {name: gain * (_PLAIN if name in _OF_ANY else 1.0) for name, gain in gains.items() if gain > 0}
    said = [_said(name, speech, spans) for name in sorted(telling, key=lambda name: -telling[name])]
    clauses = [clause for clause in said if clause][:_MOST]
    sentence = "; ".join(clauses) or "it is the best that is left"
    return f"{sentence[0].upper()}{sentence[1:]}."


def _said(name: str, speech: Speech, spans: Sequence[Span]) -> str:
    if name == "prompt_match":
        return _named(speech, spans)
    if name == "intent_match":
        wanted = sorted(speech.wish.intents, key=lambda intent: -speech.wish.intents[intent])
        heard = [intent for intent in wanted if _hears(speech, intent, spans)]
        return f"one hears {' and '.join(heard[:2])} in it" if heard else ""
    if name == "reactions":
        return _reacted(speech.material, spans)
    return _SAYS.get(name, "")


def _named(speech: Speech, spans: Sequence[Span]) -> str:
    topics = speech.wish.topics
    said = {term(word.word) for word in speech.material.words_in(spans)}
    words = dict.fromkeys(word for stem, word in topics.items() if stem in said)
    return f"it is about {', '.join(words)}" if words else "it is close to what was asked for" if topics else ""


def _hears(speech: Speech, intent: str, spans: Sequence[Span]) -> bool:
    ranges = [speech.material.word_range(span) for span in spans]
    return any(speech.cues(intent).of[last] > speech.cues(intent).of[first] for first, last in ranges)


def _reacted(material: Material, spans: Sequence[Span]) -> str:
    segments = [material.edges.segment(*span) for span in spans]
    reactions: Sequence[Reaction] = material.media.reactions if material.media is not None else ()
    for reaction in reactions:
        if any(each.start <= reaction.start <= each.end + 2.0 for each in segments):
            minutes, seconds = divmod(int(reaction.start), 60)
            return f"{'people laugh' if reaction.kind == 'laughter' else 'people clap'} at {minutes}:{seconds:02}"
    return ""
