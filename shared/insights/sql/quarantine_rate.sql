-- What finally became of events, a row a minute and kind; the numerator is how many were invalid, the denominator how many there were.
SELECT ${row}, IF(outcome = 'invalid', events, 0) AS numerator, events AS denominator
FROM outcomes
