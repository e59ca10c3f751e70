"""`python -m shared.paper_editing RECORDING --remove fillers silences -o film.json`"""

import sys

from shared.paper_editing.command import main

if __name__ == "__main__":
    sys.exit(main())
