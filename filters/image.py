"""One image: its bytes, decoded once, seen at the scale each filter asks for.

`Image(data)` reads the header only. Pixels are decoded at the first view asked for, strictly: a truncated or
zero-filled file raises, it is never padded with grey. Every view is upright (EXIF orientation applied), 8-bit
sRGB, transparency laid over white, first frame of an animation.

Baseline JPEGs go through OpenCV (3.3 ms a megapixel against Pillow's 5.7), everything else through Pillow.
Both use libjpeg-turbo and give the same pixels (tested). Neither notices a JPEG whose tail is missing or zero:
`_check_jpeg` and `_check_png` do.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import struct
import sys
import zlib
from functools import cached_property

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

MAX_PIXELS = 2**27
"""134 megapixels, 400 MB decoded. Larger images are refused by their header."""

MAX_BYTES = 2**28
"""256 MiB of encoded bytes. Larger files are refused unread."""

WORKING_SIDE = 1024
"""Longest side in pixels of the copy that all smaller views are made from."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "PPM")
"""Pillow decoders that may be tried: raster formats only, nothing that runs an interpreter (EPS, PDF, WMF)."""

EXTENSIONS = {
    "JPEG": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "GIF": "gif",
    "BMP": "bmp",
    "TIFF": "tif",
    "AVIF": "avif",
    "JPEG2000": "jp2",
    "PPM": "ppm",
}
"""The file name extension written for each value of `Image.format`."""

PIL.Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # so that Pillow's own guard speaks for what we refuse, and only for that


class Unreadable(ValueError):
    """The image cannot be decoded. The class name is the cause, the message says what was found."""


class Empty(Unreadable):
    """No bytes at all."""


class NotAnImage(Unreadable):
    """The bytes are no known image format."""


class Truncated(Unreadable):
    """The file ends before its pixels do, or its tail is zeros."""


class Corrupt(Unreadable):
    """The pixels cannot be decoded."""


class TooLarge(Unreadable):
    """More pixels or bytes than this program decodes."""


class Image:
    """An encoded image and its views.

    `width` and `height` are those a person sees (after EXIF orientation), `format` one of `EXTENSIONS`.
    Raises a subclass of `Unreadable` from the constructor (header) or from the first view (pixels).
    """

    def __init__(self, data: bytes):
        self.data = data
        header = _open(data)
        self._pil: PIL.Image.Image | None = header
        self._orientation = _orientation(header)
        self.format = {"MPO": "JPEG"}.get(str(header.format), str(header.format))
        self.mode = header.mode
        upright = header.size if self._orientation < 5 else header.size[::-1]
        self.width, self.height = upright
        self._pixels: Pixels | None = None
        self._views: dict[tuple[str, int], Pixels] = {}

    @cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of the encoded bytes."""
        return hashlib.sha256(self.data).hexdigest()

    def pixels(self) -> Pixels:
        """All pixels: uint8, [height, width, 3], RGB. Cached until `shrink`."""
        if self._pixels is None:
            self._pixels = self._decode()
        return self._pixels

    def rgb(self, side: int = WORKING_SIDE) -> Pixels:
        """RGB with the longer side at most `side` px: uint8, [h, w, 3]. Area averaging; never enlarged."""
        if ("rgb", side) not in self._views:
            source = self.rgb(WORKING_SIDE) if side < WORKING_SIDE else self.pixels()
            self._views["rgb", side] = fit(source, side)
        return self._views["rgb", side]

    def grey(self, side: int = WORKING_SIDE) -> Pixels:
        """Luma (Rec. 601) with the longer side at most `side` px: uint8, [h, w]. Area averaging; never enlarged."""
        if ("grey", side) not in self._views:
            self._views["grey", side] = cv2.cvtColor(self.rgb(side), cv2.COLOR_RGB2GRAY)
        return self._views["grey", side]

    def view(self, name: str, side: int, make) -> Pixels:  # type: ignore[no-untyped-def]
        """Whatever `make(self)` computes, cached under (name, side): a result two filters share."""
        if (name, side) not in self._views:
            self._views[name, side] = make(self)
        return self._views[name, side]

    def shrink(self) -> None:
        """Decode, keep the working copy, let the full pixels go: what a batch of images may hold at once."""
        self.rgb(WORKING_SIDE)
        self._pixels = self._pil = None

    def _decode(self) -> Pixels:
        _check_complete(self.format, self.data)
        if self.format == "JPEG" and self.mode in ("L", "RGB"):
            pixels = _decode_jpeg(self.data)
        else:
            pixels = _decode_any(self._pil or _open(self.data))
        self._pil = None
        return _upright(pixels, self._orientation)


def fit(pixels: Pixels, side: int) -> Pixels:
    """`pixels` scaled down by area averaging until the longer side is at most `side`; as it is if it already is."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def tune_process() -> None:
    """Set up a worker process: one thread for OpenCV, and large buffers kept by the allocator.

    glibc gives every freed 3 MB buffer back to the kernel and pays for its page faults again at the next
    image, which costs more than decoding it (7.5 against 3.2 ms a megapixel).
    """
    cv2.setNumThreads(1)
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # absent from musl
        if mallopt:
            m_trim_threshold, m_mmap_threshold = -1, -3
            mallopt(m_mmap_threshold, 2**25)
            mallopt(m_trim_threshold, 2**26)


def _open(data: bytes) -> PIL.Image.Image:
    if not data:
        raise Empty("the file is empty")
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{len(data)} bytes are more than the {MAX_BYTES} that are read")
    try:
        image = PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    except PIL.Image.DecompressionBombError as error:
        raise TooLarge(f"a decompression bomb: {error}") from error
    except PIL.UnidentifiedImageError as error:
        raise _unidentified(data) from error
    except Exception as error:  # decoders of hostile bytes raise anything: struct.error, SyntaxError, OverflowError, …
        raise Corrupt(f"the header cannot be read: {error}") from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise TooLarge(f"{width}×{height} is more than the {MAX_PIXELS} pixels that are decoded")
    return image


def _unidentified(data: bytes) -> Unreadable:
    start = data[:256].lstrip().lower()
    if not data.strip(b"\0"):
        return Truncated(f"all {len(data)} bytes are zero")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return NotAnImage("this is an HTML page")
    if start.startswith((b"<?xml", b"<svg")):
        return NotAnImage("this is XML or SVG, not a raster image")
    if data.startswith(_MAGIC):
        return Truncated(f"the file ends within its header, after {len(data)} bytes")
    return NotAnImage(f"no known image format starts with {data[:8].hex(' ')}")


_MAGIC = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"\0\0\0 ftyp", b"\0\0\0\x1cftyp")


def _orientation(image: PIL.Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where there is none or it is nonsense."""
    if "exif" not in image.info and image.format != "TIFF":
        return 1
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # broken EXIF is no reason to lose the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    turns = {
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: p.transpose(1, 0, 2)[:, ::-1],
        7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
        8: lambda p: p.transpose(1, 0, 2)[::-1],
    }
    return np.ascontiguousarray(turns[orientation](pixels)) if orientation > 1 else pixels


def _decode_jpeg(data: bytes) -> Pixels:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise Corrupt("libjpeg cannot decode the pixels")
    return pixels


def _decode_any(image: PIL.Image.Image) -> Pixels:
    try:
        image.load()
    except Exception as error:
        text = str(error) or type(error).__name__
        raise (Truncated if "truncated" in text.lower() else Corrupt)(text) from error
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
        return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
    if image.mode in ("I", "F"):
        raise Corrupt(f"pixels of mode {image.mode} (32 bits a sample) have no defined black and white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = PIL.Image.new("RGBA", image.size, "white")
        image = PIL.Image.alpha_composite(white, image)
    return np.array(image.convert("RGB"))


def _check_complete(format: str, data: bytes) -> None:
    """Raise `Truncated` where the decoders would pad missing data or accept a tail of zeros in silence."""
    if format == "JPEG":
        _check_jpeg(data)
    elif format == "PNG":
        _check_png(data)
    elif format == "WEBP":
        declared = struct.unpack("<I", data[4:8])[0] + 8
        if len(data) < declared:
            raise Truncated(f"{len(data)} of {declared} bytes are there")
    if format in ("WEBP", "AVIF", "JPEG2000", "GIF") and data.endswith(bytes(64)):
        zeros = len(data) - len(data.rstrip(b"\0"))
        raise Truncated(f"the last {zeros} bytes are zeros")


def _check_jpeg(data: bytes) -> None:
    """Walk the markers to the end-of-image of the main picture (ISO 10918-1, B.1): no EOI, no complete picture."""
    if data.endswith(b"\xff\xd9") and data.find(b"\xff\xd9") == len(data) - 2:
        return
    at, size = 2, len(data)
    while at + 4 <= size:
        if data[at] != 0xFF:
            raise Corrupt(f"no JPEG marker at byte {at}")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker == 0xD9:
            return
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            if marker == 0xDA:
                at = _skip_entropy_coded(data, at)
    if not data[-2:] == b"\xff\xd9":
        raise Truncated(f"no end-of-image marker in {size} bytes{_zero_tail(data)}")


def _skip_entropy_coded(data: bytes, at: int) -> int:
    """Index of the next real marker at or after `at`: not a stuffed zero, not a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        follower = data[at + 1 : at + 2]
        if follower and follower != b"\0" and follower != b"\xff" and not 0xD0 <= follower[0] <= 0xD7:
            return at
        at += 2 if follower != b"\xff" else 1
    return len(data)


def _check_png(data: bytes) -> None:
    """Walk the chunks to IEND, each with its CRC (PNG specification, 5.3)."""
    at, size = 8, len(data)
    while at + 12 <= size:
        length = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > size:
            break
        if name[:1].isupper() and zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise Corrupt(f"chunk {name.decode('latin-1')!r} at byte {at} fails its checksum{_zero_tail(data)}")
        if name == b"IEND":
            return
        at = end
    raise Truncated(f"no IEND chunk in {size} bytes{_zero_tail(data)}")


def _zero_tail(data: bytes) -> str:
    zeros = len(data) - len(data.rstrip(b"\0"))
    return f", the last {zeros} of them zeros" if zeros > 16 else ""
