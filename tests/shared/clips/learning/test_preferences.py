"""What is learnt from clips puts the next ones in a better order, and with little to learn from in no worse one."""

from dataclasses import replace
from datetime import UTC, datetime
from statistics import mean

import pytest

from shared.clips.learning.example import capped
from shared.clips.learning.learning import learn_everybody
from shared.clips.learning.preferences import GENERAL, Preferences, learn_preferences
from shared.clips.ranking import default_weights
from tests.shared.clips.learning.audience import CATEGORY, Audience, taste

AT = datetime(2026, 1, 2, tzinfo=UTC)
USUAL = default_weights(CATEGORY)
SEEDS = range(6)


def better(audience: Audience, recordings: int, known: Preferences | None = None) -> float:
    """By how much the order of clips that nobody has seen is better after learning from so many recordings."""
    before = (known or Preferences()).applied(USUAL, CATEGORY)
    learnt = learn_preferences(audience.watch(recordings), AT, known)
    return audience.order(learnt.applied(before, CATEGORY)) - audience.order(before)


def test_ten_recordings_of_somebody_with_a_taste_of_their_own_are_enough_to_order_clips_better() -> None:
    gains = [better(Audience(taste(seed), seed=seed), 10) for seed in SEEDS]
    assert mean(gains) > 0.08
    assert min(gains) > -0.01


def test_the_more_is_known_the_better_the_order() -> None:
    gains = [mean(better(Audience(taste(seed), seed=seed), count) for seed in range(3)) for count in (4, 10, 24)]
    assert gains == sorted(gains)


@pytest.mark.parametrize("recordings", [1, 2, 4])
def test_with_little_to_learn_from_no_order_changes(recordings: int) -> None:
    for seed in SEEDS:
        audience = Audience(taste(seed), seed=seed, noise=0.3)
        assert better(audience, recordings) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("recordings", [6, 16])
def test_where_what_is_known_is_right_already_learning_does_not_spoil_it(recordings: int) -> None:
    assert mean(better(Audience({}, seed=seed, noise=0.3), recordings) for seed in SEEDS) > -0.015


def test_outcomes_that_have_nothing_to_do_with_the_clips_teach_nothing() -> None:
    audience = Audience({}, seed=3)
    shown = audience.watch(12)
    by_chance = [replace(each, success=audience.chance.random()) for each in shown]
    learnt = learn_preferences(by_chance, AT)
    assert learnt.shifts[CATEGORY].draw is None
    assert audience.order(learnt.applied(USUAL, CATEGORY)) == pytest.approx(audience.order(USUAL), abs=1e-9)


def test_what_everybody_likes_is_where_a_newcomer_begins() -> None:
    common = taste(5)
    crowd = [each for number in range(8) for each in Audience(common, person=f"p{number}").watch(3)]
    everybody = learn_everybody(crowd, AT)
    newcomer = Audience(common, person="new")
    assert everybody.people == 8
    assert newcomer.order(everybody.applied(USUAL, CATEGORY)) > newcomer.order(USUAL) + 0.05


def test_who_is_not_like_everybody_is_learnt_from_there() -> None:
    crowd = [each for number in range(6) for each in Audience(taste(5), person=f"p{number}").watch(3)]
    everybody = learn_everybody(crowd, AT)
    assert mean(better(Audience(taste(100 + seed), seed=seed), 12, everybody) for seed in SEEDS) > 0.05


def test_nothing_is_learnt_of_everybody_that_fewer_than_five_stand_behind() -> None:
    few = [each for number in range(4) for each in Audience(taste(5), person=f"p{number}").watch(5)]
    assert learn_everybody(few, AT) == Preferences(learnt=AT)


def test_one_who_posts_all_day_counts_as_much_as_others_and_no_more() -> None:
    quiet, loud = Audience({}, person="quiet").watch(2), Audience({}, person="loud").watch(60)
    counted = capped(quiet + loud, 20)
    weight = {person: sum(each.weight for each in counted if each.person == person) for person in ("quiet", "loud")}
    assert weight == {"quiet": 12, "loud": pytest.approx(20)}
    common = {"reactions": 5.0}
    crowd = [each for number in range(8) for each in Audience(common, person=f"p{number}").watch(4)]
    everybody = learn_everybody(crowd + Audience({"reactions": -5.0}, person="loud").watch(60), AT)
    assert Audience(common).order(everybody.applied(USUAL, CATEGORY)) >= Audience(common).order(USUAL) - 1e-9


def test_a_taste_that_holds_in_every_category_is_learnt_of_all_and_of_each() -> None:
    liked = {"faces": 5.0, "numbers": -3.0}
    both = Audience(liked).watch(10) + Audience(liked, category="educational").watch(10)
    learnt = learn_preferences(both, AT)
    assert learnt.shifts.keys() == {GENERAL, CATEGORY, "educational"}
    for category in (CATEGORY, "educational", "funny"):
        changed, usual = learnt.applied(default_weights(category), category), default_weights(category)
        assert changed.values["faces"] > usual.values["faces"]


def test_a_taste_in_one_category_says_nothing_of_the_others() -> None:
    learnt = learn_preferences(Audience({"faces": 5.0}).watch(12), AT)
    assert learnt.applied(default_weights("funny"), "funny") == default_weights("funny")


def test_the_report_says_how_much_better_the_order_is_of_clips_that_were_not_learnt_from() -> None:
    audience = Audience(taste(4))
    report = learn_preferences(audience.watch(25), AT).reports[CATEGORY]
    assert report.clips == 150
    assert report.order.pairs > 200
    assert report.order.usual is not None and report.order.learnt is not None
    assert report.order.learnt > report.order.usual + 0.05
    assert report.order.told == report.order.usual


def test_predictions_are_brought_to_what_came_of_them() -> None:
    audience = Audience(taste(4))
    report = learn_preferences(audience.watch(25), AT).reports[GENERAL]
    assert report.error is not None and report.learnt_error is not None
    assert report.learnt_error < min(0.06, report.error)
    assert all(abs(each.predicted - each.actual) < 4 * each.error + 0.02 for each in report.learnt)


def test_what_a_language_model_says_is_calibrated_by_itself() -> None:
    boastful = [replace(each, ranker="openai:some", score=0.5 + each.success / 2) for each in Audience({}).watch(8)]
    learnt = learn_preferences(boastful, AT)
    assert learnt.likely(0.55, "openai:another") < 0.35
    assert learnt.likely(0.55, "embedded") == 0.55


def test_what_was_learnt_can_be_kept_as_text() -> None:
    learnt = learn_preferences(Audience(taste(1)).watch(10), AT)
    assert Preferences.model_validate_json(learnt.model_dump_json(by_alias=True)) == learnt
