"""What every ranker promises."""

import pytest

from shared.analysis import analyze_text, get_embedder
from shared.clips.asking import asked
from shared.clips.choosing import choose, overlaps
from shared.clips.material import read_material
from shared.clips.ranking import RANKERS, Ranker, Task, default_weights, get_ranker
from tests.shared.clips.talks import talk


def _task(prompt: str) -> Task:
    transcript, request = talk(), asked(prompt)
    material = read_material(transcript, analyze_text(transcript), None, get_embedder(), longest=30.0)
    return Task(material, request, default_weights(request.category))


def test_moments_come_best_first_and_have_the_length_that_was_asked_for(ranker: Ranker) -> None:
    task = _task("3 clips about the price, 15-40 seconds")
    ranked = ranker.rank(task)
    worths = [moment.worth for moment in ranked.moments]
    assert worths == sorted(worths, reverse=True)
    assert all(0 <= worth <= 1 for worth in worths)
    assert ranked.considered >= len(ranked.moments) > 0
    for moment in ranked.moments:
        assert 15 <= task.material.duration(moment.spans) <= 40
        assert not any(overlaps([one], [other]) for one in moment.spans for other in moment.spans if one != other)


@pytest.mark.parametrize("word", ["price", "dog", "plants", "grandfather", "rocket", "bread"])
def test_the_best_moment_is_about_what_the_prompt_names(ranker: Ranker, word: str) -> None:
    task = _task(f"moments about the {word}, 15-30 seconds")
    best = ranker.rank(task).moments[0]
    assert word in task.material.spoken(best.spans).casefold()


def test_no_moment_has_what_the_prompt_excludes(ranker: Ranker) -> None:
    task = _task("moments about the price, but nothing about margins, 10-40 seconds")
    ranked = ranker.rank(task)
    assert ranked.moments
    assert not any("margin" in task.material.spoken(moment.spans) for moment in ranked.moments)


def test_the_same_question_has_the_same_answer(ranker: Ranker) -> None:
    assert ranker.rank(_task("the dog")) == ranker.rank(_task("the dog"))


def test_every_chosen_moment_is_told_of_in_plain_lines(ranker: Ranker) -> None:
    task = _task("moments about the letter")
    chosen = choose(task.material, ranker.rank(task).moments, (1, 3))
    details = ranker.detail(task, chosen)
    assert len(details) == len(chosen)
    for detail in details:
        assert 0 < len(detail.title) <= 120
        assert 0 < len(detail.hooks) <= 3
        assert detail.reason
        assert all(tag.startswith("#") and " " not in tag for tag in detail.hashtags)
        assert all("\n" not in line for line in (detail.title, *detail.hooks))
        scores = detail.scores
        assert all(0 <= each <= 10 for each in (scores.hook, scores.engagement, scores.value, scores.shareability))
        assert 0 <= detail.worth <= 1


def test_every_ranker_is_asked_for_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.core.settings import engine_settings

    for name in ("OPENAI_MODEL", "ANTHROPIC_MODEL", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(f"KOMPO_{name}", "some")
    engine_settings.cache_clear()
    try:
        assert [get_ranker(name).name.partition(":")[0] for name in RANKERS] == list(RANKERS)
    finally:
        engine_settings.cache_clear()
