-- Alerts that began to fire.
SELECT ${row}, 1 AS numerator, 1 AS denominator
FROM transitions
WHERE after = 'firing' AND occurred_at = fired_at
