"""Kinds of work are told from what is done, with the evidence, before anybody has named one and better after."""

import pytest

from shared.patterns.classifier import Classifier, Example, accuracy, features_of


def example(kind: str, *operations: str, sessions: int = 50, users: int = 10, output: str = "mp4") -> Example:
    return Example(kind, frozenset(features_of(operations, outputs=[output])), sessions, users)


@pytest.mark.parametrize(
    ("operations", "kind"),
    [
        (("trim", "resize", "to_mp3"), "social_media"),
        (("extract_audio", "podcast_enhancement", "normalize_audio", "to_mp3"), "podcast"),
        (("trim", "concatenate_simple", "crossfade_transition", "replace_audio", "leica_look"), "music_video"),
        (("image_to_video", "crossfade_transition"), "slideshow"),
    ],
)
def test_the_seeds_workflows_are_known_beforehand(operations: tuple[str, ...], kind: str) -> None:
    found = Classifier.of([]).classify(features_of(operations))
    assert found.type == kind
    assert found.probability > 0.5


def test_the_evidence_says_what_speaks_for_it() -> None:
    found = Classifier.of([]).classify(features_of(["image_to_video", "crossfade_transition"]))
    strongest = found.evidence[0]
    assert (strongest.feature, strongest.weight > 2) == ("operation:image_to_video", True)
    assert strongest.told == "image to video: 92 % of slideshow has it, 2 % of other work"


def test_a_type_that_many_name_is_learned() -> None:
    classifier = Classifier.of([example("dubbing", "extract_audio", "gaussian_blur", "replace_audio")])
    assert classifier.classify(features_of(["gaussian_blur", "replace_audio"])).type == "dubbing"


def test_a_type_that_few_name_is_not() -> None:
    few = [example("secret", "gaussian_blur", users=4), example("rare", "gaussian_blur", sessions=3)]
    assert set(Classifier.of(few).sessions) == set(Classifier.of([]).sessions)


def test_learning_one_type_does_not_make_it_swallow_the_others() -> None:
    podcast = example("podcast", "extract_audio", "normalize_audio", "to_mp3", sessions=5000, output="mp3")
    found = Classifier.of([podcast]).classify(features_of(["trim", "resize", "to_mp3"], outputs=["mp4", "mp3"]))
    assert found.type == "social_media"


def test_what_senders_say_of_just_this_counts_most() -> None:
    features = features_of(["trim", "resize", "to_mp3"])
    found = Classifier.of([]).classify(features, {"podcast": 900, "social_media": 100, "unheard_of": 5000})
    assert found.type == "podcast"
    said = next(each for each in found.evidence if each.feature == "stated")
    assert said.told == "900 of 1000 sessions that name a type say podcast"


def test_accuracy_is_told_beside_that_of_the_most_usual_type() -> None:
    examples = [
        example("podcast", "podcast_enhancement", sessions=60),
        example("slideshow", "image_to_video", sessions=40),
    ]
    assert accuracy(Classifier.of([]), examples) == (1.0, 0.6)
