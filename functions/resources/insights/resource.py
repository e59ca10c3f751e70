"""The resource that all of /v1/insights belongs to, and the answers that are kept of it."""

from functions.http.caching import AnswerCache
from functions.http.openapi import resource

api = resource("insights")
answers = AnswerCache(shared=True)
"""What takes time to compute."""
brief_answers = AnswerCache()
"""What is good for moments only: Firestore would not give it back any sooner than it is computed."""
