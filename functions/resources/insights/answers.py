"""The answers about figures that this process keeps."""

from functions.http.caching import AnswerCache

answers = AnswerCache()
