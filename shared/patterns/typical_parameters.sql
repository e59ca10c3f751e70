-- What the steps of patterns are usually run with: a row for each step and thing that is said of it. Of every pattern the newest
-- @sample runs that succeeded are looked at. The name is that of a parameter, or @output, @input, @kind, @size of the file; parameters
-- are those of the runs that write the step's usual format. Nothing is told that fewer than K people share: usual_value is NULL
-- when too few people chose it. quartiles are minimum, quartiles and maximum of what is a number; steps count from 0.
WITH operations AS (
  SELECT * FROM ${session_operations}
),
runs AS (
  SELECT pattern, session, session_position, length
  FROM ${operation_runs}
  WHERE success AND pattern IN UNNEST(@patterns)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY pattern ORDER BY occurred_at DESC, session, session_position) <= @sample
),
steps AS (
  SELECT
    runs.pattern,
    done.session_position - runs.session_position AS step,
    done.user_id,
    done.salt_version,
    IFNULL(done.operation.output_format, '') AS format,
    done.operation.input_format AS input_format,
    done.operation.source_file_type AS kind,
    done.operation.file_size_category AS size,
    done.operation.parameters AS parameters
  FROM runs
  JOIN operations AS done
    ON done.session = runs.session
    AND done.session_position >= runs.session_position
    AND done.session_position < runs.session_position + runs.length
),
formats AS (
  SELECT pattern, step, format
  FROM (SELECT pattern, step, format, COUNT(*) AS runs FROM steps GROUP BY pattern, step, format)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY pattern, step ORDER BY runs DESC, format) = 1
),
said AS (
  SELECT pattern, step, user_id, salt_version, '@output' AS name, format AS value FROM steps WHERE format != ''
  UNION ALL
  SELECT pattern, step, user_id, salt_version, '@input', input_format FROM steps WHERE input_format IS NOT NULL
  UNION ALL
  SELECT pattern, step, user_id, salt_version, '@kind', kind FROM steps WHERE kind IS NOT NULL
  UNION ALL
  SELECT pattern, step, user_id, salt_version, '@size', size FROM steps WHERE size IS NOT NULL
  UNION ALL
  SELECT
    pattern,
    step,
    user_id,
    salt_version,
    REGEXP_EXTRACT(pair, r'^"([^"]+)":'),
    REGEXP_EXTRACT(pair, r'^"[^"]+":(.+)')
  FROM steps
  JOIN formats USING (pattern, step, format)
  CROSS JOIN UNNEST(REGEXP_EXTRACT_ALL(parameters, r'"[^"]+":(?:"[^"]*"|\[[^\]]*\]|[^,\[\]{}]+)')) AS pair
),
chosen AS (
  SELECT pattern, step, name, value, COUNT(*) AS runs
  FROM said
  GROUP BY pattern, step, name, value
  HAVING ${k_anonymous}
),
usual AS (
  SELECT pattern, step, name, value, runs
  FROM chosen
  QUALIFY ROW_NUMBER() OVER (PARTITION BY pattern, step, name ORDER BY runs DESC, value) = 1
),
told AS (
  SELECT
    pattern,
    step,
    name,
    COUNT(*) AS runs,
    DIV(COUNT(DISTINCT user_id), GREATEST(COUNT(DISTINCT salt_version), 1)) AS users,
    COUNT(SAFE_CAST(value AS FLOAT64)) AS numbers,
    APPROX_QUANTILES(SAFE_CAST(value AS FLOAT64), 4) AS quartiles
  FROM said
  GROUP BY pattern, step, name
  HAVING ${k_anonymous}
)
SELECT told.*, usual.value AS usual_value, usual.runs AS usual_runs
FROM told
LEFT JOIN usual USING (pattern, step, name)
ORDER BY pattern, step, name
