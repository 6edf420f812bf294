"""Store attachments by content: one file for each SHA-256; metadata (place, time) is removed from photos."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

from fujin_cli.core.model.values import Unfit
from fujin_cli.core.text.localized import say
from fujin_cli.store.files.staged_file import StagedFile

LARGEST = 20 * 1024 * 1024  # bytes
PHOTOS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}


class Attachments:
    """Store files in the folder ``data/attachments``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stage(self, path: Path, photo: bool) -> tuple[str, StagedFile]:
        """Write a copy of a file for an operation to publish; returns its reference.

        Raises Unfit if it is too large, unreadable or no photo.
        """
        try:
            content = path.read_bytes()
        except OSError as problem:
            why = problem.strerror or ""
            raise Unfit(say("{path} cannot be read: {problem}", path=str(path), problem=why)) from None
        if len(content) > LARGEST:
            raise Unfit(say("{path} is larger than {count} MB", path=str(path), count=LARGEST // 1024 // 1024))
        suffix = path.suffix.lower() if re.fullmatch(r"\.[a-z0-9]{1,8}", path.suffix.lower()) else ""
        if photo or suffix in (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".tif", ".tiff"):
            content, suffix = strip_metadata(content, str(path))
        name = hashlib.sha256(content).hexdigest() + suffix
        target = self.root / name[:2] / name
        return f"sha256:{name}", StagedFile(target, content, self.root.parent.parent, by_content=True)


def strip_metadata(content: bytes, name: str) -> tuple[bytes, str]:
    """Decode a photo and encode only its picture again; returns the bytes and the file suffix. Raises Unfit."""
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        raise Unfit(say("photos need the extra `photos`: pip install 'fujin[photos]'")) from None
    try:
        with Image.open(io.BytesIO(content)) as image:
            format = image.format or ""
            if format not in PHOTOS:
                raise Unfit(say("{path} is not a JPEG, PNG or WebP photo", path=name))
            upright = ImageOps.exif_transpose(image)
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
            out = io.BytesIO()
            clean.save(out, format=format, **({"quality": 90} if format == "JPEG" else {}))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Unfit(say("{path} is not a JPEG, PNG or WebP photo", path=name)) from None
    return out.getvalue(), PHOTOS[format]
