-- What became of whole sessions of 2 to 8 operations in [@start, @end), by what came in, what came out and what was run, where at
-- least five people ran it. Times are of the sessions that succeeded: mean and deviation of the logarithm of milliseconds.
-- An operation that failed and was run again counts once in the chain, and as a failure of it.
WITH steps AS (
  SELECT
    *,
    LEAD(operation_type) OVER (PARTITION BY session ORDER BY session_position) AS following,
    COUNT(*) OVER (PARTITION BY session) AS steps
  FROM ${session_operations}
),
sessions AS (
  SELECT
    session,
    user_id,
    MAX(salt_version) AS salt_version,
    MAX(IF(session_position = 1, operation.input_format, NULL)) AS input_format,
    MAX(IF(session_position = steps, operation.output_format, NULL)) AS output_format,
    STRING_AGG(
      IF(success OR following IS NULL OR following <> operation_type, operation_type, NULL), ' ' ORDER BY session_position
    ) AS operations,
    COUNTIF(NOT success) AS failures,
    SUM(duration) AS duration
  FROM steps
  WHERE steps BETWEEN 2 AND 16
  GROUP BY session, user_id
)
SELECT
  input_format,
  output_format,
  operations,
  COUNT(*) AS runs,
  COUNTIF(failures > 0) AS failures,
  COUNTIF(failures = 0 AND duration > 0) AS timed,
  AVG(IF(failures = 0 AND duration > 0, LN(duration), NULL)) AS log_mean,
  STDDEV_SAMP(IF(failures = 0 AND duration > 0, LN(duration), NULL)) AS log_deviation
FROM sessions
WHERE LENGTH(operations) - LENGTH(REPLACE(operations, ' ', '')) BETWEEN 1 AND 7
GROUP BY input_format, output_format, operations
HAVING ${k_anonymous} AND runs >= 10
ORDER BY runs DESC, operations, input_format, output_format
LIMIT 5000
