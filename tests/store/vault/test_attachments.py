"""Files kept with a case: by what is in them, without what a camera wrote into them."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from fujin_cli.core.model.values import ATTACHMENT, Unfit
from fujin_cli.store.vault import attachments
from fujin_cli.store.vault.attachments import Attachments
from fujin_cli.store.vault.photos import strip_metadata
from tests.support.kept_files import keep_attachment
from tests.support.paths import ROOT


@pytest.fixture
def kept(tmp_path: Path) -> Attachments:
    return Attachments(tmp_path / "data" / "attachments")


def photo(format: str) -> bytes:
    """A photo that says in every way its format has who took it, and where."""
    image, more = Image.new("RGB", (24, 16), (90, 120, 60)), {}
    exif = Image.Exif()
    exif[0x010F] = "SECRET maker"
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0112] = 6  # it lies on its side
    if format == "JPEG":
        more = {"comment": b"SECRET comment", "xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>"}
    elif format == "PNG":
        texts = PngInfo()
        texts.add_text("Comment", "SECRET text")
        more = {"pnginfo": texts}
    out = io.BytesIO()
    image.save(out, format=format, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize(("format", "suffix"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp")])
def test_nothing_but_the_picture_is_left_of_a_photo(format: str, suffix: str) -> None:
    before = photo(format)
    assert b"SECRET" in before
    after, found = strip_metadata(before, "photo")
    assert (found, b"SECRET" in after) == (suffix, False)
    with Image.open(io.BytesIO(after)) as image:
        assert not image.getexif()
        assert image.size == (16, 24)  # upright, as the camera held it


def test_a_file_called_a_photo_is_stripped_wherever_it_is_put(kept: Attachments, tmp_path: Path) -> None:
    path = tmp_path / "scan.JPEG"
    path.write_bytes(photo("JPEG"))
    reference = keep_attachment(kept.root, path, photo=False)
    assert ATTACHMENT.fullmatch(reference) and reference.endswith(".jpg")
    assert keep_attachment(kept.root, path, photo=True) == reference  # by what is in it: kept once
    [found] = [path for path in kept.root.rglob("*") if path.is_file()]
    assert b"SECRET" not in found.read_bytes()


def test_another_file_is_kept_as_it_is(kept: Attachments, tmp_path: Path) -> None:
    path = tmp_path / "minutes.pdf"
    path.write_bytes(b"%PDF minutes")
    assert keep_attachment(kept.root, path, photo=False).endswith(".pdf")
    odd = tmp_path / "minutes.a b"
    odd.write_bytes(b"no suffix that a file's name should have")
    assert "." not in keep_attachment(kept.root, odd, photo=False)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0 cut off", b"no photo"])
def test_what_is_no_photo_is_refused(kept: Attachments, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(data)
    with pytest.raises(Unfit, match=r"is empty|in the format GIF|is damaged|is not a picture"):
        keep_attachment(kept.root, path, photo=True)
    assert not kept.root.exists()


def test_a_photo_in_another_format_is_refused(kept: Attachments, tmp_path: Path) -> None:
    path = tmp_path / "photo.gif"
    Image.new("RGB", (4, 4)).save(path)
    with pytest.raises(Unfit, match="in the format GIF"):
        keep_attachment(kept.root, path, photo=True)


def test_what_is_too_large_or_cannot_be_read_is_refused(
    kept: Attachments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unfit, match="cannot be read"):
        keep_attachment(kept.root, tmp_path, photo=False)
    path = tmp_path / "notes.txt"
    path.write_bytes(b"four")
    monkeypatch.setattr(attachments, "LARGEST", 3)
    with pytest.raises(Unfit, match="is larger than"):
        keep_attachment(kept.root, path, photo=False)


def test_without_the_extra_no_photo_is_kept_unstripped(
    kept: Attachments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo("JPEG"))
    absent: Any = None
    monkeypatch.setitem(sys.modules, "PIL", absent)
    with pytest.raises(Unfit, match="photos need the extra"):
        keep_attachment(kept.root, path, photo=True)
    assert not kept.root.exists()


def picture(mode: str = "RGB", size: tuple[int, int] = (24, 16)) -> Image.Image:
    image = Image.new("RGB", size, (90, 120, 60))
    image.putpixel((0, 0), (250, 10, 10))
    return image.convert(mode)


def saved(image: Image.Image, format: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format=format, **more)
    return out.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Unfit) as caught:
        strip_metadata(content, "a.jpg")
    return str(caught.value.message)


def test_a_photo_of_a_phone_with_a_second_picture_is_its_first_one() -> None:
    """Phones write the depth or the unfiltered picture behind the JPEG (MPF); Pillow calls the format MPO."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET maker"
    content = saved(picture(), "MPO", save_all=True, append_images=[picture(size=(8, 8))], exif=exif)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.n_frames) == ("MPO", 2)
    after, suffix = strip_metadata(content, "photo")
    assert (suffix, b"SECRET" in after) == (".jpg", False)
    with Image.open(io.BytesIO(after)) as image:
        assert (image.format, image.size, getattr(image, "n_frames", 1)) == ("JPEG", (24, 16), 1)


def test_what_follows_the_picture_is_left_behind() -> None:
    """A motion photo is a JPEG with a film behind it."""
    after, _suffix = strip_metadata(saved(picture(), "JPEG") + b"\0\0\0\x18ftypmp42 SECRET film", "photo")
    assert b"SECRET" not in after


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        *(("P", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("RGBA", "PNG")),
        *(("CMYK", "JPEG"), ("L", "JPEG"), ("RGBA", "WEBP")),
    ],
)
def test_colours_stay_what_they_were(mode: str, format: str) -> None:
    image = picture(mode)
    after, _suffix = strip_metadata(saved(image, format), "photo")
    with Image.open(io.BytesIO(after)) as kept_image:
        shown, before = kept_image.convert("RGB"), image.convert("RGB")
        differences = [abs(a - b) for a, b in zip(shown.getpixel((9, 9)), before.getpixel((9, 9)), strict=True)]
        assert max(differences) < 12


def test_broken_metadata_do_not_spoil_a_photo() -> None:
    content = saved(picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert strip_metadata(content, "photo")[1] == ".jpg"


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40


def test_each_refusal_says_its_reason() -> None:
    assert refusal(HEIC).startswith("a.jpg is a HEIC photo, which cannot be read; send it as JPEG")
    assert "is a HEIC photo" in refusal(b"\0\0\0\x1cftypmif1\0\0\0\0heixmiaf" + b"\0" * 40)
    assert refusal(b"\0\0\0\x1cftypavif\0\0\0\0mif1avif") == (
        "a.jpg is a picture in the format AVIF; photos are JPEG, PNG, WebP"
    )
    assert "in the format GIF" in refusal(saved(picture("P"), "GIF"))
    assert "in the format TIFF" in refusal(saved(picture(), "TIFF"))
    assert "in the format BMP" in refusal(saved(picture(), "BMP"))
    assert refusal(b"") == "a.jpg is empty"
    assert refusal(b"%PDF-1.7") == "a.jpg is not a picture; photos are JPEG, PNG, WebP"
    for format in ("JPEG", "PNG", "WEBP"):
        content = saved(picture(size=(400, 300)), format)
        assert "is damaged, or was not copied to its end" in refusal(content[: len(content) // 2])
        assert "is damaged" in refusal(content[:30])


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "MPO"]), st.data())
@settings(max_examples=150)
def test_a_damaged_photo_is_refused_or_read_and_nothing_else(format: str, data: st.DataObject) -> None:
    content = bytearray(saved(picture(), format))
    for _flip in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unfit):
        strip_metadata(bytes(content), "a.jpg")


def bomb(width: int, height: int) -> bytes:
    """A PNG of so many black pixels: a thousandth of what they take in memory."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer, row = zlib.compressobj(9), b"\0" * (3 * width + 1)
    rows = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


WEBP_BOMB = b"RIFF\xe2\x07\0\0WEBPVP8L\xd5\x07\0\0\x2f" + struct.pack("<I", 16382 | 16382 << 14) + b"\0" * 2001


@pytest.mark.parametrize("content", [bomb(9000, 8000), WEBP_BOMB], ids=["png", "webp"])
def test_pixels_are_counted_before_they_are_decoded(content: bytes) -> None:
    """In a process whose memory may grow by little only: 9000 × 8000 pixels would take 216 MB, three times over."""
    script = (
        "import re, sys\n"
        "from fujin_cli.core.model.values import Unfit\n"
        "from fujin_cli.store.vault.photos import strip_metadata\n"
        "try:\n"
        "    strip_metadata(sys.stdin.buffer.read(), 'a.png')\n"
        "except Unfit as unfit:\n"
        "    print(unfit.message)\n"
        "peak = re.search('VmHWM: +([0-9]+) kB', open('/proc/self/status').read().replace(chr(9), ' '))\n"
        "print(int(peak[1]) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=content, capture_output=True, cwd=ROOT, check=True)
    message, megabytes = done.stdout.decode().splitlines()
    assert message == "a.png has more than 65 million pixels; send it in a smaller size"
    assert int(megabytes) < 120
    assert done.stderr == b""


def test_a_picture_is_known_by_its_content_whatever_it_is_called(kept: Attachments, tmp_path: Path) -> None:
    path = tmp_path / "scan.dat"
    path.write_bytes(photo("JPEG"))
    assert keep_attachment(kept.root, path, photo=False).endswith(".jpg")
    [found] = [path for path in kept.root.rglob("*") if path.is_file()]
    assert b"SECRET" not in found.read_bytes()
    path.write_bytes(HEIC)
    with pytest.raises(Unfit, match="HEIC"):
        keep_attachment(kept.root, path, photo=False)
    path.write_bytes(b"BM 2026: minutes")
    assert keep_attachment(kept.root, path, photo=False).endswith(".dat")


def test_a_file_without_end_is_not_read_to_its_end(kept: Attachments) -> None:
    with pytest.raises(Unfit, match="is larger than 20 MB"):
        keep_attachment(kept.root, Path("/dev/zero"), photo=False)
