-- Ratings by users, doubled to NPS's scale of 0 to 10: the numerator is 100 from 9 on, who
-- promotes, -100 up to 6, who detracts, else 0.
SELECT
  ${row},
  CASE WHEN 2 * generation.satisfaction >= 9 THEN 100 WHEN 2 * generation.satisfaction <= 6 THEN -100 ELSE 0 END AS numerator,
  1 AS denominator
FROM told
WHERE generation.satisfaction IS NOT NULL
