-- Samples of what waits in queues; the numerator is the seconds that the oldest of it had waited then.
SELECT ${row}, value AS numerator, 1 AS denominator
FROM samples
WHERE name = 'backlog_age'
