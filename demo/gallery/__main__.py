"""`python -m demo.gallery`: make docs/gallery.md and its pictures anew. Pictures of what is gone are removed."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from demo.gallery.exhibits import all_exhibits
from demo.gallery.page import PICTURES, gallery_page
from demo.gallery.strips import gallery_media, render_strip

DOCS = Path(__file__).parents[2] / "docs"


def main() -> int:
    """Render every exhibit, and write what changed."""
    console = Console(highlight=False)
    exhibits = list(all_exhibits())
    folder = DOCS / PICTURES
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch, console.status("Making footage"), ThreadPoolExecutor(2) as pool:
        media = gallery_media(Path(scratch))
        strips = pool.map(lambda exhibit: render_strip(exhibit, media), exhibits)
        new = {exhibit.file: strip for exhibit, strip in zip(exhibits, strips, strict=True)}
    changed = [name for name, strip in new.items() if not _holds(folder / name, strip)]
    for name in changed:
        (folder / name).write_bytes(new[name])
    for stray in {path.name for path in folder.glob("*.png")} - new.keys():
        (folder / stray).unlink()
    (DOCS / "gallery.md").write_text(gallery_page(), "utf-8")
    size = sum(map(len, new.values()))
    console.print(f"{len(new)} strips, {size / 1e6:.2f} MB; {len(changed)} changed. See docs/gallery.md")
    return 0


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


if __name__ == "__main__":
    sys.exit(main())
