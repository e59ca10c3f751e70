"""npm's packages beside a test, installed once whichever process of the tests comes first."""

import fcntl
import subprocess
from pathlib import Path

_SECONDS = 170


def install(folder: Path) -> None:
    """Have what `package-lock.json` in `folder` names in its `node_modules`."""
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def npm(folder: Path, *arguments: str) -> None:
    """Run npm there."""
    done = subprocess.run(
        ["npm", *arguments], cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
