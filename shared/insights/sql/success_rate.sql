-- What was attempted and has a known outcome; the numerator is 1 where it succeeded.
SELECT ${row}, IF(metrics.success, 1, 0) AS numerator, 1 AS denominator
FROM told
WHERE event_type IN ('operation', 'generation') AND metrics.success IS NOT NULL
