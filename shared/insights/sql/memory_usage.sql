-- What tells of its use of memory; the numerator is that, at the peak, in megabytes.
SELECT ${row}, metrics.memory_usage AS numerator, 1 AS denominator
FROM told
WHERE metrics.memory_usage IS NOT NULL
