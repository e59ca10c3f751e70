"""EndpointEmbedder: embeddings of an OpenAI-compatible API: OpenAI's own, Vertex AI's, vLLM, Ollama, llama.cpp …"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, ValidationError

from shared.analysis.errors import EmbedderUnavailable

if TYPE_CHECKING:
    import numpy as np
    import requests

_AT_ONCE = 128
"""Texts of one request."""
_LONGEST = 8000
"""Characters of a text that are sent: models take some thousand tokens."""
_ATTEMPTS = 3
_PASSING = (429, 500, 502, 503, 504)
_CONNECT = 10.0


class _Embedding(BaseModel):
    index: int = Field(ge=0)
    embedding: list[float] = Field(min_length=1)


class _Answer(BaseModel):
    data: list[_Embedding]


class EndpointEmbedder:
    """`url`: where the API begins, `/v1` included. `key`: none is sent where there is none. `seconds`: for one request."""

    def __init__(
        self, url: str, model: str, key: str | None = None, *, seconds: float = 60.0, backoff: float = 0.5
    ) -> None:
        self.name = f"openai:{model}"
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._seconds = seconds
        self._backoff = backoff

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """One row a text, of length 1; zeros for an empty text. Every text is sent once, however often it is asked for.

        Raises `EmbedderUnavailable`."""
        import numpy as np

        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            if text.strip():
                places.setdefault(text[:_LONGEST], []).append(place)
        rows = np.zeros((len(texts), 0), dtype=np.float32)
        for text, vector in self._asked(list(places)):
            if rows.shape[1] == 0:
                rows = np.zeros((len(texts), len(vector)), dtype=np.float32)
            if len(vector) != rows.shape[1]:
                raise self._strange()
            rows[places[text]] = vector / max(float(np.linalg.norm(vector)), 1e-9)
        return rows

    def _asked(self, texts: Sequence[str]) -> "Iterator[tuple[str, np.ndarray]]":
        import numpy as np

        with self._session() as session:
            for first in range(0, len(texts), _AT_ONCE):
                asked = texts[first : first + _AT_ONCE]
                told = {each.index: each.embedding for each in self._post(session, asked).data}
                if set(told) != set(range(len(asked))):
                    raise self._strange()
                for index, text in enumerate(asked):
                    yield text, np.array(told[index], dtype=np.float32)

    def _post(self, session: "requests.Session", texts: Sequence[str]) -> _Answer:
        import requests

        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        try:
            answer = session.post(
                self._url,
                json=body,
                headers=self._headers,
                auth=_as_it_is,
                timeout=(_CONNECT, self._seconds),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise EmbedderUnavailable(
                f"The embedder {self._model} does not answer ({type(error).__name__})."
            ) from error
        if answer.status_code in (401, 403):
            raise EmbedderUnavailable(f"The embedder {self._model} refuses the key. Set KOMPO_OPENAI_API_KEY.")
        if answer.status_code != 200:
            raise EmbedderUnavailable(
                f"The embedder {self._model} does not take the request (HTTP {answer.status_code}). "
                "Check KOMPO_OPENAI_URL and KOMPO_OPENAI_EMBEDDING_MODEL."
            )
        try:
            return _Answer.model_validate_json(answer.content)
        except ValidationError as error:
            raise self._strange() from error

    def _session(self) -> "requests.Session":
        """What waits and asks again when the API is busy, as long as it wants."""
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util.retry import Retry

        session = requests.Session()
        again = Retry(
            _ATTEMPTS - 1,
            read=0,
            status_forcelist=_PASSING,
            allowed_methods=["POST"],
            backoff_factor=self._backoff,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=again))
        return session

    def _strange(self) -> EmbedderUnavailable:
        return EmbedderUnavailable(f"The embedder {self._model} answers in another form than OpenAI's embeddings API.")


def _as_it_is(request: "requests.PreparedRequest") -> "requests.PreparedRequest":
    """Without it, a .netrc on the machine would replace our key."""
    return request
