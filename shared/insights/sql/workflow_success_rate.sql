-- Workflows that ended; the numerator is 1 where everything in them was done.
SELECT ${row}, IF(metrics.success, 1, 0) AS numerator, 1 AS denominator
FROM told
WHERE event_type = 'workflow' AND metrics.success IS NOT NULL
