"""From a komposition to its files: plans, passes, parts cached by their content, previews."""

from shared.kompositions.passes.cache import Cache, Entry, Place
from shared.kompositions.passes.cloud_cache import CloudCache
from shared.kompositions.passes.costs import frames_in
from shared.kompositions.passes.division import RenderOptions
from shared.kompositions.passes.local_cache import LocalCache
from shared.kompositions.passes.plan import RenderPlan, Step, StepKind, plan_render
from shared.kompositions.passes.preview import preview_frame, preview_proxy, preview_sheet, proxy_of
from shared.kompositions.passes.progress import RenderProgress
from shared.kompositions.passes.render import Rendered, render

__all__ = [
    "Cache",
    "CloudCache",
    "Entry",
    "LocalCache",
    "Place",
    "RenderOptions",
    "RenderPlan",
    "RenderProgress",
    "Rendered",
    "Step",
    "StepKind",
    "frames_in",
    "plan_render",
    "preview_frame",
    "preview_proxy",
    "preview_sheet",
    "proxy_of",
    "render",
]
