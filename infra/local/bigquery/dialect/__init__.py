"""BigQuery SQL to DuckDB SQL, refusing by name what would not mean the same."""

from infra.local.bigquery.dialect.functions.registry import ValueNeeded
from infra.local.bigquery.dialect.parsing import parse
from infra.local.bigquery.dialect.sources import Sources
from infra.local.bigquery.dialect.translation import (
    macros,
    translated,
    translated_expression,
    translated_view,
    translated_with_slots,
)

__all__ = [
    "Sources",
    "ValueNeeded",
    "macros",
    "parse",
    "translated",
    "translated_expression",
    "translated_view",
    "translated_with_slots",
]
