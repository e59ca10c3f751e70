-- What has a measured quality; the numerator is the score, 0 to 10.
SELECT ${row}, generation.quality_score AS numerator, 1 AS denominator
FROM told
WHERE generation.quality_score IS NOT NULL
