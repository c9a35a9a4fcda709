"""Encoded bytes to pixels of the bucket they fit best. No picture is dropped for its shape."""

from __future__ import annotations

import io
import math

import numpy as np
import PIL.Image
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from train.data.buckets import nearest

Pixels = NDArray[np.uint8]

MARGIN = 2
"""A JPEG is decoded at the smallest of its scales (1, ½, ¼, ⅛) that is at least this many times what is needed: what
is left of the reduction is done by a better filter than that of the decoder."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "PPM")
"""Decoders that may be tried: raster formats only, nothing that runs an interpreter."""

ORIENTATION = 0x0112
"""The EXIF tag."""

_TURNS = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}

_SWAPPING = {each for each in _TURNS.values() if each.name in ("TRANSPOSE", "TRANSVERSE", "ROTATE_90", "ROTATE_270")}


def decode(data: bytes, size: int) -> Pixels:
    """The picture upright, RGB on white, in the bucket of `size` nearest to its shape: uint8 [height, width, 3].

    It is scaled (bicubic, antialiased) to cover the bucket; what would stand over is cut off evenly on both sides.
    Raises whatever a decoder of hostile bytes raises.
    """
    image: PIL.Image.Image = PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    turn = _TURNS.get(_orientation(image))
    swapped = turn in _SWAPPING
    width, height = image.size[::-1] if swapped else image.size
    bucket = nearest(width, height, size)
    wanted = bucket[::-1] if swapped else bucket  # it is turned at the end, when it is small
    scale = max(wanted[0] / image.width, wanted[1] / image.height) * MARGIN
    image.draft(None, (math.ceil(image.width * scale), math.ceil(image.height * scale)))
    pixels = resized(np.asarray(_cut(_rgb(image), wanted)), wanted)
    return pixels if turn is None else np.asarray(PIL.Image.fromarray(pixels).transpose(turn))


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """`pixels`, uint8 [h, w, 3], at `size` (width, height). PyTorch's filter is Pillow's, in a quarter of the time."""
    if pixels.shape[1::-1] == size:
        return pixels
    planes = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None]
    return interpolate(planes, size[::-1], mode="bicubic", antialias=True)[0].permute(1, 2, 0).numpy()


def _cut(image: PIL.Image.Image, size: tuple[int, int]) -> PIL.Image.Image:
    """The middle of the picture, in the shape of `size`."""
    scale = min(image.width / size[0], image.height / size[1])
    width, height = (max(1, round(side * scale)) for side in size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _orientation(image: PIL.Image.Image) -> int:
    if image.format == "TIFF":  # Pillow turns these itself
        return 1
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # broken EXIF is no reason to lose the picture
        return 1
    return value if isinstance(value, int) else 1


def _rgb(image: PIL.Image.Image) -> PIL.Image.Image:
    """Eight bits a channel; 16 are cut to their upper 8. What is transparent shows white."""
    image.load()
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        return PIL.Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        raise ValueError(f"pixels of mode {image.mode} (32 bits a sample) have no defined black and white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return PIL.Image.alpha_composite(PIL.Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")
