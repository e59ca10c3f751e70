"""The resource that all of /v1/insights belongs to, and the answers that this process keeps of it."""

from functions.http.caching import AnswerCache
from functions.http.openapi import resource

api = resource("insights")
answers = AnswerCache(shared=True)
