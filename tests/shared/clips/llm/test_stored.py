"""Answers that are kept in the cloud."""

from shared.clips.llm import StoredAnswers
from tests.cloud import RunningCloud


def test_an_answer_is_there_for_the_next_process_and_for_nobody_else(cloud: RunningCloud) -> None:
    StoredAnswers("selector-ann").put("key", '{"clips": []}')
    assert StoredAnswers("selector-ann").get("key") == '{"clips": []}'
    assert StoredAnswers("selector-ann").get("another") is None
    assert StoredAnswers("selector-ben").get("key") is None
