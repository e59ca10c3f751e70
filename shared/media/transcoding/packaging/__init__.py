"""Packaging: pictures and sound that are coded already, into what is played. Nothing is encoded again."""

from shared.media.transcoding.packaging.package import package

__all__ = ["package"]
