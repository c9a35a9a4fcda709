"""Office files (Open Packaging Conventions) as a mapping of part names to bytes, packed the same way every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_CONTENT_TYPES = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)

MAX_BYTES = 256 << 20
"""A package that unpacks to more than this many bytes is refused: a template is a small file."""


def unpack(data: bytes) -> dict[str, bytes]:
    """Parts by name ("ppt/slides/slide1.xml"). Raises `ValueError` where `data` is no readable package."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
                raise ValueError(f"unpacks to more than {MAX_BYTES >> 20} MiB")
            parts = {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ValueError(f"not a readable Office file ({error})") from None
    if _CONTENT_TYPES not in parts:
        raise ValueError(f"not an Office file (it holds no {_CONTENT_TYPES})")
    return parts


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The package of `parts`: equal parts make equal bytes, whatever the clock says and whatever order they came in."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(parts, key=lambda name: (name != _CONTENT_TYPES, name)):  # readers expect the types first
            item = zipfile.ZipInfo(name, _EPOCH)
            item.compress_type = zipfile.ZIP_DEFLATED
            item.create_system = 0
            archive.writestr(item, parts[name])
    return buffer.getvalue()
