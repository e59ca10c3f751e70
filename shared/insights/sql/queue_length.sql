-- Samples of the queue; the numerator is how many jobs waited then.
SELECT ${row}, value AS numerator, 1 AS denominator
FROM samples
WHERE name = 'queue_length'
