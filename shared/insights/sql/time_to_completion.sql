-- Workflows that succeeded; the numerator is the seconds from their start to their end.
SELECT ${row}, metrics.processing_time / 1000 AS numerator, 1 AS denominator
FROM told
WHERE event_type = 'workflow' AND metrics.success AND metrics.processing_time IS NOT NULL
