"""Files that a crawl brings and a decoder chokes on, each with what may become of it.

`files()` makes them in memory, `write(folder)` puts them on disk. Each either decodes to exactly the pixels
given or is refused with one of the errors given; nothing else is right: no padded pixels, no other exception,
no crash, no hang, no memory for pixels that are not there.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
from numpy.typing import NDArray
from PIL import ImageDraw

Pixels = NDArray[np.uint8]

PHOTO = Path(__file__).parents[1] / "demo/images/people/ski_astronaut.jpg"
WIDTH, HEIGHT = 157, 121
"""Odd, so that subsampled chroma and blocks of 8 do not fit."""


@dataclass(frozen=True)
class Hostile:
    """One file. `path` is relative and may hold bytes that are no UTF-8.

    `pixels` are what it must decode to if it is decoded, None where it must be refused;
    `errors` are the names of the `Unreadable` classes allowed, none where it must decode.
    """

    path: bytes
    data: bytes
    pixels: Pixels | None
    errors: tuple[str, ...]


def write(folder: Path) -> list[Hostile]:
    """Write all files under `folder` and say what they are."""
    hostiles = list(files())
    for hostile in hostiles:
        path = os.path.join(os.fsencode(folder), hostile.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(hostile.data)
    return hostiles


def files() -> Iterator[Hostile]:
    for name, data in encodings().items():
        yield Hostile(b"intact/" + name.encode(), data, reference(data), ())
        yield from cut(name, data)
        yield from zeroed(name, data)
    yield from wrong_extensions()
    yield from rotated()
    yield from odd_shapes()
    yield from bombs()
    yield from no_images()
    yield from odd_names()


def reference(data: bytes) -> Pixels:
    """What Pillow shows of an intact file: upright, over white, 8 bits, the first frame."""
    image: Any = PIL.Image.open(io.BytesIO(data))
    image.load()
    image = PIL.ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        image = PIL.Image.fromarray((np.asarray(image) // 256).astype(np.uint8))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = PIL.Image.alpha_composite(PIL.Image.new("RGBA", image.size, "white"), rgba)
    return np.array(image.convert("RGB"))


def encodings() -> dict[str, bytes]:
    """One intact file of every kind, all of the same small photograph."""
    rgb = photo()
    pixels = np.array(rgb)
    rgba = rgb.copy()
    rgba.putalpha(PIL.Image.linear_gradient("L").resize(rgb.size))
    palette = rgb.quantize(64)
    wide = pixels.astype(np.uint16) * 257
    second = PIL.ImageOps.mirror(rgb)
    frames: dict[str, Any] = {"save_all": True, "append_images": [second]}
    files = {
        "baseline.jpg": save(rgb, "JPEG"),
        "baseline_444.jpg": save(rgb, "JPEG", subsampling=0, optimize=True),
        "restart_markers.jpg": save(rgb, "JPEG", restart_marker_rows=1),
        "progressive.jpg": save(rgb, "JPEG", progressive=True),
        "grey.jpg": save(rgb.convert("L"), "JPEG"),
        "cmyk.jpg": save(rgb.convert("CMYK"), "JPEG"),
        "adobe_rgb.jpg": save(rgb, "JPEG", keep_rgb=True),
        "thumbnail.jpg": with_thumbnail(save(rgb, "JPEG"), save(rgb.resize((40, 30)), "JPEG")),
        "motion_photo.jpg": save(rgb, "JPEG") + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 8,
        "padded_after_end.jpg": save(rgb, "JPEG") + bytes(2000),
        "two_pictures.mpo.jpg": save(rgb, "MPO", **frames),
        "rgb.png": save(rgb, "PNG"),
        "rgba.png": save(rgba, "PNG"),
        "grey.png": save(rgb.convert("L"), "PNG"),
        "grey_alpha.png": save(rgba.convert("LA"), "PNG"),
        "palette_transparent.png": save(palette, "PNG", transparency=bytes(range(0, 256, 4))),
        "colour_key.png": save(rgb, "PNG", transparency=rgb.getpixel((3, 3))),
        "bilevel.png": save(rgb.convert("1"), "PNG"),
        "grey16.png": save(PIL.Image.fromarray(wide[..., 1]), "PNG"),
        "rgb16.png": cv2.imencode(".png", wide)[1].tobytes(),
        "interlaced.png": interlaced_png(pixels),
        "animated.png": save(rgb, "PNG", **frames),
        "lossy.webp": save(rgb, "WEBP"),
        "lossless.webp": save(rgb, "WEBP", lossless=True),
        "alpha.webp": save(rgba, "WEBP"),
        "animated.webp": save(rgb, "WEBP", **frames),
        "still.gif": save(palette, "GIF"),
        "animated.gif": save(palette, "GIF", **frames),
        "transparent.gif": save(palette, "GIF", transparency=palette.getpixel((3, 3))),
        "raw.tif": save(rgb, "TIFF"),
        "lzw.tif": save(rgb, "TIFF", compression="tiff_lzw"),
        "deflate.tif": save(rgb, "TIFF", compression="tiff_adobe_deflate"),
        "packbits.tif": save(rgb, "TIFF", compression="packbits"),
        "jpeg.tif": save(rgb, "TIFF", compression="jpeg"),
        "rgba.tif": save(rgba, "TIFF", compression="tiff_lzw"),
        "cmyk.tif": save(rgb.convert("CMYK"), "TIFF", compression="tiff_lzw"),
        "grey16.tif": save(PIL.Image.fromarray(wide[..., 1]), "TIFF"),
        "rgb.bmp": save(rgb, "BMP"),
        "palette.bmp": save(palette, "BMP"),
        "rgb.ppm": save(rgb, "PPM"),
        "boxed.jp2": save(rgb, "JPEG2000"),
        "codestream.j2k": save(rgb, "JPEG2000", no_jp2=True),
    }
    if "AVIF" in PIL.Image.SAVE:
        files |= {"still.avif": save(rgb, "AVIF"), "animated.avif": save(rgb, "AVIF", **frames)}
    return files


def photo() -> PIL.Image.Image:
    return PIL.Image.open(PHOTO).convert("RGB").resize((WIDTH, HEIGHT))


def save(image: PIL.Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def cut(name: str, data: bytes) -> Iterator[Hostile]:
    """Ends at every tenth, and one byte early."""
    for label, length in [*((f"{tenth}0", len(data) * tenth // 10) for tenth in range(1, 10)), ("last", len(data) - 1)]:
        # A directory at the end of a TIFF that lacks a byte is unreadable; why, nobody can tell.
        errors = ("Truncated", "Corrupt") if name.endswith(".tif") else ("Truncated",)
        yield Hostile(f"cut/{label}_{name}".encode(), data[:length], reference(data), errors)


STORED = ("raw.tif", "grey16.tif", "rgb.bmp", "palette.bmp", "rgb.ppm")
"""Uncompressed: zeros are black pixels there, nothing tells them from a black picture."""


def zeroed(name: str, data: bytes) -> Iterator[Hostile]:
    """The file system gave the length but lost the tail."""
    for tenth in range(1, 10):
        length = len(data) * tenth // 10
        zeros = data[:length] + bytes(len(data) - length)
        pixels = reference(zeros if name in STORED else data)
        yield Hostile(f"zeroed/{tenth}0_{name}".encode(), zeros, pixels, ("Truncated", "Corrupt"))


def wrong_extensions() -> Iterator[Hostile]:
    for name, data in (("jpeg.png", save(photo(), "JPEG")), ("png.jpg", save(photo(), "PNG"))):
        yield Hostile(b"wrong_extension/" + name.encode(), data, reference(data), ())
        yield Hostile(b"wrong_extension/none_" + name[:-4].encode(), data, reference(data), ())


def rotated() -> Iterator[Hostile]:
    """All eight EXIF orientations, and two values that are none."""
    for format, extension in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("TIFF", "tif"), ("AVIF", "avif")):
        for orientation in (0, 1, 2, 3, 4, 5, 6, 7, 8, 77):
            if format not in PIL.Image.SAVE:
                continue
            exif = PIL.Image.Exif()
            exif[0x0112] = orientation
            data = save(photo(), format, exif=exif)
            yield Hostile(f"rotated/{orientation}.{extension}".encode(), data, reference(data), ())


def odd_shapes() -> Iterator[Hostile]:
    for width, height in ((1, 1), (30_000, 1), (1, 30_000)):
        strip = np.linspace(0, 255, width * height * 3).astype(np.uint8).reshape(height, width, 3)
        for format, extension in (("PNG", "png"), ("JPEG", "jpg")):
            data = save(PIL.Image.fromarray(strip), format)
            yield Hostile(f"shapes/{width}x{height}.{extension}".encode(), data, reference(data), ())


def bombs(side: int = 50_000) -> Iterator[Hostile]:
    """A valid header for 2.5 gigapixels in front of a few bytes."""
    short = struct.pack("<HH", side, side)
    screen = b"GIF89a" + short + b"\x80\0\0" + bytes(6)
    frame = b"," + bytes(4) + short + b"\0" + b"\x02\x02\x4c\x01\0;"
    bmp = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 1000, 0, 0, 54, 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    small = save(photo(), "JPEG")
    start = small.index(b"\xff\xc0") + 5
    jpeg = small[:start] + struct.pack(">HH", side, side) + small[start + 4 :]
    tiff = save(PIL.Image.new("RGB", (1, 1)), "TIFF")
    entry = struct.pack("<HHI", 256, 4, 1), struct.pack("<HHI", 257, 4, 1)
    for tag in entry:
        at = tiff.index(tag)
        tiff = tiff[: at + 8] + struct.pack("<I", side) + tiff[at + 12 :]
    headers = {
        "bomb.png": png(side, side, zlib.compress(bytes(4096))),
        "bomb.jpg": jpeg,
        "bomb.gif": screen + frame,
        "bomb.bmp": bmp + bytes(1000),
        "bomb.tif": tiff,
        "bomb.ppm": f"P6 {side} {side} 255\n".encode() + bytes(1000),
    }
    for name, data in headers.items():
        yield Hostile(b"bombs/" + name.encode(), data, None, ("TooLarge",))
    yield Hostile(b"bombs/a_thousand_scans.jpg", many_scans(1000), None, ("TooLarge",))


def no_images() -> Iterator[Hostile]:
    page = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n"
    yield Hostile(b"none/page.jpg", page, None, ("NotAnImage",))
    yield Hostile(b"none/drawing.png", b'<?xml version="1.0"?><svg xmlns="x"/>', None, ("NotAnImage",))
    yield Hostile(b"none/document.jpg", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", None, ("NotAnImage",))
    yield Hostile(b"none/postscript.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", None, ("NotAnImage",))
    sound = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + bytes(20)
    yield Hostile(b"none/sound.webp", sound, None, ("NotAnImage",))
    yield Hostile(b"none/empty.jpg", b"", None, ("Empty",))
    yield Hostile(b"none/zeros.jpg", bytes(5000), None, ("Truncated",))
    noise = np.random.default_rng(0)
    for index in range(6):
        yield Hostile(f"none/noise_{index}.jpg".encode(), noise.bytes(3000), None, ("NotAnImage",))
    starts = {
        "jpg": b"\xff\xd8\xff\xe0",
        "png": b"\x89PNG\r\n\x1a\n",
        "gif": b"GIF89a",
        "webp": b"RIFF\xb8\x0b\0\0WEBPVP8 ",
    }
    for extension, start in starts.items():
        path = f"none/noise_after_magic.{extension}".encode()
        yield Hostile(path, start + noise.bytes(3000), None, ("Corrupt", "Truncated", "TooLarge"))


def odd_names() -> Iterator[Hostile]:
    """Names that would leave the output folder, break a line, or break a string, were they taken at their word."""
    for index, path in enumerate(
        (
            b"names/line\nbreak.jpg",
            b"names/..%2f..%2f..%2fescape.jpg",
            b"names/%2e%2e/%2e%2e/escape.jpg",
            b"names/.../..escape...jpg",
            b"names/..\\..\\escape.jpg",
            b"names/latin-1 \xe9t\xe9 \xff.jpg",
            "names/\u202egnp.jpg".encode(),
            "names/图像 🖼.jpg".encode(),
            b"names/quote\"'<b>&amp;$(x);{}%s.jpg",
            b"names/tab\tand\rreturn.jpg",
            b"names/" + b"long" * 60 + b".jpg",
            b"names/.hidden.jpg",
            b"names/UPPER.JPG",
        )
    ):
        data = save(numbered(index), "JPEG")
        yield Hostile(path, data, reference(data), ())


def numbered(index: int) -> PIL.Image.Image:
    """A picture like no other of this folder: dedup has nothing to find."""
    noise = np.random.default_rng(index).integers(0, 256, (6, 8, 3), np.uint8)
    image = PIL.Image.fromarray(noise).resize((WIDTH, HEIGHT), PIL.Image.Resampling.BICUBIC)
    ImageDraw.Draw(image).text((20, 40), str(index), "white")
    return image


def with_thumbnail(jpeg: bytes, thumbnail: bytes) -> bytes:
    """`jpeg` with an EXIF segment that holds a whole JPEG: its end-of-image is not that of the picture."""
    offset = 8 + 2 + 12 * 3 + 4 + 2
    entry = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in ((0x201, offset + 24), (0x202, len(thumbnail)))]
    first = struct.pack("<H", 0) + struct.pack("<I", 14)
    second = struct.pack("<H", 2) + b"".join(entry) + struct.pack("<I", 0)
    tiff = (b"II*\0" + struct.pack("<I", 8) + first + second).ljust(offset + 24, b"\0") + thumbnail
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def many_scans(count: int) -> bytes:
    """A progressive JPEG that says the last of its scans `count` times: each costs a pass over all pixels."""
    data = save(photo().convert("L"), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def png(width: int, height: int, compressed: bytes, interlace: int = 0) -> bytes:
    """An 8-bit RGB PNG around a zlib stream."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", compressed) + chunk(b"IEND", b"")


def interlaced_png(pixels: Pixels) -> bytes:
    """Adam7 (PNG specification, 8.2), which Pillow reads but does not write."""
    passes = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
    rows = (row for y, x, dy, dx in passes for row in pixels[y::dy, x::dx])
    height, width = pixels.shape[:2]
    return png(width, height, zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows)), interlace=1)
