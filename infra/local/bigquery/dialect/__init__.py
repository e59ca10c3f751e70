"""BigQuery SQL to DuckDB SQL, refusing by name what would not mean the same."""

from infra.local.bigquery.dialect.parsing import parse
from infra.local.bigquery.dialect.sources import Sources
from infra.local.bigquery.dialect.translation import macros, translated, translated_expression, translated_view

__all__ = ["Sources", "macros", "parse", "translated", "translated_expression", "translated_view"]
