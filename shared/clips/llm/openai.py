"""OpenAI's chat API, which Vertex AI, vLLM, Ollama, llama.cpp and most gateways speak."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.clips.llm.keys import Key
from shared.clips.llm.model import Question
from shared.clips.llm.posting import Endpoint, NotTaken, TooLong
from shared.clips.ranking.errors import RankerUnavailable

_VERTEX = "aiplatform.googleapis.com"


class OpenAiModel:
    """A model behind an OpenAI-compatible API, which takes `key`, or none; Vertex AI that of the service account.

    JSON of our schema is asked for; of an API that does not know schemas JSON of any kind, and of one that does not know that
    either just text. What an API did not take once it is not asked for again."""

    def __init__(self, url: str, model: str, key: Key | None = None, *, seconds: float = 120.0) -> None:
        self.name = f"openai:{model}"
        self.address = url.rstrip("/")
        self._model = model
        self._endpoint = Endpoint(f"The model {model}", f"{self.address}/chat/completions", self._headers, seconds)
        self._key = key
        self._forms = ["json_schema", "json_object", "text"]
        self._length = "max_completion_tokens"

    def ask(self, question: Question) -> str:
        while True:
            try:
                return _said(self._endpoint.post(self._body(question)), self._endpoint.who)
            except NotTaken as error:
                if isinstance(error, TooLong) or not self._asks_otherwise(error.told):
                    raise

    def _asks_otherwise(self, told: str) -> bool:
        """Whether there is another way of asking, now that the API has said what it does not take."""
        if self._length == "max_completion_tokens" and "max_completion_tokens" in told:
            self._length = "max_tokens"
            return True
        if len(self._forms) > 1 and any(
            name in told for name in ("response_format", "json_schema", "json_object", "schema")
        ):
            self._forms = self._forms[1:]
            return True
        return False

    def _body(self, question: Question) -> Mapping[str, Any]:
        body = {"model": self._model, "messages": list(_messages(question)), self._length: question.most_tokens}
        if self._forms[0] == "json_schema":
            form = {"name": question.form, "strict": True, "schema": question.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        elif self._forms[0] == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def _headers(self) -> Mapping[str, str]:
        key = self._key
        if key is None and (urlsplit(self.address).hostname or "").endswith(_VERTEX):
            key = _token_of_service_account
        return {"Authorization": f"Bearer {key()}"} if key is not None else {}


def _messages(question: Question) -> Iterator[Mapping[str, str]]:
    yield {"role": "system", "content": question.rules}
    yield {"role": "user", "content": question.content}
    for turn in question.before:
        yield {"role": "assistant", "content": turn.answer}
        yield {"role": "user", "content": turn.objection}


def _said(answer: Mapping[str, Any], who: str) -> str:
    try:
        message = answer["choices"][0]["message"]
        refused, content = message.get("refusal"), message.get("content")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise RankerUnavailable(f"{who} answers in another form than OpenAI's chat API.") from None
    if refused:
        raise RankerUnavailable(f"{who} refuses to answer.")
    if isinstance(content, list):  # Parts, as some gateways have them.
        content = "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    if not isinstance(content, str) or not content.strip():
        raise RankerUnavailable(f"{who} answers with nothing.")
    return content


def _token_of_service_account() -> str:
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import Request

    try:
        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
        credentials.refresh(Request())
    except GoogleAuthError as error:
        raise RankerUnavailable(f"The service account has no token for Vertex AI ({type(error).__name__}).") from error
    return str(credentials.token)
