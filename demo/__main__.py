"""`make demo`: footage in, a rendered komposition out, through the public API of the suite that runs around this process."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import requests

from demo.client import ApiError, Client
from demo.clips import make_clips, show_clips
from demo.footage import make_footage
from demo.komposition import demo_komposition
from demo.steps import bar, console, follow, step
from shared.media import make_contact_sheet, probe

OUT = Path("demo-out")
CONTENT_TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".mkv": "video/x-matroska", ".webm": "video/webm"} | {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
}
SCHEDULED = ("aggregate-metrics", "evaluate-alerts", "generate-templates")


def main() -> int:
    """Walk the path and stay up until Ctrl-C (DEMO_EXIT=1: end at once). Returns 1 when a step fails."""
    console.print("\n[bold]Kompo[/] — footage in, a rendered komposition out, all on this machine\n")
    OUT.mkdir(exist_ok=True)
    try:
        walk(os.environ["KOMPO_PUBLIC_URL"], os.environ.get("VIDEO"))
    except (ApiError, requests.RequestException) as error:
        console.print(f"\n[bold red]This step failed.[/] {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    if os.environ.get("DEMO_EXIT") != "1":
        console.print("\nThe suite stays up. [bold]Ctrl-C[/] stops it.")
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        stopped.wait()
    return 0


def walk(origin: str, video: str | None) -> None:
    """Every step of the main job, one line each."""
    with step("Make footage: three scenes, a photograph, speech, music"):
        files = footage_files(video)
    with step("Sign up a new user"):
        client = Client.sign_up(origin, f"demo-{int(time.time() * 1000)}@example.com")
    assets = {name: upload(client, path) for name, path in files.items()}
    with step("Save the komposition: segments on a beat grid, a crossfade, music, 1280x720 at 30"):
        body = demo_komposition({name: (asset["id"], asset["media"]) for name, asset in assets.items()})
        client.call("PUT", "/v1/kompositions/demo", body)
    job = render(client)
    with step("Read the insights: the render is already counted"):
        summary = client.wait("/v1/insights/summary", lambda found: found["current"]["renders"] > 0, seconds=10)
    with step("Run the scheduled functions: metrics, alerts, templates"):
        scheduled = {name: run_now(name) for name in SCHEDULED}
    with step("Download the result and draw its contact sheet"):
        result = download(client, job["outputs"]["assetId"])
    transcript, clips = make_clips(client, upload, OUT)
    show(origin, result, summary, scheduled)
    show_clips(transcript, clips)


def footage_files(video: str | None) -> dict[str, Path]:
    """The files to upload by their name in the komposition; a video of the user's own takes the place of the first."""
    if video and not Path(video).is_file():
        raise ApiError(f"VIDEO={video}: there is no such file.")
    files = make_footage(OUT / "footage").demo_files()
    return {**files, "opening": Path(video)} if video else files


def upload(client: Client, path: Path) -> Any:
    """Upload with a bar; the asset once it is probed."""
    with bar(f"Upload {path.name}") as progress:
        size = path.stat().st_size
        task = progress.add_task("", total=size)
        content_type = CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")
        return client.upload(path, content_type, lambda done: progress.update(task, completed=done))


def render(client: Client) -> Any:
    """Ask for the render and follow its job; the job when it has succeeded."""
    job = client.call("POST", "/v1/kompositions/demo/render", **{"Idempotency-Key": f"demo-{time.time()}"})
    return follow(client, job, "Render: one FFmpeg graph in a Cloud Run job")


def run_now(name: str) -> str:
    """Run a scheduled function as `gcloud scheduler jobs run` does, and wait for it; how it ended."""
    project = os.environ["GOOGLE_CLOUD_PROJECT"]
    job = f"{os.environ['KOMPO_LOCAL_SCHEDULER']}/v1/projects/{project}/locations/us-central1/jobs/{name}"
    before = requests.get(job, timeout=10).json().get("lastAttemptTime")
    requests.post(f"{job}:run", timeout=30).raise_for_status()
    deadline = time.monotonic() + 60
    while (found := requests.get(job, timeout=10).json()).get("lastAttemptTime") == before:
        if time.monotonic() > deadline:
            raise ApiError(f"{name} has not run after 60 s")
        time.sleep(0.05)
    return str(found["status"].get("message", "ran"))


def download(client: Client, asset_id: str) -> Path:
    """Fetch the result by its signed URL, and make the contact sheet beside it."""
    asset = client.call("GET", f"/v1/assets/{asset_id}")
    path = OUT / "komposition.mp4"
    with requests.get(asset["downloadUrl"], stream=True, timeout=60) as answer:
        answer.raise_for_status()
        path.write_bytes(answer.content)
    make_contact_sheet(path, probe(path), OUT / "contact-sheet.png")
    return path


def show(origin: str, result: Path, summary: Any, scheduled: dict[str, str]) -> None:
    """What was made and where to look."""
    info = probe(result)
    video = info.video
    size = f"{video.width}x{video.height}" if video else ""
    console.print(f"\n[bold green]Done.[/] {info.duration:.2f} s of {size} video, {info.size / 1e6:.1f} MB")
    counted = summary["current"]
    console.print(f"  operations   {counted['operations']} counted, {counted['successRate']:.1%} succeeded")
    for name, answer in scheduled.items():
        console.print(f"  {name:<20}{answer}")
    console.print(f"  the film     {result}")
    console.print(f"  pictures     {OUT / 'contact-sheet.png'}")
    console.print(f"  web          {origin}")
    console.print(f"  API          {origin}/docs")
    console.print(f"  data         {os.environ['KOMPO_LOCAL_DATA']}")


if __name__ == "__main__":
    sys.exit(main())
