"""`python -m shared.transcripts FILE -o OUT`: what is said in a file; `… fetch MODEL`: the weights of a model, once."""

import sys

from shared.transcripts.command import main

if __name__ == "__main__":
    sys.exit(main())
