"""Which rankers there are."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from shared.clips.ranking.embedded import EmbeddedRanker
from shared.clips.ranking.errors import UnknownRanker
from shared.clips.ranking.ranker import Ranker
from shared.core.settings import engine_settings

if TYPE_CHECKING:
    from shared.clips.llm import AnswerCache, LanguageModel
    from shared.clips.llm.keys import Key


def get_ranker(name: str | None = None, *, answers: "AnswerCache | None" = None) -> Ranker:
    """The ranker of that name; unnamed, that of the setting KOMPO_CLIP_RANKER. `answers`: where one with a language model keeps
    what was answered; unset, in the folder KOMPO_LLM_CACHE, or as long as this process.

    Raises UnknownRanker, also for one whose settings are missing."""
    return RANKERS[check_ranker(name)](answers)


def check_ranker(name: str | None) -> str:
    """The name of the ranker that is meant; its settings may be missing. Raises UnknownRanker for one that there is not."""
    wanted = name or engine_settings().clip_ranker
    if wanted not in RANKERS:
        raise UnknownRanker(f"There is no ranker {wanted}. Choose one of {', '.join(RANKERS)}.", pointer="/ranker")
    return wanted


def _embedded(_: "AnswerCache | None") -> Ranker:
    return EmbeddedRanker()


def _openai(answers: "AnswerCache | None") -> Ranker:
    from shared.clips.llm import OpenAiModel

    chosen = engine_settings()
    if chosen.openai_model is None:
        raise UnknownRanker(
            "The ranker openai needs a model. Set KOMPO_OPENAI_MODEL; KOMPO_OPENAI_URL if it is elsewhere."
        )
    key = _key(chosen.openai_api_key, chosen.openai_api_key_secret)
    return _asking(OpenAiModel(chosen.openai_url, chosen.openai_model, key, seconds=chosen.llm_seconds), answers)


def _anthropic(answers: "AnswerCache | None") -> Ranker:
    from shared.clips.llm import AnthropicModel

    chosen = engine_settings()
    key = _key(chosen.anthropic_api_key, chosen.anthropic_api_key_secret)
    if chosen.anthropic_model is None or key is None:
        raise UnknownRanker(
            "The ranker anthropic needs a model and a key. Set KOMPO_ANTHROPIC_MODEL and KOMPO_ANTHROPIC_API_KEY or "
            "KOMPO_ANTHROPIC_API_KEY_SECRET."
        )
    return _asking(
        AnthropicModel(chosen.anthropic_url, chosen.anthropic_model, key, seconds=chosen.llm_seconds), answers
    )


def _key(given: SecretStr | None, secret: str | None) -> "Key | None":
    from shared.clips.llm.keys import kept_key

    if given is not None:
        return given.get_secret_value
    return kept_key(secret) if secret is not None else None


def _asking(model: "LanguageModel", answers: "AnswerCache | None") -> Ranker:
    from shared.clips.llm import LanguageModelRanker

    kept = answers if answers is not None else _kept_answers()
    return LanguageModelRanker(model, most_tokens=engine_settings().llm_input_tokens, cache=kept)


@cache
def _kept_answers() -> "AnswerCache":
    from shared.clips.llm import FolderCache, MemoryCache

    folder = engine_settings().llm_cache
    return FolderCache(Path(folder)) if folder is not None else MemoryCache()


RANKERS: Mapping[str, Callable[["AnswerCache | None"], Ranker]] = {
    "embedded": _embedded,
    "openai": _openai,
    "anthropic": _anthropic,
}
