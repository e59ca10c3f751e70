-- Jobs that were begun; the numerator is the seconds that each had waited.
SELECT ${row}, value AS numerator, 1 AS denominator
FROM samples
WHERE name = 'queue_wait'
