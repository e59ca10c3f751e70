"""Answers are kept as long as they say, for whom they were made, once for all who ask, and no more than there is room for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from flask import Response
from pydantic import BaseModel

from functions.http.caching import AnswerCache
from shared.core.ids import new_id
from shared.core.kept_answers import Key, Made
from tests.cloud import RunningCloud, wait_for

A, B = Key("ann", "page", "a"), Key("ann", "page", "b")
NEWEST = datetime(2026, 1, 1, tzinfo=UTC)


class Number(BaseModel):
    number: int
    text: str = ""


class Counting:
    """Makes 1, then 2, then 3 …"""

    def __init__(self, seconds: float = 60, text: str = "", stale: float = 0) -> None:
        self._numbers, self._text = count(1), text
        self._good, self._stale = timedelta(seconds=seconds), timedelta(seconds=stale)

    def __call__(self) -> Made:
        return Made(Number(number=next(self._numbers), text=self._text), NEWEST, self._good, self._stale)


def number(answer: Response) -> int:
    found: int = answer.get_json()["number"]
    return found


def test_an_answer_is_told_again_with_its_age() -> None:
    cache, make = AnswerCache(), Counting()
    first = cache.answer(A, make)
    time.sleep(0.02)
    again = cache.answer(A, make)
    stamps = [answer.get_json()["freshness"] for answer in (first, again)]
    assert number(first) == number(again) == 1
    assert stamps[0]["computedAt"] == stamps[1]["computedAt"]
    assert stamps[1]["ageSeconds"] >= 0.02 > stamps[0]["ageSeconds"]
    assert (again.headers["Age"], again.headers["Cache-Control"]) == ("0", "private, max-age=60")
    assert again.headers["Vary"] == "Authorization"


def test_what_is_too_old_is_made_anew_and_so_is_what_is_asked_for_anew() -> None:
    cache, make = AnswerCache(), Counting(seconds=0.05)
    cache.answer(A, make)
    wait_for(lambda: number(cache.answer(A, make)) == 2, "it is too old", seconds=2)
    lasting = Counting()
    assert [number(cache.answer(B, lasting, anew=anew)) for anew in (False, True, False)] == [1, 2, 2]


def test_what_is_not_asked_for_in_the_same_way_by_the_same_is_another() -> None:
    cache, make = AnswerCache(), Counting()
    assert [number(cache.answer(key, make)) for key in (A, Key("bob", "page", "a"), Key("", "page", "a"), A)] == [
        1,
        2,
        3,
        1,
    ]


def test_the_store_is_bounded_and_forgets_what_nobody_asks_for() -> None:
    cache, make = AnswerCache(most_bytes=2_500), Counting(text="x" * 1_000)
    for key in (A, B, A, Key("ann", "page", "c")):
        cache.answer(key, make)
    assert number(cache.answer(A, make)) == 1
    assert number(cache.answer(B, make)) == 4, "asked for least recently when there was no more room"


def test_many_who_ask_at_once_have_it_made_once() -> None:
    cache, make, begun, finish = AnswerCache(), Counting(), threading.Event(), threading.Event()

    def slowly() -> Made:
        begun.set()
        assert finish.wait(10)
        return make()

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(cache.answer, A, slowly) for _ in range(8)]
        assert begun.wait(10)
        finish.set()
        assert {number(answer.result()) for answer in asked} == {1}


def test_a_failure_is_everybodys_who_waits_and_is_not_kept() -> None:
    cache, make = AnswerCache(), Counting()

    def fails() -> Made:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.answer(A, fails)
    assert number(cache.answer(A, make)) == 1


def test_what_is_past_its_time_is_told_with_its_age_while_it_is_made_anew() -> None:
    cache, make = AnswerCache(), Counting(seconds=0.02, stale=60)
    cache.answer(A, make)
    time.sleep(0.03)
    old = cache.answer(A, make)
    assert (number(old), old.headers["Cache-Control"]) == (1, "private, max-age=0, stale-while-revalidate=60")
    assert old.get_json()["freshness"]["ageSeconds"] >= 0.03
    wait_for(lambda: number(cache.answer(A, make)) >= 2, "it is made anew", seconds=2)


def test_what_everybody_may_see_is_there_for_the_next_process(suite: RunningCloud) -> None:
    everybodys, own = Key("", "page", new_id()), Key("ann", "page", new_id())
    here, there = AnswerCache(shared=True), AnswerCache(shared=True)
    make = Counting(stale=60)
    assert [number(here.answer(key, make)) for key in (everybodys, own)] == [1, 2]
    assert [number(there.answer(key, make)) for key in (everybodys, own)] == [1, 3], "what is somebody's own stays here"
    stamps = [cache.answer(everybodys, make).get_json()["freshness"] for cache in (here, there)]
    assert stamps[0]["computedAt"] == stamps[1]["computedAt"], "and says how old it is"
