"""`python -m shared.media`: operations on files of this machine."""

import sys

from shared.media.cli import main

sys.exit(main())
