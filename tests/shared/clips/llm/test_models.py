"""Asking language models over the wire: what is tried again, what is given up, and how that is said."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from shared.clips import ClipSelector
from shared.clips.llm import AnthropicModel, FolderCache, LanguageModel, LanguageModelRanker, OpenAiModel, Question
from shared.clips.llm.posting import TooLong
from shared.clips.ranking import RankerUnavailable
from tests.shared.clips.llm.minds import obedient
from tests.shared.clips.llm.server import Asked, Server, serving
from tests.shared.clips.talks import TALK, talk

QUESTION = Question("Rules <transcript-0>.", "Say something.", "shortlist", {"type": "object"}, 100)
AT_ONCE = {"Retry-After": "0"}


@pytest.fixture
def server() -> Iterator[Server]:
    """A server whose model says the same to everything."""
    with serving(lambda _: '{"clips": []}') as running:
        yield running


@pytest.fixture(params=["openai", "anthropic"])
def model(request: pytest.FixtureRequest, server: Server) -> LanguageModel:
    """A model of each kind on that server."""
    if request.param == "openai":
        return OpenAiModel(f"{server.url}/v1/", "llama", lambda: "key", seconds=10)
    return AnthropicModel(server.url, "claude", lambda: "key", seconds=10)


def test_an_answer_is_what_the_model_says(model: LanguageModel) -> None:
    assert json.loads(model.ask(QUESTION)) == {"clips": []}


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_what_passes_is_tried_again(model: LanguageModel, server: Server, status: int) -> None:
    server.statuses = [(status, AT_ONCE, "{}")] * 2
    assert model.ask(QUESTION)
    assert len(server.asked) == 3


def test_what_does_not_pass_is_given_up_after_four_times(model: LanguageModel, server: Server) -> None:
    server.statuses = [(503, AT_ONCE, "{}")] * 9
    with pytest.raises(RankerUnavailable, match=r"fails \(HTTP 503\), 4 times"):
        model.ask(QUESTION)
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "refuses the key"),
        (403, "refuses the key"),
        (404, "no such model"),
        (302, "does not take"),
        (400, "does not take"),
    ],
)
def test_what_cannot_be_helped_is_not_tried_again_and_said_clearly(
    model: LanguageModel, server: Server, status: int, says: str
) -> None:
    server.statuses = [(status, {"Location": f"{server.url}/elsewhere"}, "{}")]
    with pytest.raises(RankerUnavailable, match=says) as failed:
        model.ask(QUESTION)
    assert len(server.asked) == 1
    assert "key" not in failed.value.detail.replace("refuses the key", "")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "This model's maximum context length is 8192 tokens. Please reduce the length of the messages."),
        (400, '{"error": {"code": "context_length_exceeded"}}'),
        (400, "prompt is too long: 210000 tokens > 200000 maximum"),
        (400, "'max_completion_tokens' is too large: 8000. This model's maximum context length is 4096 tokens"),
        (400, "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."),
        (500, "the request exceeds the available context size. try increasing the context size"),
        (413, "Payload Too Large"),
        (429, "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 38000."),
    ],
)
def test_a_model_that_cannot_hold_so_much_is_told_apart_at_once(
    model: LanguageModel, server: Server, status: int, told: str
) -> None:
    server.statuses = [(status, AT_ONCE, told)]
    with pytest.raises(TooLong, match="cannot hold so much"):
        model.ask(QUESTION)
    assert len(server.asked) == 1


def test_a_quota_of_tokens_that_is_used_up_passes(model: LanguageModel, server: Server) -> None:
    server.statuses = [(429, AT_ONCE, "Quota exceeded for generate_content_input_tokens_per_minute")]
    assert model.ask(QUESTION)


def test_a_transcript_that_is_too_long_for_a_model_is_read_in_smaller_parts() -> None:
    transcript = talk((*TALK, *TALK))
    with serving(obedient) as server:
        server.most = 4000
        ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "small"))
        selection = ClipSelector(ranker).analyze_transcript(transcript, "the price of bread", durations=(10, 30))
        held = [asked for asked in server.asked if len(asked.content) <= server.most]
    assert selection.ranker == "openai:small"
    assert selection.clips and not any("stood in" in note for note in selection.notes)
    lines = {number for asked in held if asked.form == "shortlist" for number in asked.lines}
    assert lines == set(range(1, max(lines) + 1)), "every line was read"
    assert all(asked.body["max_completion_tokens"] <= 8000 for asked in held)


def test_a_model_that_can_hold_next_to_nothing_is_stood_in_for() -> None:
    with serving(obedient) as server:
        server.most = 10
        ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "tiny"))
        selection = ClipSelector(ranker).analyze_transcript(talk(), "the price", durations=(10, 30))
    assert selection.ranker == "embedded"
    assert "cannot hold so much" in selection.notes[0]
    assert len(server.asked) < 10


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model = OpenAiModel(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", "llama", seconds=0.3)
        with pytest.raises(RankerUnavailable, match="no answer in time"):
            model.ask(QUESTION)


def test_an_answer_that_drips_is_given_up_when_the_time_is_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as dripping:
        over = Event()

        def drip() -> None:
            caller = dripping.accept()[0]
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            with caller, suppress(OSError):
                while not over.wait(0.02):
                    caller.sendall(b" ")

        thread = Thread(target=drip)
        thread.start()
        try:
            url = f"http://127.0.0.1:{dripping.getsockname()[1]}/v1"
            with pytest.raises(RankerUnavailable, match="no answer in time"):
                OpenAiModel(url, "llama", seconds=0.3).ask(QUESTION)
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize("wait", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_an_api_that_wants_to_be_left_alone_for_long_is(model: LanguageModel, server: Server, wait: str) -> None:
    server.statuses = [(429, {"Retry-After": wait}, "{}")]
    with pytest.raises(RankerUnavailable, match="HTTP 429"):
        model.ask(QUESTION)
    assert len(server.asked) == 1


@pytest.mark.parametrize("wait", ["nan", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "-5"])
def test_a_wait_that_makes_no_sense_is_a_short_one(model: LanguageModel, server: Server, wait: str) -> None:
    server.statuses = [(429, {"Retry-After": wait}, "{}")]
    assert model.ask(QUESTION)


def test_a_key_that_no_header_can_hold_is_said(server: Server) -> None:
    with pytest.raises(RankerUnavailable, match="key"):
        OpenAiModel(f"{server.url}/v1", "llama", lambda: "sk-\u2026").ask(QUESTION)


_HUGE = "9" * 400


@pytest.mark.parametrize(
    "answer",
    [
        f'{{"clips": [{{"lines": [[3, 6]], "promise": {_HUGE}}}]}}',
        f'{{"clips": [{{"start": "{_HUGE}:00:01", "end": "{_HUGE}:01:00", "promise": 1}}]}}',
        '{"clips": [{"lines": [[3, 6]], "promise": NaN}, {"start": -1.5, "end": Infinity, "promise": 9}]}',
        '{"clips": [1, null, {"lines": "all", "promise": "best"}, {"clip": {}, "title": 3}]}',
        '{"summary": "\\ud800", "clips": [{"lines": [[3, 6]], "promise": 9, "title": "\\ud800"}]} \ud800',
        '{"clips": "none"}',
        json.dumps({"clips": [{"lines": [[line, line + 3]], "promise": 9} for line in range(1, 30)] * 100}),
    ],
)
def test_whatever_a_model_answers_the_user_has_clips(answer: str, tmp_path: Path) -> None:
    with serving(lambda _: answer) as server:
        ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama"), cache=FolderCache(tmp_path))
        selection = ClipSelector(ranker).analyze_transcript(talk(), "the bread", durations=(10, 30))
    assert 4 <= len(selection.clips) <= 10
    assert "The embedded ranker has stood in for it." in selection.notes[-1]


def test_a_list_that_a_model_gives_as_text_is_read() -> None:
    def wordy(asked: Asked) -> str:
        return json.dumps({"clips": json.dumps(json.loads(obedient(asked))["clips"])})

    with serving(wordy) as server:
        ranker = LanguageModelRanker(AnthropicModel(server.url, "claude", lambda: "key"))
        selection = ClipSelector(ranker).analyze_transcript(talk(), "moments about the bread", durations=(10, 30))
    assert selection.ranker == "anthropic:claude"


def test_where_nobody_listens_it_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(RankerUnavailable, match="does not answer"):
        OpenAiModel(f"http://127.0.0.1:{port}/v1", "llama", seconds=0.3).ask(QUESTION)


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "<html>Bad gateway</html>",
        "[" * 200_000,
        "[]",
        "{}",
        '{"choices": [], "content": []}',
        '{"choices": [{"message": {"refusal": "No."}}]}',
        '{"choices": [{"message": {"content": null}}], "content": null}',
        '{"choices": [{"message": {"content": [{"text": null}]}}], "content": [{"type": "text", "text": null}]}',
    ],
)
def test_other_answers_than_the_apis_are_no_answers(text: str, model: LanguageModel, server: Server) -> None:
    server.statuses = [(200, {}, text)]
    with pytest.raises(RankerUnavailable):
        model.ask(QUESTION)


def test_an_api_that_knows_no_schemas_is_asked_without_and_not_asked_with_one_again(server: Server) -> None:
    model = OpenAiModel(f"{server.url}/v1", "llama")
    server.statuses = [
        (400, {}, '{"error": {"message": "Unsupported parameter: max_completion_tokens"}}'),
        (400, {}, '{"error": {"message": "response_format of type json_schema is not supported"}}'),
    ]
    assert model.ask(QUESTION)
    assert model.ask(QUESTION)
    forms = [(asked.body.get("response_format", {}).get("type"), "max_tokens" in asked.body) for asked in server.asked]
    assert forms == [("json_schema", False), ("json_schema", True), ("json_object", True), ("json_object", True)]


def test_a_model_that_cannot_be_made_to_use_a_tool_is_asked_for_text(server: Server) -> None:
    model = AnthropicModel(server.url, "claude", lambda: "key")
    server.statuses = [
        (400, {}, '{"error": {"message": "tool_choice forces tool use, which thinking does not allow"}}')
    ]
    assert json.loads(model.ask(QUESTION)) == {"clips": []}
    assert ["tools" in asked.body for asked in server.asked] == [True, False]


def test_the_schema_goes_with_the_question(server: Server) -> None:
    OpenAiModel(f"{server.url}/v1", "llama").ask(QUESTION)
    AnthropicModel(server.url, "claude", lambda: "key").ask(QUESTION)
    openai, anthropic = (asked.body for asked in server.asked)
    assert openai["response_format"]["json_schema"] == {
        "name": "shortlist",
        "strict": True,
        "schema": {"type": "object"},
    }
    assert anthropic["tools"][0]["input_schema"] == {"type": "object"}
    assert anthropic["tool_choice"] == {"type": "tool", "name": "shortlist"}


def test_a_model_that_is_not_there_is_stood_in_for_and_that_is_said(server: Server) -> None:
    server.statuses = [(401, {}, "{}")]
    ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama", lambda: "key"))
    selection = ClipSelector(ranker).analyze_transcript(talk(), "the bread")
    assert selection.clips == ClipSelector("embedded").analyze_transcript(talk(), "the bread").clips
    assert selection.ranker == "embedded"
    assert selection.notes == (
        "The model llama refuses the key (HTTP 401). Set another one. The embedded ranker has stood in for it.",
    )


def test_a_model_that_fails_on_the_way_is_stood_in_for_too() -> None:
    def tired(asked: Asked) -> str:
        return "I would rather not." if asked.form == "detail" else obedient(asked)

    with serving(tired) as server:
        ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama"))
        selection = ClipSelector(ranker).analyze_transcript(talk(), "the bread")
    assert len(selection.clips) >= 4
    assert "does not answer in the form that was asked for" in selection.notes[-1]


def test_a_model_is_told_what_was_wrong_and_asked_again() -> None:
    answers = ["Sure!", '{"clips": [{"lines": [[1, 9999]], "promise": 9}]}']

    def clumsy(asked: Asked) -> str:
        return answers.pop(0) if answers and asked.form == "shortlist" else obedient(asked)

    with serving(clumsy) as server:
        ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama"))
        selection = ClipSelector(ranker).analyze_transcript(talk(), "moments about the bread", durations=(10, 30))
    assert "bread" in selection.clips[0].transcript
    objections = [asked.body["messages"][-1]["content"] for asked in server.asked[1:3]]
    assert "There is no JSON" in objections[0]
    assert "there are no lines 1 to 9999" in objections[1]


def test_the_same_question_is_asked_once_and_another_prompt_is_another_question(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    with serving(obedient) as server:

        def select(prompt: str) -> object:
            ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama"), cache=FolderCache(folder))
            return ClipSelector(ranker).analyze_transcript(talk(), prompt)

        first = select("moments about the bread")
        asked = len(server.asked)
        assert select("moments about the bread") == first
        assert len(server.asked) == asked
        select("moments about the dog")
        assert len(server.asked) > asked
    assert folder.stat().st_mode & 0o077 == 0


def test_a_long_transcript_is_read_in_parts_that_fit_each_knowing_what_was_before() -> None:
    with serving(obedient) as server:
        ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama"), most_tokens=500)
        selection = ClipSelector(ranker).analyze_transcript(talk(), "moments about the bread", durations=(10, 30))
    parts = [asked for asked in server.asked if asked.form == "shortlist"]
    assert len(parts) > 2
    assert all(len(part.fenced.encode()) / 3 <= 500 for part in parts)
    assert {number for part in parts for number in part.lines} == set(range(1, max(parts[-1].lines) + 1))
    assert "Part 1: Lines 1 to" in parts[1].content
    assert "bread" in selection.clips[0].transcript


def test_times_that_a_model_names_are_moved_to_the_edges_of_sentences() -> None:
    transcript = talk()
    first, last = transcript.segments[30], transcript.segments[33]

    def timed(asked: Asked) -> str:
        if asked.form == "detail":
            return obedient(asked)
        return json.dumps({"clips": [{"start": first.start + 0.7, "end": last.end - 0.8, "promise": 10}]})

    with serving(timed) as server:
        ranker = LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama"))
        clips = ClipSelector(ranker).analyze_transcript(transcript, "bread", count=1, durations=(5, 30)).clips
    assert clips[0].transcript == " ".join(segment.text for segment in transcript.segments[30:34])
