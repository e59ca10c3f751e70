-- Ratings by users; the numerator is the rating, 0 to 5.
SELECT ${row}, generation.satisfaction AS numerator, 1 AS denominator
FROM told
WHERE generation.satisfaction IS NOT NULL
