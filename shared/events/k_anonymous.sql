-- For HAVING: whether a group of events belongs to at least K people, whatever salts they were hashed with (see anonymity.py).
COUNT(DISTINCT user_id) >= ${k} * GREATEST(COUNT(DISTINCT salt_version), 1)
