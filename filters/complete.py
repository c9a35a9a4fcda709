"""Are all bytes of a picture there? Asked before decoding, as decoders pad what is missing and say nothing.

Each format is walked as far as its pixels reach, by the lengths it declares: no pixel is decoded. A file whose
tail was lost but whose length was kept (zeros at the end) fails in the same walk wherever the format marks its
end. WebP does not, and the decoder has to be asked: `without_spare_zeros`.

What cannot be told:
- zeros in uncompressed pixels (BMP, PPM, TIFF): they are black;
- zeros in the last 32 bytes of an AVIF, and some short tails of zeros in a WebP (of a 5 kB photograph 13 lengths,
  the longest 114; of one of 1 megapixel none above 20), longer ones where what was lost was flat;
- most changes in the middle of a file, except in PNG and TIFF with deflate, which have checksums;
- a PNG whose data are sound but have fewer rows than its header says.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Literal

from filters.unreadable import Corrupt, TooLarge, Truncated

MAX_SCANS = 500
"""A progressive JPEG has 10 or so; each costs a pass over all pixels, and 60,000 of them fit into a megabyte."""


def kind(data: bytes) -> str | None:
    """The format that the first bytes promise, in Pillow's names; None if no format known here starts so."""
    if data[4:8] == b"ftyp" and re.search(rb"avi[fs]", data[8:64]):
        return "AVIF"
    if data.startswith(b"RIFF"):  # sound and films are RIFF, too
        return "WEBP" if data[8:12] in b"WEBP" else None
    return next((name for magic, name in _MAGIC if data.startswith(magic)), None)


def check_complete(data: bytes) -> None:
    """Raise `Truncated` where pixels are missing from `data`, `Corrupt` where a checksum says they are damaged."""
    check = _CHECKS.get(kind(data) or "")
    if check:
        check(data)


def end_of_jpeg(data: bytes, start: int = 0, end: int | None = None) -> int:
    """Index of the end-of-image marker of the JPEG at `start` (ISO 10918-1, B.1), not of a thumbnail within it."""
    at, end, scans = start + 2, len(data) if end is None else end, 0
    while found := _JPEG_MARKER.search(data, at, end):
        at, marker = found.start(), data[found.end() - 1]
        if marker == 0xD9:
            return at
        if scans and marker not in _BETWEEN_SCANS:
            raise Corrupt(f"the marker ff {marker:02x} stands within the pixels, at byte {at}")
        scans += marker == 0xDA
        if scans > MAX_SCANS:
            raise TooLarge(f"a decompression bomb: more than {MAX_SCANS} scans")
        at += 2 if marker in (0x01, 0xD8) else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise Truncated(f"no end-of-image marker in {end - start} bytes{_zero_tail(data)}")


_JPEG_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
"""Any marker but a restart; `ff 00` is a stuffed byte of entropy-coded data, `ff ff` is fill."""

_BETWEEN_SCANS = frozenset((0x01, 0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, *range(0xE0, 0xF0), 0xFE))
"""TEM, DHT, DAC, SOS, DQT, DNL, DRI, APPn, COM. Any other is damage: bytes overwritten or lost."""


def _check_png(data: bytes) -> None:
    """Walk the chunks to IEND, each critical one with its checksum (PNG specification, 5.3)."""
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


def _check_gif(data: bytes) -> None:
    """Walk the blocks to the end of the first frame (GIF89a, 17–22)."""
    at = 13 + _colour_table(data, 10)
    while data[at : at + 1] == b"!":
        at = _skip_sub_blocks(data, at + 2)
    if data[at : at + 1] == b",":
        at = _skip_sub_blocks(data, at + 11 + _colour_table(data, at + 9))
    # A lost tail may start where the length of a sub-block is due, and a length of zero ends the frame.
    if at > len(data) or (at < len(data) and not data[at:].strip(b"\0")):
        raise Truncated(f"the first frame does not end in {len(data)} bytes{_zero_tail(data)}")


def _colour_table(data: bytes, at: int) -> int:
    """Bytes of the colour table that the flags at `at` announce."""
    flags = data[at] if at < len(data) else 0
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _check_webp(data: bytes) -> None:
    """Walk the RIFF chunks (WebP container specification). `without_spare_zeros` looks for a lost tail of pixels."""
    end = int.from_bytes(data[4:8], "little") + 8
    if len(data) < end:
        raise Truncated(f"{len(data)} of {end} bytes are there")
    for at, name, _ in _riff_chunks(data):
        if name == bytes(4):
            raise Truncated(f"no chunk at byte {at}{_zero_tail(data)}")


def without_spare_zeros(data: bytes) -> bytes | None:
    """A WebP less the last 8 bytes of its pixels, where these are zeros; None where they are not.

    Zeros are good data to the arithmetic decoder of lossy WebP, and a flat picture may well end in thousands of
    them. But a sound file has no byte that is not needed: if it decodes without these, they stand for lost ones.
    """
    for at, name, length in _riff_chunks(data):
        end = at + 8 + length
        if name in (b"VP8 ", b"VP8L") and length > 32 and data[end - 8 : end] == bytes(8):
            total = int.from_bytes(data[4:8], "little") - 8
            riff, less = total.to_bytes(4, "little"), (length - 8).to_bytes(4, "little")
            return data[:4] + riff + data[8 : at + 4] + less + data[at + 8 : end - 8] + data[end:]
    return None


def _riff_chunks(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(offset, name, length of the body) of each chunk."""
    at, end = 12, int.from_bytes(data[4:8], "little") + 8
    while at + 8 <= end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        yield at, data[at : at + 4], length
        at += 8 + length + length % 2


def _check_avif(data: bytes) -> None:
    """The pixels lie in the boxes named mdat; none was seen to end in zeros, flat pictures included."""
    pixels = [(start, end) for name, start, end in _boxes(data) if name == b"mdat"]
    if not pixels or max(end for _, end in pixels) > len(data):
        raise Truncated(f"the pixels do not end in {len(data)} bytes{_zero_tail(data)}")
    if any(data.endswith(bytes(32), start, end) for start, end in pixels):
        raise Truncated(f"the pixels end in zeros{_zero_tail(data)}")


def _check_jpeg2000(data: bytes) -> None:
    """Walk the tile-parts to the end-of-codestream marker (ISO 15444-1, A.4)."""
    at, end = 0, len(data)
    if not data.startswith(b"\xff\x4f"):
        at = next((start for name, start, _ in _boxes(data) if name == b"jp2c"), end)
    at += 2
    while at + 4 <= end and data[at] == 0xFF and data[at + 1] != 0xD9:
        tile_part = int.from_bytes(data[at + 6 : at + 10], "big") or end - 2 - at
        at += max(tile_part, 12) if data[at + 1] == 0x90 else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if data[at : at + 2] != b"\xff\xd9":
        raise Truncated(f"no end-of-codestream marker in {len(data)} bytes{_zero_tail(data)}")


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, start and declared end of the body) of each box of an ISO base media file (ISO 14496-12, 4.2)."""
    at, size = 0, len(data)
    while at + 8 <= size:
        length, head = int.from_bytes(data[at : at + 4], "big"), 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        length = max(length, head) if length else size - at  # zero: to the end of the file
        yield data[at + 4 : at + 8], at + head, at + length
        at += length


def _check_tiff(data: bytes) -> None:
    """The first directory must lie within the file (TIFF 6.0, section 2)."""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    start = int.from_bytes(data[4:8], order)
    end = start + 2 + 12 * int.from_bytes(data[start : start + 2], order)
    if max(end, 8) > len(data):
        raise Truncated(f"the directory at byte {start} does not end in {len(data)} bytes{_zero_tail(data)}")


def _check_bmp(data: bytes) -> None:
    declared = int.from_bytes(data[10:14], "little")
    if len(data) < max(declared, 26):
        raise Truncated(f"the pixels start at byte {declared} of {len(data)}")


def _zero_tail(data: bytes) -> str:
    zeros = len(data) - len(data.rstrip(b"\0"))
    return f", the last {zeros} of them zeros" if zeros > 16 else ""


_MAGIC = (
    (b"\xff\xd8", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\0\0\0\x0cjP  ", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
)

_CHECKS: dict[str, Callable[[bytes], object]] = {
    "JPEG": end_of_jpeg,
    "PNG": _check_png,
    "GIF": _check_gif,
    "WEBP": _check_webp,
    "BMP": _check_bmp,
    "TIFF": _check_tiff,
    "AVIF": _check_avif,
    "JPEG2000": _check_jpeg2000,
}
