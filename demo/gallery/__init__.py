"""The gallery: what every transition, effect, layout, caption and overlay looks like, in docs/gallery.md.

`python -m demo.gallery` makes it anew; where nothing changed, nothing changes."""

from demo.gallery.exhibits import Exhibit, all_exhibits
from demo.gallery.page import gallery_page
from demo.gallery.strips import gallery_media, render_strip

__all__ = ["Exhibit", "all_exhibits", "gallery_media", "gallery_page", "render_strip"]
