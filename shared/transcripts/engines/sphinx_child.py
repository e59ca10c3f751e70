"""What runs in a process of PocketSphinx's own: the decoder holds Python's lock as long as it works.

It reads pieces, each the number of its bytes (4, big-endian) and its samples (16 bits, little-endian, 16 kHz), and answers each
with a line of JSON: `[[word, first frame, last frame, probability], …]`. It ends when there is nothing more to read, so also when
the process that it works for dies. Run as a file, so that nothing but the decoder is loaded."""

import json
import sys
from typing import Any

RATE = 16_000
BEAMS = {"maxwpf": 10, "maxhmmpf": 3000}
"""Words and states that are followed at once: a third of the time of the defaults, for nearly the same words."""


def main() -> None:
    """Hear until there is nothing more to hear."""
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, loglevel="FATAL", **BEAMS)
    while head := sys.stdin.buffer.read(4):
        sys.stdout.write(json.dumps(_heard(decoder, sys.stdin.buffer.read(int.from_bytes(head)))) + "\n")
        sys.stdout.flush()


def _heard(decoder: Any, samples: bytes) -> list[tuple[str, int, int, float]]:
    decoder.start_utt()
    # The whole piece at once: its loudness is then measured before it is heard, not while.
    decoder.process_raw(samples, False, True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    return [(word.word, word.start_frame, word.end_frame, word.prob) for word in decoder.seg()]


if __name__ == "__main__":
    main()
