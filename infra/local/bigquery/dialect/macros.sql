-- BigQuery's functions in DuckDB's SQL, where DuckDB has no function of that meaning. Kept in the in-memory catalog.

-- `result` as the type of `x`: DATE_TRUNC and DATE_ADD give what they were given.
CREATE OR REPLACE MACRO bq_like(x DATE, result) AS CAST(result AS DATE),
    (x TIMESTAMP, result) AS CAST(result AS TIMESTAMP),
    (x TIMESTAMPTZ, result) AS CAST(result AS TIMESTAMPTZ);

-- 0 to 53; `start` is the first day of the week, Sunday = 0. Days before the first one are week 0.
CREATE OR REPLACE MACRO bq_week(x, start) AS (dayofyear(x) + 6 - ((dayofweek(x) - start + 7) % 7)) // 7;

-- Whole units between two moments, truncated toward zero.
CREATE OR REPLACE MACRO bq_elapsed(later, earlier, micros) AS (epoch_us(later) - epoch_us(earlier)) // micros;

-- The number of whole units since 1970, rounded down.
CREATE OR REPLACE MACRO bq_epoch(x, micros) AS (epoch_us(x) - ((epoch_us(x) % micros) + micros) % micros) // micros;

CREATE OR REPLACE MACRO bq_to_string(x) AS CASE
    WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN regexp_replace(CAST(x AS VARCHAR), '\.0$', '')
    WHEN starts_with(typeof(x), 'DECIMAL') THEN regexp_replace(regexp_replace(CAST(x AS VARCHAR), '(\.\d*?)0+$', '\1'), '\.$', '')
    WHEN typeof(x) = 'BLOB' THEN error('CAST from BYTES to STRING is not supported by the local server; use SAFE_CONVERT_BYTES_TO_STRING')
    ELSE CAST(x AS VARCHAR) END;

-- Rounds half away from zero.
CREATE OR REPLACE MACRO bq_to_int64(x) AS CAST(CAST(x AS DECIMAL(38, 9)) AS BIGINT);

CREATE OR REPLACE MACRO bq_byte_length(x) AS CASE typeof(x)
    WHEN 'BLOB' THEN octet_length(CAST(x AS BLOB)) ELSE strlen(CAST(x AS VARCHAR)) END;

CREATE OR REPLACE MACRO bq_substr(x, position) AS
    substring(x, CASE WHEN position = 0 OR position < -length(x) THEN 1 ELSE position END),
    (x, position, size) AS
    substring(x, CASE WHEN position = 0 OR position < -length(x) THEN 1 ELSE position END, size);

-- NULL without a match; DuckDB gives ''.
CREATE OR REPLACE MACRO bq_regexp_extract(x, pattern, grp) AS
    CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern, grp) END;

CREATE OR REPLACE MACRO bq_ieee_divide(a, b) AS CASE
    WHEN b <> 0 THEN CAST(a AS DOUBLE) / b
    WHEN a IS NULL OR b IS NULL THEN NULL
    WHEN a = 0 OR isnan(CAST(a AS DOUBLE)) THEN CAST('nan' AS DOUBLE)
    WHEN a > 0 THEN CAST('inf' AS DOUBLE)
    ELSE CAST('-inf' AS DOUBLE) END;

CREATE OR REPLACE MACRO bq_in(x, items) AS CASE
    WHEN items IS NULL OR len(items) = 0 THEN false
    WHEN list_contains(items, x) THEN true
    WHEN x IS NULL OR len(items) <> list_count(items) THEN NULL
    ELSE false END;

CREATE OR REPLACE MACRO bq_positions(items) AS range(len(items));

CREATE OR REPLACE MACRO bq_offset(items, position) AS CASE
    WHEN position < 0 OR position >= len(items) THEN error('Array index ' || position || ' is out of bounds')
    ELSE items[position + 1] END;

CREATE OR REPLACE MACRO bq_safe_offset(items, position) AS CASE WHEN position >= 0 THEN items[position + 1] END;

-- Array of STRUCT<value, count>, the most frequent first, from DuckDB's histogram and the number of NULLs.
CREATE OR REPLACE MACRO bq_top_count(counted, nulls, size) AS list_slice(
    list_transform(
        list_reverse_sort(list_concat(
            list_transform(map_entries(counted), lambda e: {'count': CAST(e.value AS BIGINT), 'value': e.key}),
            CASE WHEN nulls > 0 THEN [{'count': CAST(nulls AS BIGINT), 'value': NULL}] ELSE [] END)),
        lambda e: {'value': e.value, 'count': e.count}),
    1, size);

-- NULL for what is not a scalar, and for text that is not JSON.
CREATE OR REPLACE MACRO bq_json_value(x, path) AS CASE
    WHEN NOT json_valid(CAST(x AS VARCHAR)) OR json_type(x, path) IN ('OBJECT', 'ARRAY') THEN NULL
    ELSE json_extract_string(x, path) END;

CREATE OR REPLACE MACRO bq_to_json_string(x) AS CASE
    WHEN regexp_matches(typeof(x), '(DOUBLE|FLOAT|DECIMAL|TIME|DATE|BLOB|INTERVAL)')
    THEN error('TO_JSON_STRING of ' || typeof(x) || ' is not supported by the local server')
    ELSE coalesce(CAST(to_json(x) AS VARCHAR), 'null') END;

-- From BigQuery's canonical form `Y-M D H:M:S`.
CREATE OR REPLACE MACRO bq_interval(x) AS CAST(regexp_replace(x, '^(-?)(\d+)-(\d+) (-?\d+) (.*)$',
    '\1\2 years \1\3 months \4 days \5') AS INTERVAL);

-- To BigQuery's canonical form.
CREATE OR REPLACE MACRO bq_interval_text(x) AS CASE WHEN x IS NOT NULL THEN
    printf('%d-%d %d ', datepart('year', x), datepart('month', x), datepart('day', x))
    || CASE WHEN datepart('hour', x) < 0 OR datepart('minute', x) < 0 OR datepart('microsecond', x) < 0 THEN '-' ELSE '' END
    || printf('%d:%d:%d', abs(datepart('hour', x)), abs(datepart('minute', x)), abs(datepart('second', x)))
    || CASE WHEN datepart('microsecond', x) % 1000000 <> 0
       THEN '.' || lpad(CAST(abs(datepart('microsecond', x) % 1000000) AS VARCHAR), 6, '0') ELSE '' END END;
