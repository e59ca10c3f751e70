"""`python -m shared.kompositions check|convert|plan|explain FILE…`"""

import sys

from shared.kompositions.cli import main

if __name__ == "__main__":
    sys.exit(main())
