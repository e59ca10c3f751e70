"""Transcripts of talks, with the times that somebody who speaks at an even pace would have."""

from collections.abc import Iterable, Sequence
from random import Random

from shared.transcripts import Segment, Transcript, Word

PRICING = """How much should you charge for your product? Most people guess the price and hope for the best. We raised our
price by forty percent and lost only three customers. The price is a signal that tells buyers what to expect. If nobody
complains about the price, you charge too little. Our margin doubled within a year."""
DOG = """My dog ate the whole wedding cake the night before. I walked into the kitchen and he looked at me like it was my
fault. The funny thing is that my mother in law still thinks the baker did it. We laughed until we cried. No way would I
ever tell her, are you kidding? It is still the most ridiculous joke of the family."""
PLANTS = """Photosynthesis is how plants turn light into sugar. The leaf takes in carbon dioxide through tiny openings. For
example, one oak makes enough oxygen for two people. This means that cutting forests changes the air. Remember that
chlorophyll is what makes leaves green. The key lesson is that plants breathe in what we breathe out."""
WAR = """My grandfather never talked about the war. One day he opened a wooden box and showed me a letter. He cried, and I was
afraid to ask who wrote it. Years later I realized that my grandmother had sent it. In the end she came back on the last train.
I still keep the letter close to my heart."""
SPACE = """A rocket needs more fuel to carry its own fuel. Engineers call that the tyranny of the equation. Nine tenths of what
stands on the pad burns within ten minutes. The capsule on top weighs less than a truck. Every kilogram to orbit costs as much
as a car. Reusable boosters land upright on a ship in the ocean."""
BREAD = """Good bread is made of flour, water, salt and time. The dough rests overnight in a cold bowl. Wild yeast gives it a
sour taste. A hot stone under the loaf makes the crust crack. Steam in the oven keeps the surface soft at first. Let the loaf
cool before you cut it."""
TALK = (PRICING, DOG, PLANTS, WAR, SPACE, BREAD)


def talk(
    paragraphs: Iterable[str] = TALK, *, speakers: Sequence[str | None] = (None,), pause: float = 0.4, seed: int = 1
) -> Transcript:
    """What is said in these paragraphs, a segment a sentence; speakers take turns by paragraph."""
    random, at, segments = Random(seed), 0.5, []
    for place, paragraph in enumerate(paragraphs):
        speaker = speakers[place % len(speakers)]
        for sentence in _sentences(paragraph):
            words = []
            for each in sentence.split():
                seconds = 0.14 + 0.05 * len(each)
                words.append(
                    Word(word=each, start=round(at, 3), end=round(at + seconds, 3), probability=0.9, speaker=speaker)
                )
                at += seconds + random.choice((0.0, 0.03, 0.06))
            segments.append(
                Segment(start=words[0].start, end=words[-1].end, text=sentence, speaker=speaker, words=tuple(words))
            )
            at += pause * random.uniform(0.5, 1.5)
        at += 2 * pause
    return Transcript(language="en", duration=round(at + 1.0, 3), segments=tuple(segments))


def _sentences(paragraph: str) -> list[str]:
    text = " ".join(paragraph.split())
    return [sentence for sentence in text.replace("? ", "?\n").replace(". ", ".\n").split("\n") if sentence]
