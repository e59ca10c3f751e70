"""A sender of events that can be killed at any moment: `python -m tests.functions.event_sender URL TOKEN FILE`.

It sends FILE, an event a line, from where an earlier one has come to. What was not answered before it died goes out again."""

import json
import os
import sys
import time
from pathlib import Path

import requests

BATCH = 100
_PAUSE = 0.05


def main(url: str, token: str, file: Path) -> None:
    """Send all."""
    lines = file.read_text().splitlines()
    place = progress(file)
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        while place < len(lines):
            batch = [json.loads(line) for line in lines[place : place + BATCH]]
            if not _sent(session, url, batch):
                time.sleep(_PAUSE)
                continue
            place += len(batch)
            _keep(file, place)


def progress(file: Path) -> int:
    """How many events of the file were answered for."""
    kept = file.with_suffix(".sent")
    return int(kept.read_text()) if kept.exists() else 0


def _sent(session: requests.Session, url: str, batch: list[object]) -> bool:
    try:
        answer = session.post(f"{url}/v1/events", json={"events": batch}, timeout=30)
    except requests.RequestException:
        return False
    if not answer.ok:
        return False
    receipt = answer.json()
    assert receipt["accepted"] + receipt["duplicate"] == len(batch), receipt
    return True


def _keep(file: Path, place: int) -> None:
    aside = file.with_suffix(".tmp")
    with aside.open("w") as kept:
        kept.write(str(place))
        kept.flush()
        os.fsync(kept.fileno())
    aside.replace(file.with_suffix(".sent"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
