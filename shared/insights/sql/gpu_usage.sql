-- What tells of its use of the GPU; the numerator is that, in percent.
SELECT ${row}, metrics.gpu_usage AS numerator, 1 AS denominator
FROM told
WHERE metrics.gpu_usage IS NOT NULL
