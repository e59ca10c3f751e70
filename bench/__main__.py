"""`make bench`: every benchmark in turn, each in a local cloud of its own with just the servers that it needs.

`python -m bench api render` runs only those."""

import argparse
import subprocess
import sys

BENCHES: dict[str, str | None] = {
    "api": "",
    "ingest": "",
    "collector": None,
    "firestore": None,
    "listen": None,
    "rules": None,
    "diff": None,
    "interchange": None,
    "paper": None,
    "selection": None,
    "clips": None,
    "analysis": None,
    "clip_learning": None,
    "pubsub": "pubsub",
    "bigquery": "bigquery",
    "importing": None,
    "mining": None,
    "forecasting": None,
    "templating": "bigquery,firestore,secrets",
    "render": None,
    "rerender": None,
    "operations": None,
    "reframing": None,
    "chunks": None,
    "transcode": None,
    "speech": None,
    "recommending": "",
    "alerting": "bigquery,firestore,secrets",
    "reporting": "bigquery,firestore,secrets",
    "insights": "bigquery,firestore,secrets,auth,functions",
}
"""The servers that a benchmark runs among: all (""), those named, or none, because it starts its own."""


def command(name: str) -> list[str]:
    """How the benchmark is run."""
    bench = [sys.executable, "-m", f"bench.{name}"]
    servers = BENCHES[name]
    if servers is None:
        return bench
    only = ["--only", servers] if servers else []
    return [
        *("env", "KOMPO_REQUESTS_PER_MINUTE=10000000", "KOMPO_EVENTS_PER_MINUTE=10000000"),
        *(sys.executable, "-m", "infra.local", "exec", *only, "--", *bench),
    ]


def main() -> int:
    """Run them. Returns 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; all if none is named")
    names = parser.parse_args().names or list(BENCHES)
    if unknown := set(names) - set(BENCHES):
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        if subprocess.run(command(name), check=False).returncode != 0:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
