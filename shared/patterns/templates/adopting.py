"""Adopting: users take up templates and rate them. What a user did is the user's, in `users/{uid}/adoptions/{template}`; a
template has only the sums, and shows them once K people stand behind them."""

from datetime import datetime
from typing import Any

from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import StoredModel
from shared.core.errors import NotFound
from shared.events import K_ANONYMITY
from shared.patterns.templates.template import Template, TemplateState, parse_template, template_reference

ADOPTIONS = "adoptions"
_TALLY = "adoption"


class Adoption(StoredModel):
    """That a user has taken up a template, and what they think of it: 1 to 5 stars."""

    template_id: str
    version: int = Field(ge=1)
    stars: int | None = Field(default=None, ge=1, le=5)
    adopted: datetime
    modified: datetime


def adopt(user_id: str, identifier: str, stars: int | None = None) -> Adoption:
    """Take up a published template, and with stars rate it, in place of an earlier rating. Done twice, it counts once.

    Raises NotFound."""
    from google.cloud import firestore

    template_at, tally_at, mine_at = _places(user_id, identifier)

    @firestore.transactional
    def transact(transaction: firestore.Transaction) -> Adoption:
        template = _published(template_at.get(transaction=transaction).to_dict(), identifier)
        tally = tally_at.get(transaction=transaction).to_dict() or {}
        stored = mine_at.get(transaction=transaction).to_dict()
        before = Adoption.model_validate(stored) if stored else None
        moment = now()
        after = Adoption(
            template_id=identifier,
            version=template.version,
            stars=stars if stars is not None else before and before.stars,
            adopted=before.adopted if before else moment,
            modified=moment,
        )
        summed = {
            "adoptions": tally.get("adoptions", 0) + (before is None),
            "ratings": tally.get("ratings", 0) + _rated(after) - _rated(before),
            "stars": tally.get("stars", 0) + (after.stars or 0) - (before.stars or 0 if before else 0),
        }
        transaction.set(mine_at, after.model_dump(by_alias=True))
        transaction.set(tally_at, summed)
        transaction.update(template_at, shown(summed))
        return after

    adopted: Adoption = transact(firestore_client().transaction())
    return adopted


def adoption_of(user_id: str, identifier: str) -> Adoption | None:
    """What the user did with a template."""
    stored = _places(user_id, identifier)[2].get().to_dict()
    return Adoption.model_validate(stored) if stored else None


def count_again(identifier: str) -> None:
    """Make the sums of a template what users' adoptions say: those of erased users have gone without a word."""
    from google.cloud import firestore
    from google.cloud.firestore import FieldFilter

    template_at, tally_at, _ = _places("-", identifier)
    all_of_it: Any = firestore_client().collection_group(ADOPTIONS)
    query = all_of_it.where(filter=FieldFilter("templateId", "==", identifier)).select(["stars"])

    @firestore.transactional
    def transact(transaction: firestore.Transaction) -> None:
        if not template_at.get([], transaction=transaction).exists:
            return
        before = tally_at.get(transaction=transaction).to_dict()
        stars = [(document.to_dict() or {}).get("stars") for document in query.stream(transaction=transaction)]
        given = [each for each in stars if each is not None]
        summed = {"adoptions": len(stars), "ratings": len(given), "stars": sum(given)}
        if summed != (before or {"adoptions": 0, "ratings": 0, "stars": 0}):
            transaction.set(tally_at, summed)
            transaction.update(template_at, shown(summed))

    transact(firestore_client().transaction())


def shown(summed: dict[str, int]) -> dict[str, Any]:
    """What a template shows of its sums."""
    adoptions, ratings = summed["adoptions"], summed["ratings"]
    return {
        "adoptions": adoptions if adoptions >= K_ANONYMITY else None,
        "ratings": ratings if ratings >= K_ANONYMITY else None,
        "rating": round(summed["stars"] / ratings, 2) if ratings >= K_ANONYMITY else None,
    }


def _rated(adoption: Adoption | None) -> int:
    return int(adoption is not None and adoption.stars is not None)


def _published(stored: dict[str, Any] | None, identifier: str) -> Template:
    template = parse_template(stored) if stored is not None and "state" in stored else None
    if template is None or template.state is not TemplateState.PUBLISHED:
        raise NotFound(f"There is no template {identifier}.")
    return template


def _places(user_id: str, identifier: str) -> tuple[Any, Any, Any]:
    template = template_reference(identifier)
    mine = firestore_client().collection("users", user_id, ADOPTIONS).document(identifier)
    return template, template.collection("tallies").document(_TALLY), mine
