-- What was attempted; the numerator is what it cost us in US dollars, nothing if it does not say.
SELECT ${row}, IFNULL(generation.cost_usd, 0) AS numerator, 1 AS denominator
FROM told
WHERE event_type IN ('operation', 'generation')
