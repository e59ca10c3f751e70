import time
from itertools import pairwise

import numpy as np

from shared.analysis import analyze_text
from tests.shared.analysis.speech import spoken

BREAD = """
We knead the dough with flour and water. The oven must be hot before the bread goes in. Good butter makes the
crust taste better. My grandmother would bake every morning in her kitchen. The recipe needs salt, sugar and a
little yeast. When the loaf rises you can smell it. A baker knows the dough by its touch. Slice the bread when
it has cooled.
"""
SPACE = """
The rocket left the pad and went into orbit. From there the astronauts saw the whole planet. The telescope
looks at stars far away. A galaxy has a hundred billion suns. Gravity bends the light of every star. The moon
has no air and little gravity. One day people will land on mars. The satellite sends pictures of the asteroid.
"""
MONEY = """
The company doubled its revenue last quarter. Investors want to see profit and growth. We raised prices and
the customers stayed. A founder must know the margin of every product. The bank gave us a loan for the
factory. Taxes ate half of the income. Sales went up when marketing spent less. The market pays for value.
"""


def test_topics_part_where_something_else_is_spoken_about() -> None:
    transcript = spoken(BREAD, SPACE, MONEY)
    topics = analyze_text(transcript).topics
    assert [topic.first_sentence for topic in topics] == [0, 8, 16]
    bread, space, money = (set(topic.keywords) for topic in topics)
    assert bread & {"bread", "dough", "flour", "oven"}
    assert space & {"gravity", "star", "stars", "galaxy", "rocket"}
    assert money & {"revenue", "customers", "company", "profit"}


def test_topics_cover_all_sentences_without_gaps() -> None:
    found = analyze_text(spoken(BREAD, SPACE, MONEY, BREAD))
    edges = [(topic.first_sentence, topic.last_sentence) for topic in found.topics]
    assert edges[0][0] == 0
    assert edges[-1][1] == len(found.sentences) - 1
    assert all(after[0] == before[1] + 1 for before, after in pairwise(edges))
    assert all(topic.start == found.sentences[topic.first_sentence].start for topic in found.topics)


def test_one_subject_is_one_topic() -> None:
    assert len(analyze_text(spoken("We bake bread in the oven. It smells good.")).topics) == 1


def test_an_hour_of_speech_is_analysed_within_a_second_and_a_half_of_the_processor() -> None:
    random = np.random.default_rng(1)
    words = [
        f"{first}{second}" for first in ("ba", "ke", "lo", "mi", "su") for second in ("ra", "ton", "ling", "ver")
    ] * 9
    text = " ".join(" ".join(random.choice(words, 12)) + "." for _ in range(840))
    transcript = spoken(text)
    analyze_text(spoken("The lexicons are read."))
    began = time.process_time()
    found = analyze_text(transcript)
    assert time.process_time() - began < 1.5
    assert len(found.sentences) == 840
