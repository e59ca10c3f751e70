"""`python -m infra.local.rules check|explain …`"""

import sys

from infra.local.rules.cli import main

sys.exit(main(sys.argv[1:]))
