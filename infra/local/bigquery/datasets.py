"""A dataset: its name and the properties its REST resource shows."""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from infra.local.bigquery.errors import invalid
from infra.local.bigquery.tables import LOCATION, Table

_KEPT = {
    "description",
    "friendlyName",
    "labels",
    "access",
    "defaultTableExpirationMs",
    "defaultPartitionExpirationMs",
    "defaultCollation",
    "isCaseInsensitive",
    "maxTimeTravelHours",
    "storageBillingModel",
    "resourceTags",
    "defaultRoundingMode",
}
_NAME = re.compile(r"^\w{1,1024}$", re.ASCII)


@dataclass(frozen=True)
class DatasetName:
    """Where a dataset is."""

    project: str
    dataset: str

    def __str__(self) -> str:
        return f"{self.project}:{self.dataset}"


@dataclass(frozen=True)
class Dataset:
    """What is known of a dataset. `created` and `modified` are epoch milliseconds."""

    name: DatasetName
    location: str
    body: Mapping[str, Any]
    created: int
    modified: int

    @classmethod
    def parse(cls, project: str, resource: Mapping[str, Any]) -> Self:
        """From a Dataset resource to create. Raises `invalid`."""
        identifier = str((resource.get("datasetReference") or {}).get("datasetId") or "")
        if not _NAME.match(identifier):
            raise invalid(
                f'Invalid dataset ID "{identifier}". Dataset IDs must be alphanumeric (plus underscores) '
                "and must be at most 1024 characters long."
            )
        now = int(time.time() * 1000)
        location = str(resource.get("location") or LOCATION)
        return cls(DatasetName(project, identifier), location, _kept(resource), now, now)

    @classmethod
    def load(cls, name: DatasetName, stored: str) -> Self:
        """From what `dump` gave."""
        record = json.loads(stored)
        return cls(name, record["location"], record["body"], record["created"], record["modified"])

    def dump(self) -> str:
        """For the metadata table."""
        record = {"location": self.location, "body": self.body, "created": self.created, "modified": self.modified}
        return json.dumps(record)

    @property
    def etag(self) -> str:
        """Changes with every change of the metadata."""
        return hashlib.sha1(self.dump().encode(), usedforsecurity=False).hexdigest()[:22]

    def patched(self, resource: Mapping[str, Any], *, whole: bool) -> "Dataset":
        """After datasets.patch (or, with `whole`, datasets.update) with `resource`; null takes a property away."""
        body = {} if whole else {key: value for key, value in self.body.items() if key not in resource}
        return replace(self, body={**body, **_kept(resource)})

    def with_defaults(self, table: Table) -> Table:
        """A new table with this dataset's default expirations, where it has none of its own."""
        body = dict(table.body)
        lifetime = self.body.get("defaultTableExpirationMs")
        if lifetime and "expirationTime" not in body and not table.time_partitioning:
            body["expirationTime"] = str(table.created + int(lifetime))
        kept_for = self.body.get("defaultPartitionExpirationMs")
        if kept_for and table.time_partitioning and "expirationMs" not in table.time_partitioning:
            body["timePartitioning"] = {**table.time_partitioning, "expirationMs": str(kept_for)}
        return replace(table, body=body)

    def resource(self) -> dict[str, Any]:
        """The Dataset resource."""
        return {
            "kind": "bigquery#dataset",
            "etag": self.etag,
            "id": str(self.name),
            "selfLink": f"/bigquery/v2/projects/{self.name.project}/datasets/{self.name.dataset}",
            "datasetReference": {"projectId": self.name.project, "datasetId": self.name.dataset},
            "location": self.location,
            "creationTime": str(self.created),
            "lastModifiedTime": str(self.modified),
            "type": "DEFAULT",
            **self.body,
        }


def _kept(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key in _KEPT and value is not None}
