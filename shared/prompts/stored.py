"""StoredPrompt: the document `users/{uid}/prompts/{id}` and its `versions/{n}`."""

from datetime import datetime
from typing import Any

from google.cloud.firestore import CollectionReference, DocumentReference

from shared.core.clients import firestore_client
from shared.prompts.prompt import Prompt
from shared.prompts.variable import PromptVariable


class StoredPrompt(Prompt):
    """A prompt of a user."""

    id: str
    user_id: str
    created: datetime
    modified: datetime

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"v{self.version}"

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps. Defaults can have any shape, so variables are JSON."""
        told = self.model_dump(by_alias=True, exclude={"variables"})
        return {**told, "variables": [variable.model_dump_json(by_alias=True) for variable in self.variables]}


def prompts_of(user_id: str) -> CollectionReference:
    """Where the prompts of a user are."""
    found: CollectionReference = firestore_client().collection("users", user_id, "prompts")
    return found


def prompt_reference(user_id: str, prompt_id: str) -> DocumentReference:
    """Where a prompt's document is."""
    return prompts_of(user_id).document(prompt_id)


def parse_prompt(stored: dict[str, Any]) -> StoredPrompt:
    """A prompt as Firestore has it."""
    variables = [PromptVariable.model_validate_json(text) for text in stored["variables"]]
    return StoredPrompt.model_validate({**stored, "variables": variables})
