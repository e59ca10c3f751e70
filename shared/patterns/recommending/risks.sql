-- How often operations failed in [@start, @end): each as such, after each other one, for each size of file, and for both
-- together, where at least five people ran it. `before` '' is any; `size` '' is any.
WITH steps AS (
  SELECT
    operation_type AS operation,
    IFNULL(LAG(operation_type) OVER (PARTITION BY session ORDER BY session_position), '') AS before,
    CASE
      WHEN operation.file_size < 10000000 THEN 'under 10 MB'
      WHEN operation.file_size < 100000000 THEN '10 to 100 MB'
      WHEN operation.file_size < 1000000000 THEN '100 MB to 1 GB'
      WHEN operation.file_size >= 1000000000 THEN 'over 1 GB'
      ELSE ''
    END AS size,
    success,
    user_id,
    salt_version
  FROM ${session_operations}
  WHERE metrics.success IS NOT NULL
),
views AS (
  SELECT operation, '' AS before, '' AS size, success, user_id, salt_version FROM steps
  UNION ALL
  SELECT operation, before, '', success, user_id, salt_version FROM steps WHERE before <> ''
  UNION ALL
  SELECT operation, '', size, success, user_id, salt_version FROM steps WHERE size <> ''
  UNION ALL
  SELECT operation, before, size, success, user_id, salt_version FROM steps WHERE before <> '' AND size <> ''
)
SELECT operation, before, size, COUNT(*) AS runs, COUNTIF(NOT success) AS failures
FROM views
GROUP BY operation, before, size
HAVING ${k_anonymous} AND runs >= 20
ORDER BY operation, before, size
