-- What tells of its use of the CPU; the numerator is that, in percent of one core.
SELECT ${row}, metrics.cpu_usage AS numerator, 1 AS denominator
FROM told
WHERE metrics.cpu_usage IS NOT NULL
