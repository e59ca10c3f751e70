import numpy as np
import pytest

from shared.analysis import UnknownEmbedder, get_embedder

SAID = {
    "money": "We went from zero to four million dollars in revenue in eighteen months by raising prices.",
    "funny": "So my dog ate the wedding cake and everybody laughed, it was the most ridiculous thing.",
    "sad": "When my father died I cried for weeks, I felt so alone.",
    "rules": "The three rules that I recommend: never borrow, always keep receipts and avoid debt.",
    "stars": "The telescope sees galaxies that are thirteen billion light years away.",
    "bread": "You need flour, butter and sugar, then bake it in the oven for an hour.",
    "night": "And then one night he called me and said that everything had changed, I will never forget it.",
    "measured": "We measured forty people and the error dropped by thirty percent.",
    "weather": "The weather is fine and we walked around for a while.",
    "unseen": "I could not believe it, it was insane, nobody saw that coming.",
}


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("business growth and money", "money"),
        ("funny moments", "funny"),
        ("emotional parts", "sad"),
        ("practical advice and tips", "rules"),
        ("space and astronomy", "stars"),
        ("cooking recipes", "bread"),
        ("storytelling", "night"),
        ("numbers and statistics", "measured"),
        ("surprising, shocking", "unseen"),
        ("how to sell to customers", "money"),
    ],
)
def test_a_prompt_finds_what_it_asks_for_though_no_word_is_the_same(prompt: str, found: str) -> None:
    embedder = get_embedder()
    likeness = embedder.embed(list(SAID.values())) @ embedder.embed([prompt])[0]
    assert list(SAID)[int(np.argmax(likeness))] == found


def likeness(one: str, other: str) -> float:
    first, second = get_embedder().embed([one, other])
    return float(first @ second)


def test_forms_of_a_word_are_alike_in_any_language() -> None:
    assert likeness("photosynthesis", "photosynthetic") > 0.25
    assert likeness("Wissenschaft", "Wissenschaftler") > 0.3
    assert likeness("Wissenschaft", "Butterbrot") < 0.15


def test_words_that_tell_nothing_hardly_count() -> None:
    assert likeness("we bake bread", "and so we just really bake some bread") > 0.95
    assert likeness("and so it was that we did", "the telescope sees galaxies") < 0.1


def test_an_embedder_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownEmbedder, match="embedded, openai"):
        get_embedder("word2vec")
    with pytest.raises(UnknownEmbedder, match="KOMPO_OPENAI_EMBEDDING_MODEL"):
        get_embedder("openai")
