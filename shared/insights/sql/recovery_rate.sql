-- Failed operations; the numerator is 1 where the same person ran the same operation with success within an hour.
SELECT ${row}, IF(TIMESTAMP_DIFF(mended, occurred_at, SECOND) <= 3600, 1, 0) AS numerator, 1 AS denominator
FROM (
  SELECT
    *,
    MIN(IF(metrics.success, occurred_at, NULL)) OVER (
      PARTITION BY user_id, operation ORDER BY occurred_at, event_id
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS mended
  FROM told
  WHERE event_type = 'operation' AND user_id IS NOT NULL
)
WHERE metrics.success = FALSE
