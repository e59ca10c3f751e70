"""Language models: rankers that ask one, and what keeps its answers to the rules."""

from shared.clips.llm.anthropic import AnthropicModel
from shared.clips.llm.cache import AnswerCache, FolderCache, MemoryCache
from shared.clips.llm.model import LanguageModel, Question, Turn
from shared.clips.llm.openai import OpenAiModel
from shared.clips.llm.ranker import LanguageModelRanker
from shared.clips.llm.stored import StoredAnswers

__all__ = [
    "AnswerCache",
    "AnthropicModel",
    "FolderCache",
    "LanguageModel",
    "LanguageModelRanker",
    "MemoryCache",
    "OpenAiModel",
    "Question",
    "StoredAnswers",
    "Turn",
]
