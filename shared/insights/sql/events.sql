-- Every event.
SELECT ${row}, 1 AS numerator, 1 AS denominator
FROM told
