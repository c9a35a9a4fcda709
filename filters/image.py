"""One image: its bytes, decoded once, seen at the scale each filter asks for.

`Image(data)` reads the header only. Pixels are decoded at the first view asked for, strictly: a truncated or
zero-filled file raises, it is never padded with grey. Every view is upright (EXIF orientation applied), 8 bits
a channel, transparency laid over white, first frame of an animation. 16 bits are cut to their upper 8. Colour
profiles are not applied: a picture in Adobe RGB is read as sRGB.

JPEGs go through OpenCV (3.3 ms a megapixel against Pillow's 5.7), everything else and CMYK through Pillow.
Both use libjpeg-turbo and give the same pixels (tested). Neither notices a missing tail: `filters.complete` does,
and says what nobody can notice. libjpeg's warnings, which reach nobody but the terminal, are not used:
of 121 real JPEGs, 4 KB of noise in the middle is found in 116, a 4 KB hole of zeros in 77, a tail cut off and
closed with an end marker in all 114 baseline ones and none of the 7 progressive.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import os
import sys
import warnings
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
from numpy.typing import NDArray

from filters.complete import check_complete, end_of_jpeg, kind, without_spare_zeros
from filters.unreadable import Corrupt, Empty, NotAnImage, TooLarge, Truncated, Unreadable, Unsupported

Pixels = NDArray[np.uint8]

MAX_PIXELS = 2**27
"""134 megapixels, 400 MB decoded. Larger images are refused by their header."""

MAX_BYTES = 2**28
"""256 MiB of encoded bytes. Larger files are refused unread."""

WORKING_SIDE = 1024
"""The copy that all views are made from is halved until its longer side in pixels is less than twice this."""

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

PIL.Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow warns above this and refuses above twice this
warnings.filterwarnings("ignore", module=r"PIL\.")  # what matters of them is raised here, by image


# Intel's IPP inside OpenCV gives numbers that hang on where in memory an image lies: 61.953236 or 61.953235 for the
# same file. OpenCV reads this when it is first used; its switch of the same name is for one thread only.
os.environ["OPENCV_IPP"] = "disabled"
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # else it warns of that at every start


class Image:
    """An encoded image and its views.

    `annotation` is what is known of the image beforehand, JSON text, and `caption` what it is said to show; None where
    there is none. `width` and `height` are those a person sees (after EXIF orientation), `format` one of `EXTENSIONS`.
    Raises a subclass of `Unreadable` from the constructor (header) or from the first view (pixels).
    """

    def __init__(self, data: bytes, annotation: str | None = None, caption: str | None = None):
        self.data, self.annotation, self.caption = data, annotation, caption
        header = _open(data)
        self._pil: PIL.Image.Image | None = header
        self._orientation = _orientation(header)
        self.format = {"MPO": "JPEG"}.get(str(header.format), str(header.format))
        self.mode = header.mode
        upright = header.size if self._orientation < 5 else header.size[::-1]
        self.width, self.height = upright
        self._pixels: Pixels | None = None
        self._views: dict[tuple[str, int], Any] = {}

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
        """RGB with the longer side at most `side` px: uint8, [h, w, 3]. See `fit`; never enlarged."""
        if ("rgb", side) not in self._views:
            self._views["rgb", side] = fit(self._halved("rgb", side), side)
        return cast(Pixels, self._views["rgb", side])

    def grey(self, side: int = WORKING_SIDE) -> Pixels:
        """Luma (Rec. 601) with the longer side at most `side` px: uint8, [h, w]. See `fit`; never enlarged."""
        if ("grey", side) not in self._views:
            self._views["grey", side] = fit(self._halved("grey", side), side)
        return cast(Pixels, self._views["grey", side])

    def _halved(self, kind: str, side: int) -> Pixels:
        """The smallest of the successive halves whose longer side is at least `side`; all views share them."""
        half, level = self._working(kind), 0
        while max(half.shape) >= 2 * side:
            level += 1
            if (f"{kind} halved", level) not in self._views:
                self._views[f"{kind} halved", level] = halve(half)
            half = self._views[f"{kind} halved", level]
        return half

    def _working(self, kind: str) -> Pixels:
        if ("working", 0) not in self._views:
            self._views["working", 0] = halve_to(self.pixels(), WORKING_SIDE)
        colour = self._views["working", 0]
        if kind == "rgb":
            return cast(Pixels, colour)
        if ("grey working", 0) not in self._views:
            self._views["grey working", 0] = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
        return cast(Pixels, self._views["grey working", 0])

    def view(self, name: str, side: int, make: Callable[[Image], Any]) -> Any:
        """Whatever `make(self)` computes, cached under (name, side): a result two filters share."""
        if (name, side) not in self._views:
            self._views[name, side] = make(self)
        return self._views[name, side]

    def shrink(self) -> None:
        """Decode, keep a working copy of less than 2048 px a side, let the full pixels go."""
        self._working("rgb")
        self._pixels = self._pil = None

    def _decode(self) -> Pixels:
        check_complete(self.data)
        if self.format == "JPEG" and self.mode in ("L", "RGB"):
            pixels = _decode_jpeg(self.data)
        else:
            pixels = _decode_any(self._pil or _open(self.data), self.data)
        self._pil = None
        return _upright(pixels, self._orientation)


def fit(pixels: Pixels, side: int) -> Pixels:
    """`pixels` (uint8, [h, w] or [h, w, 3]) scaled down until the longer side is `side`; as they are if they fit.

    Exact halves first, by averaging; the rest, less than a factor of two, by a Gaussian (standard deviation
    (factor - 1) / 2, as scikit-image's resize has it) and linear interpolation. OpenCV's averaging by a factor
    that is not whole takes ten times as long.
    """
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    pixels = halve_to(pixels, side)
    factor = max(pixels.shape[:2]) / side
    smooth = cv2.GaussianBlur(pixels, (3, 3), (factor - 1) / 2) if factor > 1.1 else pixels
    return cast(Pixels, cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR))


def halve_to(pixels: Pixels, side: int) -> Pixels:
    """`pixels` halved until the longer side is less than twice `side`."""
    while max(pixels.shape[:2]) >= 2 * side:
        pixels = halve(pixels)
    return pixels


def halve(pixels: Pixels) -> Pixels:
    """Averages of 2 × 2 pixels; an odd last row or column is left out, a side of one pixel stays."""
    height, width = pixels.shape[:2]
    even = pixels[: height // 2 * 2 or 1, : width // 2 * 2 or 1]
    size = max(1, width // 2), max(1, height // 2)
    return cast(Pixels, cv2.resize(even, size, interpolation=cv2.INTER_AREA))


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
        raise TooLarge(f"a decompression bomb: {str(error).partition(',')[0]}") from error
    except Exception as error:  # decoders of hostile bytes raise anything: struct.error, SyntaxError, OverflowError, …
        raise _unopened(data, error) from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise TooLarge(f"{width}×{height} is more than the {MAX_PIXELS} pixels that are decoded")
    return image


def _unopened(data: bytes, error: Exception) -> Unreadable:
    start = data[:256].lstrip().lower()
    if not data.strip(b"\0"):
        return Truncated(f"all {len(data)} bytes are zero")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return NotAnImage("this is an HTML page")
    if start.startswith((b"<?xml", b"<svg")):
        return NotAnImage("this is XML or SVG, not a raster image")
    if not kind(data):
        if data[4:8] == b"ftyp":
            return Unsupported(f"a media file of brand {data[8:12]!r} (HEIC, MP4, …), of which only AVIF is decoded")
        return NotAnImage(f"no known image format starts with {data[:8].hex(' ')}")
    try:
        check_complete(data)
    except Unreadable as incomplete:
        return incomplete
    known = "" if isinstance(error, PIL.UnidentifiedImageError) else f": {error}"
    return _cause(f"the {kind(data)} header cannot be read{known}")


def _cause(text: str) -> Unreadable:
    """Pillow tells its causes apart only in words."""
    lower = text.lower()
    return (Truncated if "truncated" in lower else Unsupported if "unsupported" in lower else Corrupt)(text)


def _orientation(image: PIL.Image.Image) -> int:
    """EXIF or XMP orientation that is still to be applied, 1 to 8; 1 where there is none or it is nonsense."""
    if image.format == "TIFF" or not _EXIF_KEYS & image.info.keys():  # Pillow turns a TIFF itself
        return 1
    try:
        value = PIL.Image.Image.getexif(image).get(0x0112, 1)  # that of the PNG class decodes to look behind the pixels
    except Exception:  # broken EXIF is no reason to lose the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


_EXIF_KEYS = {"exif", "Raw profile type exif", "xmp", "XML:com.adobe.xmp"}


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
    try:
        pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise Corrupt("libjpeg cannot decode the pixels") from error
    if pixels is None:
        raise Corrupt("libjpeg cannot decode the pixels")
    if (pixels[-8:, -8:] == 128).all() and _is_padded(data, pixels):
        raise Truncated("the data of the picture end before the picture: libjpeg fills the rest with grey")
    return cast(Pixels, pixels)


def _is_padded(data: bytes, pixels: Pixels) -> bool:
    """Whether more data before the end-of-image marker would change the picture: they were missing.

    libjpeg fills blocks that it has no data for with mid-grey, so only a picture that ends in mid-grey is asked.
    """
    end = end_of_jpeg(data)
    try:
        longer = PIL.Image.open(io.BytesIO(data[:end] + bytes(range(255)) + data[end:]), formats=("JPEG",))
        return not np.array_equal(np.asarray(longer.convert("RGB")), pixels)
    except OSError:
        return True


def _decode_any(image: PIL.Image.Image, data: bytes) -> Pixels:
    try:
        if image.format == "TIFF":
            _check_jpeg_strips(image, data)
        image.load()
        if image.format == "WEBP":
            _check_webp_tail(data)
        return _eight_bit_rgb(image)
    except Unreadable:
        raise
    except Exception as error:
        raise _cause(str(error) or type(error).__name__) from error


def _check_webp_tail(data: bytes) -> None:
    shorter = without_spare_zeros(data)
    if shorter is None:
        return
    try:
        PIL.Image.open(io.BytesIO(shorter), formats=("WEBP",)).load()
    except OSError:  # the zeros were needed
        return
    raise Truncated("the pixels end before the file does: its last bytes are zeros that no pixel needs")


def _check_jpeg_strips(image: Any, data: bytes) -> None:
    """A TIFF may hold JPEGs (TIFF Technical Note 2): every strip or tile one, and one of tables that they share."""
    tags = image.tag_v2
    if tags.get(_COMPRESSION) != 7:
        return
    offsets, lengths = (tags.get(strip) or tags.get(tile) or () for strip, tile in (_OFFSETS, _LENGTHS))
    for start, length in zip(offsets, lengths, strict=False):
        end_of_jpeg(data, start, start + length)
    if _JPEG_TABLES in tags:
        end_of_jpeg(tags[_JPEG_TABLES])


_COMPRESSION, _JPEG_TABLES, _OFFSETS, _LENGTHS = 259, 347, (273, 324), (279, 325)


def _eight_bit_rgb(image: PIL.Image.Image) -> Pixels:
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        grey = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
        return cast(Pixels, cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB))
    if image.mode in ("I", "F"):
        raise Unsupported(f"pixels of mode {image.mode} (32 bits a sample) have no defined black and white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = PIL.Image.new("RGBA", image.size, "white")
        image = PIL.Image.alpha_composite(white, image)
    return np.array(image.convert("RGB"))
