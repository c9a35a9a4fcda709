"""The same images through cleanvision and imagededup with their own defaults, where they are to be had.

Neither is a dependency. They are taken from this environment or, as imagededup needs torch and torchvision, better from
one of their own under build/peers/NAME, made once by

    python -m venv build/peers/cleanvision && build/peers/cleanvision/bin/pip install cleanvision==0.3.7
    python -m venv build/peers/imagededup && build/peers/imagededup/bin/pip install imagededup==0.3.3.post2
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PEERS = Path(__file__).parents[2] / "build/peers"

ISSUES = {"blur": ("blurry",), "exposure": ("dark", "light"), "entropy": ("low_information",)}
"""cleanvision's issues that ask what a filter of ours asks."""

MODULES = {"cleanvision": "cleanvision", "imagededup": "imagededup.methods"}
"""What has to import for a peer to run."""

CLEANVISION = """
import json, os, sys
from cleanvision import Imagelab
lab = Imagelab(data_path=sys.argv[1], verbose=False)
lab.find_issues({name: {} for name in sys.argv[3:]}, n_jobs=1, verbose=False)
if sys.argv[3] == "near_duplicates":
    names = lambda group: [os.path.basename(path) for path in group]
    out = [names(group) for kind in ("exact", "near") for group in lab.info[kind + "_duplicates"]["sets"]]
else:
    columns = ["is_" + name + "_issue" for name in sys.argv[3:]]
    out = {os.path.basename(path): bool(any(row)) for path, row in zip(lab.issues.index, lab.issues[columns].values)}
json.dump(out, open(sys.argv[2], "w"))
"""

IMAGEDEDUP = """
import json, sys
from imagededup.methods import PHash
pairs = PHash(verbose=False).find_duplicates(image_dir=sys.argv[1], num_enc_workers=0, num_dist_workers=0)
json.dump([[one, other] for one, others in pairs.items() for other in others], open(sys.argv[2], "w"))
"""


@cache
def python(name: str) -> str | None:
    """An interpreter that can import the peer, or None."""
    for candidate in (sys.executable, str(PEERS / name / "bin/python")):
        if Path(candidate).exists():
            done = subprocess.run([candidate, "-c", f"import {MODULES[name]}"], capture_output=True, check=False)
            if done.returncode == 0:
                return candidate
    return None


def verdicts(filter: str, images: list[bytes]) -> list[bool] | None:
    """cleanvision's verdict on each image, or None where it is not installed."""
    answer = _run("cleanvision", CLEANVISION, images, ISSUES[filter])
    return None if answer is None else [answer[name] for name in _names(images)]  # type: ignore[call-overload]


def merged(name: str, images: list[bytes]) -> set[tuple[int, int]] | None:
    """The pairs (smaller, larger index) that a peer takes for duplicates; a set of several gives all its pairs."""
    code, arguments = (
        (CLEANVISION, ("near_duplicates", "exact_duplicates")) if name == "cleanvision" else (IMAGEDEDUP, ())
    )
    groups = _run(name, code, images, arguments)
    if groups is None:
        return None
    at = {file: number for number, file in enumerate(_names(images))}
    indices = ([at[file] for file in group] for group in groups)
    return {(min(i, j), max(i, j)) for group in indices for i in group for j in group if i != j}


def _names(images: list[bytes]) -> list[str]:
    return [f"{number:06d}.{suffix(data)}" for number, data in enumerate(images)]


def suffix(data: bytes) -> str:
    return "png" if data[:4] == b"\x89PNG" else "webp" if data[8:12] == b"WEBP" else "jpg"


def _run(
    name: str, code: str, images: list[bytes], arguments: Iterable[str]
) -> dict[str, bool] | list[list[str]] | None:
    interpreter = python(name)
    if interpreter is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files, found = Path(folder) / "images", Path(folder) / "found.json"
        files.mkdir()
        for file, data in zip(_names(images), images, strict=True):
            (files / file).write_bytes(data)
        done = subprocess.run(
            [interpreter, "-c", code, str(files), str(found), *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr.strip()}")
        answer: dict[str, bool] | list[list[str]] = json.loads(found.read_text())
        return answer


def version(name: str) -> str:
    """Name and version of an installed peer."""
    interpreter = python(name)
    assert interpreter is not None
    code = f"from importlib.metadata import version; print(version({name!r}))"
    return f"{name} {subprocess.check_output([interpreter, '-c', code], text=True).strip()}"
