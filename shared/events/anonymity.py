"""Anonymity: what is shown across users tells of at least K_ANONYMITY of them, or it is not shown.

It holds for whatever one user can read of others: mined templates, recommendations, breakdowns of the summary. A template may be
*proposed* from fewer users (DESIGN: 3); it is *published* for at least K_ANONYMITY.

A user has one hash for each salt, so a period that spans a rotation holds up to two hashes of one person. The number of hashes
divided by the number of salts is what the number of people can at least be: `k_anonymous.sql` asks that much, so that a rotation
can hide a group for a while and can never show one that is too small. A query that groups events keeps the columns `user_id`
and `salt_version` for it:

    SELECT operation_type, COUNT(*) AS runs
    FROM ${session_operations}
    GROUP BY operation_type
    HAVING ${k_anonymous}
"""

K_ANONYMITY = 5


def at_least_k(user_hashes: int, salts: int = 1) -> bool:
    """Whether a group may be shown that `user_hashes` distinct hashes, made with `salts` distinct salts, belong to."""
    return user_hashes >= K_ANONYMITY * max(salts, 1)
