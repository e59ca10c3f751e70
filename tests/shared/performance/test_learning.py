"""From a history whose laws are known, the laws are learnt: through BigQuery, into the document, out as expectations."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from demo.history import History, load
from demo.history.catalogue import catalogue
from shared.core.clients import bigquery_client
from shared.performance import (
    NothingLearnt,
    PerformanceModel,
    current_model,
    expect,
    keep_model,
    learn,
    suggestions,
)
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell_all

END = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def model(cloud: RunningCloud) -> Iterator[PerformanceModel]:
    """What is learnt of 40,000 events, and of an operation that only four people know."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    history = History(seed=2, events=40_000, users=500, days=60, end=END)
    load(history)
    at = [history.start.replace(hour=number % 24, minute=number % 60) for number in range(80)]
    tell_all(
        (f"insider {number % 4}", [operation(moment, "secret_sauce", success=number % 2 == 0)])
        for number, moment in enumerate(at)
    )
    yield learn(END)
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")


def test_time_grows_with_size_as_planted(model: PerformanceModel) -> None:
    held = 0
    for name, learnt in model.operations.items():
        kind = catalogue().kinds[name]
        assert learnt.time.power == pytest.approx(kind.power, abs=0.06), name
        assert math.exp(learnt.time.intercept) == pytest.approx(kind.ms, rel=0.3), name
        held += learnt.time.power_low <= kind.power <= learnt.time.power_high
    assert len(model.operations) >= 19
    assert held / len(model.operations) >= 0.8


def test_what_doubles_the_time_is_found(model: PerformanceModel) -> None:
    effects = {(each.feature, each.value): each for each in model.operations["convert"].time.effects}
    for feature, value, factor in (
        ("preset", "slow", 2.0),
        ("preset", "veryfast", 0.5),
        ("codec", "h265", 2.6),
        ("output_format", "webm", 3.0),
    ):
        assert effects[feature, value].factor == pytest.approx(factor, rel=0.12)
        assert effects[feature, value].low < effects[feature, value].factor < effects[feature, value].high
    assert effects["crf", None].factor == pytest.approx(0.96, abs=0.015)


def test_what_one_gets_for_the_time_is_found(model: PerformanceModel) -> None:
    effects = {(each.feature, each.value): each for each in model.operations["convert"].result}
    for feature, value, factor in (("preset", "slow", 0.99), ("preset", "veryfast", 1.12), ("codec", "h265", 0.6)):
        assert effects[feature, value].factor == pytest.approx(factor, rel=0.04)
    [slow] = [each.text for each in suggestions(model) if (each.operation, each.value) == ("convert", "slow")]
    assert "times as long as with medium" in slow
    assert re.search(r"Its files are (as large|[0-4]% smaller) \(0\.\d\d to \d\.\d\d times\)\.$", slow)


def test_memory_is_found_too(model: PerformanceModel) -> None:
    memory = model.operations["reverse"].memory
    assert memory is not None
    assert (memory.base, memory.per_mb) == (pytest.approx(300, rel=0.1), pytest.approx(2.5, rel=0.05))


def test_intervals_hold_what_they_claim_on_a_history_that_was_not_seen(model: PerformanceModel) -> None:
    inside = [0, 0]
    runs = 0
    for _, event in History(seed=9, events=6_000, users=200, days=20, end=END):
        operated: dict[str, Any] = event.get("operation", {})
        if operated.get("type") not in model.operations or not event["metrics"]["success"]:
            continue
        expected = expect(
            operated["type"],
            size=operated["fileSize"],
            input_format=operated["inputFormat"],
            output_format=operated["outputFormat"],
            parameters=operated["parameters"],
            model=model,
        )
        assert expected.memory_mb is not None
        runs += 1
        inside[0] += expected.seconds.low <= event["metrics"]["processingTime"] / 1000 <= expected.seconds.high
        inside[1] += expected.memory_mb.low <= event["metrics"]["memoryUsage"] <= expected.memory_mb.high
    assert runs > 4_000
    assert model.card.coverage == pytest.approx(0.9, abs=0.02)
    # That history has a slow day of its own, in which everything takes three times as long.
    assert 0.85 <= inside[0] / runs <= 0.93
    assert 0.87 <= inside[1] / runs <= 0.93


def test_reverse_fails_on_more_than_a_gigabyte(model: PerformanceModel) -> None:
    worst = next(risk for risk in model.risks if risk.operation == "reverse")
    assert (worst.condition, worst.value, worst.error) == ("size", "over 1 GB", "OUT_OF_MEMORY")
    assert worst.failing.low <= 0.30 <= worst.failing.high
    assert worst.otherwise.high < 0.05
    planted = {("reverse", "size"), ("concatenate_simple", "input_format"), ("convert", "output_format")}
    assert planted <= {(risk.operation, risk.condition) for risk in model.risks}


def test_suggestions_are_sentences_with_their_figures(model: PerformanceModel) -> None:
    said = [each.text for each in suggestions(model)]
    assert any(
        re.fullmatch(
            r"reverse fails \d\d% of the time on sources of over 1 GB \(\d+% to \d+%; \d+ runs of \d+ people\), mostly with"
            r" OUT_OF_MEMORY; otherwise \d\.\d% of the time\.",
            text,
        )
        for text in said
    )
    [slow] = [
        each for each in model.operations["convert"].time.effects if (each.feature, each.value) == ("preset", "slow")
    ]
    sentence = (
        f"With the preset slow, convert takes {slow.factor:.1f} times as long as with medium"
        f" ({slow.low:.2f} to {slow.high:.2f} times; {slow.runs} runs of {slow.users} people). Its files are "
    )
    assert 1.75 <= slow.factor < 2.25
    assert [text.startswith(sentence) for text in said].count(True) == 1
    assert all(
        each.users >= 5 and each.runs >= 20 and each.low <= each.factor <= each.high for each in suggestions(model)
    )


def test_nothing_is_said_of_what_fewer_than_five_people_did(model: PerformanceModel) -> None:
    assert "secret_sauce" not in model.model_dump_json()


def test_the_document_gives_back_the_model_and_says_when_there_is_none(model: PerformanceModel) -> None:
    keep_model(model)
    assert current_model() == model
    expected = expect("reverse", size=2_000_000_000, output_format="mp4")
    assert expected.seconds.low < 280 < expected.seconds.high
    assert expected.risk is not None
    assert expected.failure == expected.risk.failing
    with pytest.raises(NothingLearnt, match="Nothing has been learnt of knit yet"):
        expect("knit", size=1)


def test_what_is_unlike_the_known_runs_is_said(model: PerformanceModel) -> None:
    notes = expect("convert", size=50_000, output_format="mp4", parameters={"preset": "placebo"}, model=model).notes
    assert len(notes) == 2
    assert "for one of 0.1 MB this is a guess" in notes[0]
    assert notes[1] == "Too few people have used preset placebo; it is taken for medium."
