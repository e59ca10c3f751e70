-- What has a price; the numerator is what it cost us in US dollars.
SELECT ${row}, generation.cost_usd AS numerator, 1 AS denominator
FROM told
WHERE generation.cost_usd IS NOT NULL
