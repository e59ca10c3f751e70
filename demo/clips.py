"""Clips: a talk is transcribed, its best moments are found by a prompt, framed upright, captioned and rendered."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from demo.client import Client
from demo.footage import portrait
from demo.footage.talk import lines, make_talk
from demo.steps import ENDED, bar, console, follow, step, succeeded
from shared.media import make_contact_sheet, probe

SECONDS = float(os.environ.get("DEMO_TALK", "78"))
"""Of the talk: up to what customers forgive, unless it is said."""
PROMPT = "viral"
WISH = {
    "promptId": PROMPT,
    "variables": {"clip_count": 3, "duration": os.environ.get("DEMO_CLIP", "15-20")},
    "look": {"aspect": "9:16", "shortSide": 540, "captions": {"style": "boxed", "size": 0.042, "maxWords": 4}},
    "render": True,
}


@dataclass(frozen=True)
class DemoClip:
    """A clip as the API tells of it, and its film on this machine."""

    told: Any
    film: Path
    sheet: Path


def make_clips(client: Client, upload: Any, out: Path) -> tuple[Any, list[DemoClip]]:
    """Make three clips of the talk, through the API; the transcript and the clips, the best first.

    `upload(client, path)` uploads a file with a bar."""
    talk = out / "footage" / "talk.mp4"
    with step("Film a talk: two people, three cameras, real words"):
        make_talk(talk, portrait(), SECONDS)
    asset = upload(client, talk)
    key = {"Idempotency-Key": f"clips-{time.time()}"}
    wanted = client.call("POST", f"/v1/assets/{asset['id']}/clips", WISH, **key)
    job = follow(client, wanted, f"Transcribe it, find its best moments by the prompt “{PROMPT}”, frame them")
    transcript = client.call("GET", f"/v1/transcripts/{job['outputs']['transcriptId']}")
    films = _rendered(client, job["outputs"]["renderJobIds"])
    with step("Download the clips and draw their contact sheets"):
        told = [client.call("GET", f"/v1/clips/{clip_id}") for clip_id in job["outputs"]["clipIds"]]
        clips = [
            _download(client, clip, film, out / f"clip-{number}.mp4")
            for number, (clip, film) in enumerate(zip(told, films, strict=True), start=1)
        ]
    return transcript, clips


def _rendered(client: Client, job_ids: list[str]) -> list[Any]:
    """The render jobs, once all have succeeded."""
    with bar(f"Render {len(job_ids)} upright clips with captions") as progress:
        tasks = [progress.add_task("", total=1.0) for _ in job_ids]
        return [
            succeeded(
                client.wait(
                    f"/v1/jobs/{job_id}",
                    lambda job: job["state"] in ENDED,
                    seconds=300,
                    on_change=lambda job, task=task: progress.update(task, completed=job["progress"]),  # type: ignore[misc]
                )
            )
            for task, job_id in zip(tasks, job_ids, strict=True)
        ]


def _download(client: Client, told: Any, job: Any, film: Path) -> DemoClip:
    asset = client.call("GET", f"/v1/assets/{job['outputs']['assetId']}")
    with requests.get(asset["downloadUrl"], stream=True, timeout=60) as answer:
        answer.raise_for_status()
        film.write_bytes(answer.content)
    sheet = film.with_suffix(".png")
    make_contact_sheet(film, probe(film), sheet, columns=6, rows=1, width=180)
    return DemoClip(told, film, sheet)


def show_clips(transcript: Any, clips: list[DemoClip]) -> None:
    """What was heard and found."""
    words = [word["word"] for segment in transcript["transcript"]["segments"] for word in segment["words"]]
    origin = transcript["transcript"]["origin"]
    quality = ", a draft" if origin["draft"] else ""
    console.print(
        f"  transcript   {len(words)} words by {origin['name']}{quality}; {_right(words):.0%} as they were said"
    )
    for clip in clips:
        told = clip.told
        console.print(
            f"  clip         {told['scores']['overall']:3.0f} of 100, {told['duration']:.1f} s: {told['title']}"
        )
        console.print(f"               {clip.film}  {clip.sheet}")


def _right(words: list[str]) -> float:
    """Share of the words of the talk that were heard, in their order."""
    from difflib import SequenceMatcher

    said = [_plain(word) for line in lines() if line.end < SECONDS for word in line.text.split()]
    matched = SequenceMatcher(None, said, [_plain(word) for word in words], autojunk=False).get_matching_blocks()
    return sum(block.size for block in matched) / len(said)


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
