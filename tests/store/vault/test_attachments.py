"""Files kept with a case: by what is in them, without what a camera wrote into them."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from fujin_cli.core.model.values import ATTACHMENT, Unfit
from fujin_cli.store.vault import attachments
from fujin_cli.store.vault.attachments import Attachments, strip_metadata
from tests.support.kept_files import keep_attachment


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
    with pytest.raises(Unfit, match="not a JPEG, PNG or WebP photo"):
        keep_attachment(kept.root, path, photo=True)
    assert not kept.root.exists()


def test_a_photo_in_another_format_is_refused(kept: Attachments, tmp_path: Path) -> None:
    path = tmp_path / "photo.gif"
    Image.new("RGB", (4, 4)).save(path)
    with pytest.raises(Unfit, match="not a JPEG, PNG or WebP photo"):
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
