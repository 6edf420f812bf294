"""Take the picture out of a photo: place, time and everything else that the camera wrote is left behind.

The number of pixels is checked before any of them is decoded: half a megabyte can hold a picture of two gigabytes.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, Any

from fujin_cli.core.model.values import Unfit
from fujin_cli.core.text.localized import LocalizedText, say

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 65_000_000  # cameras of phones have up to 64 megapixels; two copies take half a gigabyte
# Format of the decoder → (format that is written, suffix). MPO is a JPEG of a phone that carries a second picture
# (CIPA DC-007, Multi-Picture Format): the depth, or the picture before its filter.
_FORMATS = {"JPEG": ("JPEG", ".jpg"), "MPO": ("JPEG", ".jpg"), "PNG": ("PNG", ".png"), "WEBP": ("WEBP", ".webp")}
_ACCEPTED = ("JPEG", "PNG", "WebP")
# The first bytes of pictures. The brands of HEIC and AVIF follow the word ftyp (ISO 23008-12).
_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
# What decoders raise for damaged files besides OSError.
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    ArithmeticError,
    LookupError,
    TypeError,
    EOFError,
    struct.error,
    zlib.error,
)


def find_picture_format(content: bytes) -> str | None:
    """Tell the format of a picture by its first bytes, whatever the file is called; None for what is no picture."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP"
    if content[4:8] == b"ftyp":
        brands = {content[8:12], *(content[at : at + 4] for at in range(16, min(len(content), 64), 4))}
        if brands.intersection(_AVIF_BRANDS):
            return "AVIF"
        return "HEIC" if brands.intersection(_HEIC_BRANDS) else None
    return next((format for signature, format in _SIGNATURES if content.startswith(signature)), None)


def may_say_where(content: bytes) -> bool:
    """Whether a file is a picture whose metadata can hold the place where it was taken."""
    return find_picture_format(content) in ("JPEG", "PNG", "WebP", "HEIC", "AVIF", "TIFF")


def strip_metadata(content: bytes, name: str) -> tuple[bytes, str]:
    """Decode a photo and encode only its picture again; returns the bytes and the file suffix. Raises Unfit."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise Unfit(say("photos need the extra `photos`: pip install 'fujin[photos]'")) from None
    _check_format(content, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures and odd metadata: they are checked here
            with Image.open(io.BytesIO(content)) as image:
                if image.format not in _FORMATS:
                    raise Unfit(_wrong_format(name, image.format or "?"))
                if image.width * image.height > MOST_PIXELS:
                    raise Unfit(_too_many_pixels(name))
                format, suffix = _FORMATS[image.format]
                return _encode(_copy_picture(image), format), suffix
    except Image.DecompressionBombError:
        raise Unfit(_too_many_pixels(name)) from None
    except _DAMAGE as problem:
        raise Unfit(_damaged(name, "" if isinstance(problem, UnidentifiedImageError) else str(problem))) from None


def _check_format(content: bytes, name: str) -> None:
    if not content:
        raise Unfit(say("{path} is empty", path=name))
    format = find_picture_format(content)
    if format == "HEIC":
        raise Unfit(
            say(
                "{path} is a HEIC photo, which cannot be read; send it as JPEG, or set the camera to the most "
                "compatible format",
                path=name,
            )
        )
    if format is None:
        raise Unfit(say("{path} is not a picture; photos are {formats}", path=name, formats=_ACCEPTED))
    if format not in _ACCEPTED:
        raise Unfit(_wrong_format(name, format))


def _wrong_format(name: str, format: str) -> LocalizedText:
    return say(
        "{path} is a picture in the format {format}; photos are {formats}",
        path=name,
        format=format,
        formats=_ACCEPTED,
    )


def _too_many_pixels(name: str) -> LocalizedText:
    millions = MOST_PIXELS // 10**6
    return say("{path} has more than {count} million pixels; send it in a smaller size", path=name, count=millions)


def _damaged(name: str, reason: str) -> LocalizedText:
    if not reason:
        return say("{path} is damaged, or was not copied to its end", path=name)
    return say("{path} is damaged, or was not copied to its end: {reason}", path=name, reason=reason)


def _copy_picture(image: Image) -> Image:
    """Decode the picture, upright as the camera held it, and copy its pixels into an image that holds nothing else."""
    from PIL import Image as pillow  # noqa: N813 - Image is its class here
    from PIL import ImageOps

    try:
        ImageOps.exif_transpose(image, in_place=True)
    except _DAMAGE:
        image.load()  # its metadata are damaged, but the picture may not be
    upright: Any = image
    if image.mode == "P":  # colours by number, from a palette that a copy of pixels would lose
        upright = image.convert("RGBA" if "transparency" in image.info else "RGB")
    clean = pillow.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def _encode(image: Image, format: str) -> bytes:
    out = io.BytesIO()
    image.save(out, format=format, **({"quality": 90} if format == "JPEG" else {}))
    return out.getvalue()
