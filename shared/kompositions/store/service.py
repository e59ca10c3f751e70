"""KompositionService: what the API, jobs and other subjects do with users' kompositions."""

from typing import TYPE_CHECKING, Any

from shared.core.errors import InvalidInput
from shared.core.ids import new_id
from shared.core.paging import Page
from shared.core.versions import CurrentCheck
from shared.kompositions.store import labels, listing, reading, trash
from shared.kompositions.store.content import Original
from shared.kompositions.store.document import (
    MAX_READERS,
    Conflict,
    Fork,
    KompositionDocument,
    KompositionSummary,
    Sharing,
    Visibility,
    conflict_reference,
)
from shared.kompositions.store.listing import Filter, Scope, Sort
from shared.kompositions.store.reading import Read, read_komposition
from shared.kompositions.store.saving import Draft, create, save

if TYPE_CHECKING:
    from shared.kompositions.diff import Change

_CONFLICT = "conflict-"


class KompositionService:
    """Saves, reads, lists, shares, forks and deletes the kompositions of users. Nothing that was saved is ever lost."""

    def save_komposition(
        self,
        user_id: str,
        komposition: object,
        *,
        komposition_id: str | None = None,
        title: str | None = None,
        description: str | None = None,
        platform: str = "webapp",
        message: str = "",
        labels: dict[str, Any] | None = None,
        check: CurrentCheck | None = None,
    ) -> KompositionDocument:
        """Create the komposition or save its next version; the versions before stay as they are.

        `komposition` is a `Komposition`, what `read_komposition` gave, or a document of any known format. Two saves at once
        become two versions; one that `check` refuses becomes a conflict, which `SaveConflict` names. `labels` sets `tags` and
        `project_id`, which otherwise stay. Raises InvalidKomposition, SaveConflict, and Conflict for an id in the trash."""
        draft = Draft(read_komposition(komposition), platform, user_id, title, description, message, labels or {})
        return save(user_id, komposition_id or new_id(), draft, check)

    def create_komposition(
        self, user_id: str, komposition_id: str, komposition: object, *, title: str | None = None, **more: Any
    ) -> KompositionDocument:
        """Save the first version under an id made for it. Called again with the id, it finds what it made.

        `more` is `description`, `platform`, `message` and `labels` as in save_komposition."""
        return create(
            user_id, komposition_id, Draft(read_komposition(komposition), author=user_id, title=title, **more)
        )

    def get_komposition(self, user_id: str, komposition_id: str, version: int | None = None) -> KompositionDocument:
        """A komposition of the user, at its newest or the given version. Raises NotFound."""
        if version is None:
            return reading.get_document(user_id, komposition_id)
        return reading.get_version(user_id, komposition_id, version)

    def get_open_komposition(self, reader_id: str, owner_id: str, komposition_id: str) -> KompositionDocument:
        """The newest version of a komposition that the reader owns, or that is open to them. Raises NotFound."""
        return reading.get_open_document(reader_id, owner_id, komposition_id)

    def get_original(self, user_id: str, komposition_id: str, version: int) -> Original:
        """A version as it was sent, in its own format. Raises NotFound."""
        return reading.get_original(user_id, komposition_id, version)

    def get_user_kompositions(
        self,
        user_id: str,
        limit: int = 50,
        page_token: str | None = None,
        *,
        scope: Scope = Scope.MINE,
        wanted: Filter = Filter(),  # noqa: B008  # immutable
        sort: Sort = Sort.MODIFIED,
    ) -> Page[KompositionSummary]:
        """The user's kompositions, those in the trash, or those of others that they may read. Only one's own can be sorted."""
        match scope:
            case Scope.MINE:
                return listing.list_mine(user_id, limit, page_token, wanted, sort)
            case Scope.TRASH:
                return listing.list_trash(user_id, limit, page_token, wanted)
            case Scope.SHARED:
                return listing.list_shared(user_id, limit, page_token, wanted)
            case Scope.PUBLIC:
                return listing.list_public(limit, page_token, wanted)

    def share_komposition(
        self,
        user_id: str,
        komposition_id: str,
        target_users: list[str],
        visibility: Visibility,
        check: CurrentCheck | None = None,
    ) -> KompositionSummary:
        """Say who may read: nobody else, the target users, or everybody. Raises NotFound and InvalidInput."""
        readers = list(dict.fromkeys(target_users))
        if len(readers) > MAX_READERS:
            raise InvalidInput(f"Share with at most {MAX_READERS} people by name.", pointer="/sharedWith")
        sharing = Sharing(visibility=visibility, shared_with=readers)
        return labels.change_labels(user_id, komposition_id, {"sharing": sharing}, check)

    def label_komposition(
        self, user_id: str, komposition_id: str, changes: dict[str, Any], check: CurrentCheck | None = None
    ) -> KompositionSummary:
        """Set `tags` or `project_id` without making a version. Raises NotFound."""
        return labels.change_labels(user_id, komposition_id, changes, check)

    def leave_project(self, user_id: str, project_id: str) -> None:
        """Take every komposition of the user out of a project."""
        labels.leave_project(user_id, project_id)

    def fork_komposition(
        self,
        reader_id: str,
        owner_id: str,
        komposition_id: str,
        *,
        fork_id: str | None = None,
        title: str | None = None,
        version: int | None = None,
        platform: str = "webapp",
    ) -> KompositionDocument:
        """Copy a komposition, of the reader's own (any version) or open to them (the newest), into the reader's own ones.

        Its assets are not copied: sources that are somebody else's assets must be replaced before rendering. Raises NotFound."""
        source = self.get_open_komposition(reader_id, owner_id, komposition_id)
        if version is not None and version != source.metadata.version:
            if reader_id != owner_id:
                raise reading.no_komposition(komposition_id)
            source = self.get_komposition(owner_id, komposition_id, version)
        came_from = Fork(user_id=owner_id, komposition_id=komposition_id, version=source.metadata.version)
        draft = Draft(
            read_komposition(source.parse()),
            platform,
            reader_id,
            title or source.title,
            source.description,
            f"Forked from {source.title}, version {source.metadata.version}",
            {"tags": source.tags},
            came_from,
        )
        return create(reader_id, fork_id or new_id(), draft)

    def list_versions(
        self, user_id: str, komposition_id: str, limit: int = 50, page_token: str | None = None
    ) -> Page[KompositionSummary]:
        """The versions, the newest first: who saved them, when, and with which message. Raises NotFound."""
        return listing.list_versions(user_id, komposition_id, limit, page_token)

    def restore_version(
        self,
        user_id: str,
        komposition_id: str,
        version: int,
        *,
        message: str = "",
        platform: str = "webapp",
        check: CurrentCheck | None = None,
    ) -> KompositionDocument:
        """Save an old version's title, description and content as the next version. Raises NotFound and SaveConflict."""
        old = self.get_komposition(user_id, komposition_id, version)
        return self._save_again(old, message or f"Version {version} restored", platform, check)

    def list_conflicts(self, user_id: str, komposition_id: str) -> list[tuple[str, KompositionSummary]]:
        """Saves that were refused, with their ids, the newest first. Raises NotFound."""
        return listing.list_conflicts(user_id, komposition_id)

    def get_conflict(self, user_id: str, komposition_id: str, conflict_id: str) -> Conflict:
        """A save that was refused, with its content. Raises NotFound."""
        return reading.get_conflict(user_id, komposition_id, conflict_id)

    def restore_conflict(
        self,
        user_id: str,
        komposition_id: str,
        conflict_id: str,
        *,
        message: str = "",
        platform: str = "webapp",
        check: CurrentCheck | None = None,
    ) -> KompositionDocument:
        """Make a refused save the next version; then it is no conflict any more. Raises NotFound and SaveConflict."""
        refused = self.get_conflict(user_id, komposition_id, conflict_id)
        told = message or refused.metadata.message or "Conflicting save restored"
        saved = self._save_again(refused, told, platform, check)
        self.delete_conflict(user_id, komposition_id, conflict_id)
        return saved

    def delete_conflict(self, user_id: str, komposition_id: str, conflict_id: str) -> None:
        """Let go of a refused save. Deleting what is not there is no error."""
        conflict_reference(user_id, komposition_id, conflict_id).delete()

    def diff(self, user_id: str, komposition_id: str, before: str, after: str) -> "list[Change]":
        """What changed between two versions (by number) or conflicts (by id), as a person would say it. Raises NotFound."""
        from shared.kompositions.diff import diff_kompositions

        first, second = (self._side(user_id, komposition_id, side).parse() for side in (before, after))
        return diff_kompositions(first, second)

    def delete_komposition(self, user_id: str, komposition_id: str, check: CurrentCheck | None = None) -> None:
        """Move a komposition to the trash, where it stays for 30 days. Raises NotFound, and what `check` raises."""
        trash.move_to_trash(user_id, komposition_id, check)

    def restore_komposition(self, user_id: str, komposition_id: str) -> KompositionSummary:
        """Take a komposition out of the trash. Raises NotFound."""
        return trash.take_back(user_id, komposition_id)

    def purge_komposition(self, user_id: str, komposition_id: str) -> None:
        """Delete a komposition that is in the trash for good. Raises NotFound."""
        trash.purge(user_id, komposition_id)

    def _side(self, user_id: str, komposition_id: str, name: str) -> KompositionDocument:
        if name.startswith(_CONFLICT):
            return self.get_conflict(user_id, komposition_id, name)
        return self.get_komposition(user_id, komposition_id, int(name))

    def _save_again(
        self, old: KompositionDocument, message: str, platform: str, check: CurrentCheck | None
    ) -> KompositionDocument:
        read = Read(old.parse())
        draft = Draft(read, platform, old.user_id, old.title, old.description, message)
        return save(old.user_id, old.id, draft, check)
