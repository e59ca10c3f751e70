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
CREATE OR REPLACE MACRO bq_epoch(x, micros) AS (epoch_us(x) + 62135596800000000) // micros - 62135596800000000 // micros;

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

-- JSON of JSON; STRING of STRING, where JSON's null and text that is not JSON are NULL.
CREATE OR REPLACE MACRO bq_json_query(x JSON, path) AS CAST(json_extract(x, path) AS JSON),
    (x VARCHAR, path) AS CASE
    WHEN json_valid(x) AND json_type(x, path) <> 'NULL' THEN CAST(json_extract(x, path) AS VARCHAR) END;

CREATE OR REPLACE MACRO bq_json_query_array(x JSON, path) AS CASE
    WHEN json_type(x, path) = 'ARRAY' THEN json_extract(x, path || '[*]') END,
    (x VARCHAR, path) AS CASE
    WHEN json_valid(x) AND json_type(x, path) = 'ARRAY' THEN CAST(json_extract(x, path || '[*]') AS VARCHAR[]) END;

CREATE OR REPLACE MACRO bq_json_value_array(x, path) AS CASE
    WHEN json_valid(CAST(x AS VARCHAR)) AND json_type(x, path) = 'ARRAY'
    AND NOT list_has_any(json_type(x, path || '[*]'), ['OBJECT', 'ARRAY'])
    THEN json_extract_string(x, path || '[*]') END;

CREATE OR REPLACE MACRO bq_json_type(x) AS CASE json_type(x)
    WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'VARCHAR' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean'
    WHEN 'NULL' THEN 'null' WHEN 'BIGINT' THEN 'number' WHEN 'UBIGINT' THEN 'number' WHEN 'DOUBLE' THEN 'number' END;

CREATE OR REPLACE MACRO bq_json_float64(x) AS CASE
    WHEN x IS NULL OR bq_json_type(x) = 'number' THEN CAST(json_extract_string(x, '$') AS DOUBLE)
    ELSE error('The provided JSON input is not a number') END;

CREATE OR REPLACE MACRO bq_json_int64(x) AS CASE
    WHEN x IS NULL OR json_type(x) IN ('BIGINT', 'UBIGINT') THEN CAST(json_extract_string(x, '$') AS BIGINT)
    WHEN json_type(x) = 'DOUBLE' AND bq_json_float64(x) = trunc(bq_json_float64(x)) THEN CAST(bq_json_float64(x) AS BIGINT)
    ELSE error('The provided JSON input is not an integer') END;

CREATE OR REPLACE MACRO bq_json_bool(x) AS CASE
    WHEN x IS NULL OR bq_json_type(x) = 'boolean' THEN CAST(json_extract_string(x, '$') AS BOOLEAN)
    ELSE error('The provided JSON input is not a boolean') END;

-- The outer CASE alone would not keep DuckDB from reading a constant date as JSON.
CREATE OR REPLACE MACRO bq_string(x) AS CASE
    WHEN typeof(x) <> 'JSON' THEN bq_to_string(x)
    WHEN bq_json_type(CASE typeof(x) WHEN 'JSON' THEN CAST(x AS VARCHAR) END) = 'string'
    THEN json_extract_string(CASE typeof(x) WHEN 'JSON' THEN CAST(x AS VARCHAR) END, '$')
    ELSE error('The provided JSON input is not a string') END;

-- Integers and NUMERICs that a double cannot hold, and those with a fraction, are strings.
CREATE OR REPLACE MACRO bq_to_json_string(x) AS CASE
    WHEN x IS NULL THEN 'null'
    WHEN typeof(x) IN ('BIGINT', 'HUGEINT') OR starts_with(typeof(x), 'DECIMAL') THEN CASE
        WHEN contains(bq_to_string(x), '.') OR abs(try_cast(CAST(x AS VARCHAR) AS DECIMAL(38, 9))) > 9007199254740992
        THEN '"' || bq_to_string(x) || '"' ELSE bq_to_string(x) END
    WHEN typeof(x) = 'TIMESTAMP' OR typeof(x) = 'TIMESTAMP WITH TIME ZONE'
    THEN '"' || regexp_replace(replace(CAST(x AS VARCHAR), ' ', 'T'), '\+00$', 'Z') || '"'
    WHEN typeof(x) = 'TIME' THEN '"' || CAST(x AS VARCHAR) || '"'
    WHEN typeof(x) = 'BLOB' THEN '"' || to_base64(CAST(x AS BLOB)) || '"'
    WHEN regexp_matches(typeof(x), '(DOUBLE|FLOAT|DECIMAL|TIME|BLOB|INTERVAL)')
    THEN error('TO_JSON_STRING of ' || typeof(x) || ' is not supported by the local server')
    ELSE CAST(to_json(x) AS VARCHAR) END;

CREATE OR REPLACE MACRO bq_to_time(x) AS CASE typeof(x)
    WHEN 'VARCHAR' THEN CAST(CAST(x AS VARCHAR) AS TIME)
    ELSE CAST(nullif(regexp_extract(CAST(x AS VARCHAR), '\d+:\d+:\d+(\.\d+)?'), '') AS TIME) END;

CREATE OR REPLACE MACRO bq_initcap(x, pattern) AS array_to_string(
    list_transform(regexp_extract_all(x, pattern), lambda w: upper(left(w, 1)) || lower(substring(w, 2))), '');

CREATE OR REPLACE MACRO bq_code_points(x) AS CASE WHEN x = '' THEN CAST([] AS BIGINT[])
    ELSE list_transform(string_split(x, ''), lambda c: CAST(unicode(c) AS BIGINT)) END;

CREATE OR REPLACE MACRO bq_code_points_text(x) AS CASE WHEN len(x) = list_count(x)
    THEN array_to_string(list_transform(x, lambda c: chr(CAST(c AS INTEGER))), '') END;

CREATE OR REPLACE MACRO bq_last(items) AS len(items) - 1;

CREATE OR REPLACE MACRO bq_array_slice(items, first, last) AS CASE WHEN items IS NOT NULL AND first IS NOT NULL AND last IS NOT NULL THEN
    list_slice(items, greatest(CASE WHEN first < 0 THEN len(items) + first ELSE first END, 0) + 1,
        greatest(CASE WHEN last < 0 THEN len(items) + last ELSE last END, -1) + 1) END;

CREATE OR REPLACE MACRO bq_range_bucket(x, bounds) AS CASE WHEN x IS NOT NULL AND bounds IS NOT NULL
    THEN CAST(len(list_filter(bounds, lambda bound: bound <= x)) AS BIGINT) END;

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
