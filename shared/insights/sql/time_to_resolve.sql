-- Alerts that had fired and ended; the numerator is the seconds from the one to the other.
SELECT ${row}, TIMESTAMP_DIFF(occurred_at, fired_at, MILLISECOND) / 1000 AS numerator, 1 AS denominator
FROM transitions
WHERE after = 'resolved' AND fired_at IS NOT NULL
