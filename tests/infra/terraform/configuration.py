"""The Terraform configuration as text: its blocks and what refers to what, without a provider or a network."""

import re
from pathlib import Path

from infra.manifest import ROOT

FOLDER = ROOT / "infra" / "terraform"

_COMMENT = re.compile(r"(?m)^\s*#.*$")
_BLOCK = re.compile(r'(?m)^(resource|data|ephemeral|variable|module|output) "([^"]+)"(?: "([^"]+)")? \{$')
_LOCALS = re.compile(r"(?ms)^locals \{$(.*?)^\}$")
_LOCAL = re.compile(r"(?m)^  (\w+)\s*=")
_REFERENCE = re.compile(
    r"\b(?:(?P<data>data)\.|(?P<ephemeral>ephemeral)\.)?(?P<type>(?:google|archive|random)_\w+)\.(?P<name>\w+)"
    r"|\b(?P<kind>var|local|module)\.(?P<short>\w+)"
)


def files(folder: Path = FOLDER) -> dict[str, str]:
    """The text of each .tf file of a folder, without comments."""
    return {path.name: _COMMENT.sub("", path.read_text()) for path in sorted(folder.glob("*.tf"))}


def declared(folder: Path = FOLDER) -> set[str]:
    """Everything that can be referred to: `google_x.y`, `data.google_x.y`, `var.z`, `local.z`, `module.m`."""
    found = set()
    for text in files(folder).values():
        for kind, first, second in _BLOCK.findall(text):
            prefix = {"variable": "var.", "module": "module.", "data": "data.", "ephemeral": "ephemeral."}.get(kind, "")
            if kind != "output":
                found.add(f"{prefix}{first}.{second}" if second else f"{prefix}{first}")
        for body in _LOCALS.findall(text):
            found |= {f"local.{name}" for name in _LOCAL.findall(body)}
    return found


def referred(folder: Path = FOLDER) -> set[str]:
    """Everything that is referred to, in the form of `declared`."""
    found = set()
    for text in files(folder).values():
        for match in _REFERENCE.finditer(text):
            if match["kind"]:
                found.add(f"{match['kind']}.{match['short']}")
            else:
                prefix = match["data"] or match["ephemeral"]
                found.add(f"{prefix + '.' if prefix else ''}{match['type']}.{match['name']}")
    return found
