"""The limits of security rules, as documented for Firestore."""

MAX_SOURCE = 256 * 1024
"""Bytes of the source."""
MAX_MATCH_DEPTH = 10
"""Match statements inside one another."""
MAX_SEGMENTS = 100
"""Path segments of a match statement together with those it stands in."""
MAX_CAPTURES = 20
"""Wildcards of a match statement together with those it stands in."""
MAX_CALL_DEPTH = 20
"""Functions that call one another."""
MAX_ARGUMENTS = 7
"""Parameters of a function."""
MAX_LETS = 10
"""Bindings of a function."""
MAX_EXPRESSIONS = 1000
"""Expressions evaluated for one operation."""
MAX_READS = 10
"""Documents that the conditions of one operation may look at; seeing one again is free."""
MAX_READS_OF_MANY = 20
"""Documents that the conditions of a request of several operations may look at."""
