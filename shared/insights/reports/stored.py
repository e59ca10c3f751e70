"""Stored reports: documents of `reports/{id}`, their files under `reports/` in the exports bucket; never changed."""

from collections.abc import Iterator
from typing import Any

from shared.core.clients import firestore_client, storage_client
from shared.core.documents import newest_first
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.core.links import link_to
from shared.core.paging import Page
from shared.core.settings import settings
from shared.insights.reports.files import FORMATS
from shared.insights.reports.material import LETTER, Material, ReportText
from shared.insights.reports.schedule import ReportSchedule

COLLECTION = "reports"
BUCKET = "exports"
PREFIX = "reports/"


class StoredReport(ReportText):
    """A report that was made. `folder` holds its files in the bucket; `files` and `pictures` are their names there."""

    id: str
    schedule_id: str
    folder: str
    files: tuple[str, ...]
    pictures: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: times as times, lists for tuples."""
        lists = {
            "files": list(self.files),
            "pictures": list(self.pictures),
            "sentences": [
                {"text": sentence.text, "facts": [fact.model_dump(by_alias=True) for fact in sentence.facts]}
                for sentence in self.sentences
            ],
        }
        return {**self.model_dump(by_alias=True), **lists, "kind": self.kind.value}

    def letter(self) -> str:
        """The HTML of its letter."""
        html: bytes = _bucket().blob(f"{self.folder}{LETTER}").download_as_bytes()
        return html.decode()

    def links(self) -> dict[str, str]:
        """Signed URLs of its files, good for 15 minutes, by their ending."""
        return {
            name.rpartition(".")[2]: link_to(_bucket().blob(f"{self.folder}{name}"), filename=name)
            for name in self.files
        }


def report_id(schedule: ReportSchedule, slug: str) -> str:
    """The id of a schedule's report on a period: the same whoever makes it, and however often."""
    return f"{schedule.id}-{schedule.kind}-{slug}"


def find_report(stored_id: str) -> StoredReport | None:
    """A report, if it was made."""
    document = _reference(stored_id).get().to_dict()
    return StoredReport.model_validate(document) if document is not None else None


def get_report(stored_id: str) -> StoredReport:
    """A report. Raises NotFound."""
    found = find_report(stored_id)
    if found is None:
        raise NotFound(f"There is no report {stored_id}.")
    return found


def list_reports(limit: int, page_token: str | None = None, schedule_id: str | None = None) -> Page[StoredReport]:
    """Reports, of one schedule or of all, the last made first."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION)
    if schedule_id is not None:
        query = query.where(filter=FieldFilter("scheduleId", "==", schedule_id))
    return newest_first(query, StoredReport.model_validate, limit, page_token, time="made")


def store(stored_id: str, schedule: ReportSchedule, material: Material) -> StoredReport:
    """Keep a report: first its files, then its document. If another process was faster, what that one has kept counts."""
    from google.api_core.exceptions import AlreadyExists

    folder = f"{PREFIX}{schedule.id}/{stored_id}/{new_id()}/"
    for name, content, content_type in _contents(material):
        _bucket().blob(f"{folder}{name}").upload_from_string(content, content_type=content_type)
    stored = StoredReport(
        **dict(material.told),
        id=stored_id,
        schedule_id=schedule.id,
        folder=folder,
        files=tuple(_file_name(material.told, ending) for ending in material.files),
        pictures=tuple(material.pictures),
    )
    try:
        _reference(stored_id).create(stored.document())
    except AlreadyExists:
        return get_report(stored_id)
    return stored


def _contents(material: Material) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and content type of each file."""
    for ending, content in material.files.items():
        yield _file_name(material.told, ending), content, FORMATS[ending]
    yield LETTER, material.letter.encode(), FORMATS["html"]
    for name, png in material.pictures.items():
        yield f"{name}.png", png, "image/png"


def _file_name(told: ReportText, ending: str) -> str:
    return f"kompo-{told.kind}-{told.slug}.{ending}"


def _bucket() -> Any:
    return storage_client().bucket(settings().bucket(BUCKET))


def _reference(stored_id: str) -> Any:
    return firestore_client().collection(COLLECTION).document(stored_id)
