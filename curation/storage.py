"""Files, local or on any file system Beam knows (`gs://`, `s3://`, `hdfs://`).

Local paths never import Beam, so that shards can be read without it. Every write is atomic: readers see the old
file, the new file or none. Locally that is a temporary file, fsync and rename; object stores show an object only
when it is closed.
"""

from __future__ import annotations

import importlib
import io
import os
import posixpath
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from curation.mistake import SettingsError

TEMPORARY = ".tmp-"

EXTRAS = {
    "gs": ("gcp", "google.cloud.storage"),
    "s3": ("aws", "boto3"),
    "hdfs": ("hadoop", "hdfs"),
    "azfs": ("azure", "azure.storage.blob"),
}
"""The extra of Beam that each of its remote file systems needs, and the module which that brings."""


@dataclass(frozen=True)
class File:
    """A file as a listing shows it: path, size in bytes, modification time in seconds (0 where unknown)."""

    path: str
    size: int
    modified: float


def is_remote(path: str) -> bool:
    """Whether `path` is a URI of a Beam file system rather than a local path."""
    return re.match(r"[a-z][a-z0-9+.-]*://", path) is not None


def join(*parts: str) -> str:
    return posixpath.join(*parts) if is_remote(parts[0]) else os.path.join(*parts)


def below(path: str, root: str) -> str:
    """`path` relative to the folder `root`, with forward slashes."""
    rest = path[len(root) :] if path.startswith(root) else path
    return rest.lstrip("/" + os.sep).replace(os.sep, "/")


def absolute(path: str) -> str:
    """`path` as a worker with another working folder would name it."""
    return path if is_remote(path) else os.path.abspath(path)


def exists(path: str) -> bool:
    return _beam(path).exists(path) if is_remote(path) else os.path.exists(path)


def is_folder(path: str) -> bool:
    """Whether `path` is a folder; in an object store, whether anything lies under `path/`."""
    if is_remote(path):
        return bool(_match(path.rstrip("/") + "/**", limit=1))
    return os.path.isdir(path)


def open_read(path: str) -> IO[bytes]:
    """A seekable binary file. Raises OSError."""
    if is_remote(path):
        handle: IO[bytes] = _beam(path).open(
            path, mime_type="application/octet-stream", compression_type="uncompressed"
        )
        return handle
    return open(path, "rb")


def read_bytes(path: str, at_most: int | None = None) -> bytes:
    """The file's bytes; with `at_most`, no more than that many from its start. Raises OSError."""
    with open_read(path) as file:
        return file.read() if at_most is None else file.read(at_most)


def write_atomic(path: str, data: bytes, sync: bool = True) -> None:
    """Write `data` to `path`, making folders as needed. `sync` as for `create`."""
    with create(path, sync) as file:
        file.write(data)


@contextmanager
def create(path: str, sync: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to, which appears under `path` complete when the block ends, or not at all.

    Without `sync` that holds for a process that dies, not for a machine that does.
    """
    if is_remote(path):
        buffer = io.BytesIO()  # an object store would show what was written before an error as a whole object
        yield buffer
        with _beam(path).create(path, mime_type="application/octet-stream", compression_type="uncompressed") as remote:
            remote.write(buffer.getbuffer())
        return
    folder, name = os.path.split(path)
    os.makedirs(folder or ".", exist_ok=True)
    temporary = os.path.join(folder, f"{TEMPORARY}{os.getpid()}-{threading.get_ident()}-{name}")
    try:
        with open(temporary, "wb") as file:
            yield file
            if sync:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def remove(paths: list[str]) -> None:
    """Delete files; those that are not there are passed over."""
    remote = [path for path in paths if is_remote(path)]
    if remote:
        _beam(remote[0]).delete(remote)
    for path in paths:
        if not is_remote(path):
            Path(path).unlink(missing_ok=True)


def files(folder: str, suffix: str = "") -> list[str]:
    """Sorted paths of the files directly in `folder` whose names end in `suffix`; none if there is no such folder."""
    if is_remote(folder):
        return sorted(f.path for f in _match(join(folder, "*" + suffix)))
    if not os.path.isdir(folder):
        return []
    names = sorted(name for name in os.listdir(folder) if name.endswith(suffix) and not name.startswith(TEMPORARY))
    return [os.path.join(folder, name) for name in names]


def walk(folder: str) -> list[File]:
    """Every file under `folder`, hidden ones too, sorted by path. A folder that links lead to twice is walked once."""
    if is_remote(folder):
        return sorted(_match(folder.rstrip("/") + "/**"), key=lambda file: file.path)
    found, seen = [], set()
    for here, folders, names in os.walk(folder, followlinks=True):
        if (real := os.path.realpath(here)) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        found += [stat(os.path.join(here, name)) for name in names if os.path.isfile(os.path.join(here, name))]
    return sorted(found, key=lambda file: file.path)


def glob(pattern: str) -> list[File]:
    """Files that match a pattern with `*`, `**`, `?` and `[…]`, sorted by path."""
    if is_remote(pattern):
        return sorted(_match(pattern), key=lambda file: file.path)
    from glob import glob as local_glob

    return [stat(path) for path in sorted(local_glob(pattern, recursive=True)) if os.path.isfile(path)]


def stat(path: str) -> File:
    """Size and time of one file. Raises OSError."""
    if is_remote(path):
        found = _match(path)
        if not found:
            raise FileNotFoundError(path)
        return found[0]
    status = os.stat(path)
    return File(path, status.st_size, status.st_mtime)


def _match(pattern: str, limit: int | None = None) -> list[File]:
    result = _beam(pattern).match([pattern], limits=[limit] if limit else None)[0]
    return [File(m.path, m.size_in_bytes, m.last_updated_in_seconds or 0.0) for m in result.metadata_list]


def _beam(path: str) -> Any:
    """Beam's file systems. Raises SettingsError if the one of `path` is not installed."""
    from apache_beam.io.filesystems import FileSystems

    scheme = path.partition("://")[0]
    extra, module = EXTRAS.get(scheme, (None, None))
    try:
        if module:
            importlib.import_module(module)
        FileSystems.get_filesystem(path)
    except (ImportError, ValueError) as error:
        known = ", ".join(f"{name}://" for name in EXTRAS)
        do = f"pip install 'apache-beam[{extra}]'" if extra else f"name a local path or one of {known}"
        raise SettingsError(f"cannot reach {path}: no file system for {scheme}:// is installed; {do}") from error
    return FileSystems


def parallel(function: Callable[[Any], Any], items: list[Any], threads: int = 16) -> list[Any]:
    """`function` of each item, in order, by threads: for many small reads that wait on a network."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(function, items))
