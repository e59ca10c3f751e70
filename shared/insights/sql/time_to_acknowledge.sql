-- Alerts that somebody took care of; the numerator is the seconds that they had fired for.
SELECT ${row}, TIMESTAMP_DIFF(occurred_at, fired_at, MILLISECOND) / 1000 AS numerator, 1 AS denominator
FROM transitions
WHERE after = 'acknowledged' AND fired_at IS NOT NULL
