-- Operations run one right after the other: every contiguous sequence of 2 to 5 in a session, a row a run. It reads the
-- session_operations by the name `operations`, which the query that it is in gives them, once for all that it needs of them.
-- `pattern` joins their names by arrows; the run begins at `session_position` and has `length` operations; `success` says whether all
-- of them succeeded, `duration` is the sum of theirs in milliseconds, `occurred_at` the end of the first.
SELECT
  user_id,
  salt_version,
  session,
  session_position,
  occurred_at,
  platform,
  workflow_type,
  length,
  CONCAT(
    o1, '->', o2,
    IF(length > 2, CONCAT('->', o3), ''),
    IF(length > 3, CONCAT('->', o4), ''),
    IF(length > 4, CONCAT('->', o5), '')
  ) AS pattern,
  s1 AND s2 AND (length < 3 OR s3) AND (length < 4 OR s4) AND (length < 5 OR s5) AS success,
  d1 + d2 + IF(length > 2, d3, 0) + IF(length > 3, d4, 0) + IF(length > 4, d5, 0) AS duration
FROM (
  SELECT
    user_id,
    salt_version,
    session,
    session_position,
    occurred_at,
    platform,
    context.workflow_type AS workflow_type,
    operation_type AS o1,
    LEAD(operation_type, 1) OVER ahead AS o2,
    LEAD(operation_type, 2) OVER ahead AS o3,
    LEAD(operation_type, 3) OVER ahead AS o4,
    LEAD(operation_type, 4) OVER ahead AS o5,
    success AS s1,
    LEAD(success, 1) OVER ahead AS s2,
    LEAD(success, 2) OVER ahead AS s3,
    LEAD(success, 3) OVER ahead AS s4,
    LEAD(success, 4) OVER ahead AS s5,
    duration AS d1,
    LEAD(duration, 1) OVER ahead AS d2,
    LEAD(duration, 2) OVER ahead AS d3,
    LEAD(duration, 3) OVER ahead AS d4,
    LEAD(duration, 4) OVER ahead AS d5,
    COUNT(*) OVER (PARTITION BY session) - session_position + 1 AS remaining
  FROM operations
  WINDOW ahead AS (PARTITION BY session ORDER BY session_position)
)
CROSS JOIN UNNEST([2, 3, 4, 5]) AS length
WHERE length <= remaining
