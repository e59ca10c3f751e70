-- What was paid; the numerator is in US dollars, and negative for what was paid back.
SELECT ${row}, business.revenue_usd AS numerator, 1 AS denominator
FROM told
WHERE business.revenue_usd IS NOT NULL
