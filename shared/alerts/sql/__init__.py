"""SQL rules: queries of operators', checked before they are saved, and run like every other reading."""

from shared.alerts.sql.checking import check_sql
from shared.alerts.sql.reading import read_sql, read_sql_at
from shared.alerts.sql.trying import try_sql

__all__ = ["check_sql", "read_sql", "read_sql_at", "try_sql"]
