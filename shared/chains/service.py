"""ChainService: users' own chains, `users/{uid}/chains/{id}`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.chains.chain import ChainStep, check_steps
from shared.chains.requesting import ChainOrigin
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import StoredModel, newest_first
from shared.core.paging import Page
from shared.core.versions import CurrentCheck, not_there, write_next


class Chain(StoredModel):
    """A chain of a user. `origin`: the template that it was copied from."""

    id: str
    user_id: str
    name: str
    description: str = ""
    version: int = Field(ge=1)
    steps: tuple[ChainStep, ...]
    origin: ChainOrigin | None = None
    created: datetime
    modified: datetime

    @property
    def run_of(self) -> ChainOrigin | None:
        """The template that a run of it is a run of: once it was changed, it is nobody's but the user's."""
        return self.origin if self.version == 1 else None

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"v{self.version}"

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it. Parameters can have any shape, so steps are JSON."""
        return {**self.model_dump(by_alias=True), "steps": [step.model_dump_json(by_alias=True) for step in self.steps]}


class ChainService:
    """Saves, reads, lists and deletes the chains of users."""

    def save_chain(
        self,
        user_id: str,
        chain_id: str,
        steps: Sequence[ChainStep],
        *,
        name: str,
        description: str = "",
        origin: ChainOrigin | None = None,
        check: CurrentCheck | None = None,
    ) -> Chain:
        """Create the chain or save it anew; where it was copied from stays. Raises InvalidChain, and what `check` raises."""
        check_steps(steps)

        def following(current: Chain | None) -> tuple[Chain, dict[str, Any]]:
            moment = now()
            saved = Chain(
                id=chain_id,
                user_id=user_id,
                name=name,
                description=description,
                version=current.version + 1 if current else 1,
                steps=tuple(steps),
                origin=current.origin if current else origin,
                created=current.created if current else moment,
                modified=moment,
            )
            return saved, saved.document()

        return write_next(_reference(user_id, chain_id), _parse, check, following, versions=False)

    def create_chain(self, user_id: str, chain_id: str, steps: Sequence[ChainStep], **named: Any) -> Chain:
        """save_chain under an id made for it. Called again with the id, it finds what it made."""
        stored = _reference(user_id, chain_id).get().to_dict()
        return _parse(stored) if stored else self.save_chain(user_id, chain_id, steps, **named)

    def get_chain(self, user_id: str, chain_id: str) -> Chain:
        """A chain of the user. Raises NotFound."""
        stored = _reference(user_id, chain_id).get().to_dict()
        if stored is None:
            raise not_there(f"chain {chain_id}")
        return _parse(stored)

    def list_chains(self, user_id: str, limit: int, page_token: str | None = None) -> Page[Chain]:
        """The user's chains, last changed first."""
        chains = firestore_client().collection("users", user_id, "chains")
        return newest_first(chains, _parse, limit, page_token, time="modified")

    def delete_chain(self, user_id: str, chain_id: str, check: CurrentCheck | None = None) -> None:
        """Delete a chain. Raises NotFound, and what `check` raises."""
        chain = self.get_chain(user_id, chain_id)
        if check is not None:
            check(chain.etag)
        _reference(user_id, chain_id).delete()


def _reference(user_id: str, chain_id: str) -> DocumentReference:
    return firestore_client().collection("users", user_id, "chains").document(chain_id)


def _parse(stored: dict[str, Any]) -> Chain:
    steps = [ChainStep.model_validate_json(step) for step in stored["steps"]]
    return Chain.model_validate({**stored, "steps": steps})
