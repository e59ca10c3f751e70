-- People who signed up or upgraded; the numerator is 1 where they upgraded.
SELECT ${row}, IF(business.kind = 'upgrade', 1, 0) AS numerator, 1 AS denominator
FROM told
WHERE event_type = 'business' AND user_id IS NOT NULL AND business.kind IN ('signup', 'upgrade')
