"""Translations: what queries that come again, with other values of their parameters, have been translated to.

To parse and translate a long query takes longer than to run it. A translation holds for the same text, with parameters of the
same shape, as long as the tables that it reads are what they were."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.errors import BigQueryError
from infra.local.bigquery.parameters import Parameters, has_slot, with_texts
from infra.local.bigquery.tables import Table

_MOST = 500


@dataclass(frozen=True)
class Translation:
    """DuckDB SQL of a query, with slots for its parameters, and the tables that it reads."""

    slotted: str
    read: Sequence[Table]

    def sql(self, parameters: Parameters) -> str:
        """With the values of these parameters, which have the shape of those that it was made for."""
        return with_texts(self.slotted, parameters.texts)


class Translations:
    """Those of the queries that were asked last."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Translation] = OrderedDict()

    def find(self, key: Hashable) -> Translation | None:
        """The one that still holds."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        return found if found is not None and all(map(self._is_current, found.read)) else None

    def keep(self, key: Hashable, query: str, translation: Translation) -> None:
        """For the next time; not of a query whose own text could be taken for a slot."""
        if has_slot(query):
            return
        with self._lock:
            self._kept[key] = translation
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)

    def _is_current(self, table: Table) -> bool:
        try:
            return self._catalog.table(table.name) is table
        except BigQueryError:
            return False
