"""Turns slides into PDF inside LibreOffice: run as a program of its own, so that a crash or a hang takes no one along.

`python office_child.py PROGRAM FOLDER ALL` answers "ok" and its version; then for each line read it converts
FOLDER/slide.pptx to FOLDER/slide.pdf and answers "ok", or what was wrong. Where its input ends, whoever started it is
gone, and it removes the folder ALL. LibreOfficeKit is called as its `LibreOfficeKit.h` declares it: tables of functions
that grow at their end only, of which these are the first. Knows nothing of this package.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from ctypes import CDLL, CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_size_t, c_void_p
from pathlib import Path
from typing import Any

LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")
"""Which of them holds the entry depends on how LibreOffice was built."""


class _DocumentFunctions(Structure):
    _fields_ = (
        ("size", c_size_t),
        ("destroy", CFUNCTYPE(None, c_void_p)),
        ("save_as", CFUNCTYPE(c_int, c_void_p, c_char_p, c_char_p, c_char_p)),
    )


class _OfficeFunctions(Structure):
    _fields_ = (
        ("size", c_size_t),
        ("destroy", CFUNCTYPE(None, c_void_p)),
        ("load", CFUNCTYPE(c_void_p, c_void_p, c_char_p)),
        ("error", CFUNCTYPE(c_char_p, c_void_p)),
        ("load_with_options", c_void_p),
        ("free_error", c_void_p),
        ("register_callback", c_void_p),
        ("filter_types", c_void_p),
        ("set_optional_features", c_void_p),
        ("set_document_password", c_void_p),
        ("version_info", CFUNCTYPE(c_char_p, c_void_p)),
    )


class _Document(Structure):
    _fields_ = (("functions", POINTER(_DocumentFunctions)),)


class _Office(Structure):
    _fields_ = (("functions", POINTER(_OfficeFunctions)),)


def start(program: Path, profile: Path) -> int:
    """The address of a running office. Raises OSError where its library cannot be loaded or does not start."""
    library = CDLL(str(next(path for path in (program / name for name in LIBRARIES) if path.exists())))
    hook = library.libreofficekit_hook_2
    hook.restype, hook.argtypes = c_void_p, (c_char_p, c_char_p)
    office: int | None = hook(bytes(program), profile.as_uri().encode())
    if not office:
        raise OSError("LibreOffice does not start")
    return office


def version(office: int) -> str:
    """As in "7.4.7.2"."""
    functions: Any = _Office.from_address(office).functions.contents
    found = json.loads(functions.version_info(office))
    return str(found["ProductVersion"] + found["ProductExtension"])


def convert(office: int, source: Path, target: Path) -> str:
    """ "ok", or what LibreOffice says is wrong."""
    functions: Any = _Office.from_address(office).functions.contents
    document = functions.load(office, source.as_uri().encode())
    if not document:
        return (functions.error(office) or b"cannot be read").decode(errors="replace")
    inner: Any = _Document.from_address(document).functions.contents
    saved = inner.save_as(document, target.as_uri().encode(), b"pdf", b"")
    inner.destroy(document)
    return "ok" if saved else (functions.error(office) or b"cannot be saved").decode(errors="replace")


def main() -> None:
    program, folder, everything = map(Path, sys.argv[1:4])
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever LibreOffice itself may print
    try:
        office = start(program, folder / "profile")
        print("ok", version(office), file=answers)
        for _ in sys.stdin:
            print(convert(office, folder / "slide.pptx", folder / "slide.pdf").replace("\n", " "), file=answers)
    except (OSError, AttributeError, StopIteration) as error:
        print(error, file=answers)
    else:
        shutil.rmtree(everything, ignore_errors=True)
    os._exit(0)  # its own way out is known to crash


if __name__ == "__main__":
    main()
