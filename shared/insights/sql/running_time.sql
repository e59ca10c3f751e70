-- What was attempted; the numerator is the seconds that each took.
SELECT ${row}, metrics.processing_time / 1000 AS numerator, 1 AS denominator
FROM told
WHERE event_type IN ('operation', 'generation') AND metrics.processing_time IS NOT NULL
