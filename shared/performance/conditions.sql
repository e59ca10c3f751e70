-- How often operations failed in [@start, @end) under each condition, and under none (condition ''): with how many users, and with
-- which error most often. A condition is a name and a value; conditions of fewer than @users users are left out.
WITH runs AS (
  SELECT
    operation_type,
    user_id,
    IFNULL(metrics.success, FALSE) AS success,
    metrics.error_code AS error_code,
    CASE
      WHEN operation.file_size IS NULL THEN NULL
      WHEN operation.file_size < 10000000 THEN 'under 10 MB'
      WHEN operation.file_size < 100000000 THEN '10 to 100 MB'
      WHEN operation.file_size < 1000000000 THEN '100 MB to 1 GB'
      ELSE 'over 1 GB'
    END AS size,
    operation.input_format AS input_format,
    operation.output_format AS output_format,
    JSON_VALUE(operation.parameters, '$$.preset') AS preset,
    COALESCE(
      JSON_VALUE(operation.parameters, '$$.video_codec'), JSON_VALUE(operation.parameters, '$$.codec')
    ) AS codec
  FROM ${deduplicated_events}
  WHERE event_type = 'operation' AND operation_type IS NOT NULL AND user_id IS NOT NULL
),
conditioned AS (
  SELECT operation_type, user_id, success, error_code, '' AS name, '' AS value FROM runs
  UNION ALL
  SELECT operation_type, user_id, success, error_code, 'size', size FROM runs WHERE size IS NOT NULL
  UNION ALL
  SELECT operation_type, user_id, success, error_code, 'input_format', input_format FROM runs WHERE input_format IS NOT NULL
  UNION ALL
  SELECT operation_type, user_id, success, error_code, 'output_format', output_format FROM runs WHERE output_format IS NOT NULL
  UNION ALL
  SELECT operation_type, user_id, success, error_code, 'preset', preset FROM runs WHERE preset IS NOT NULL
  UNION ALL
  SELECT operation_type, user_id, success, error_code, 'codec', codec FROM runs WHERE codec IS NOT NULL
),
errors AS (
  SELECT operation_type, name, value, error_code, COUNT(*) AS error_count
  FROM conditioned
  WHERE NOT success AND error_code IS NOT NULL
  GROUP BY operation_type, name, value, error_code
  HAVING COUNT(DISTINCT user_id) >= @users
  QUALIFY ROW_NUMBER() OVER (PARTITION BY operation_type, name, value ORDER BY COUNT(*) DESC, error_code) = 1
)
SELECT
  operation_type,
  name,
  value,
  COUNT(*) AS runs,
  COUNTIF(NOT success) AS failures,
  COUNT(DISTINCT user_id) AS users,
  ANY_VALUE(errors.error_code) AS error_code,
  COALESCE(ANY_VALUE(errors.error_count), 0) AS error_count
FROM conditioned
LEFT JOIN errors USING (operation_type, name, value)
GROUP BY operation_type, name, value
HAVING COUNT(DISTINCT user_id) >= @users
ORDER BY runs DESC, operation_type, name, value
LIMIT 20000
