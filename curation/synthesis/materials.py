"""What a synthesis is made of, for its manifest: corpora, fonts with their licences, templates, by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from synth import corpus
from synth.fonts import Face


def describe(corpora: Sequence[Path], faces: Sequence[Face], templates: Path | None, backgrounds: str | None) -> str:
    """JSON text: the same where the same files would be read. `backgrounds`: hash of the plan of their shards."""
    made: dict[str, Any] = {
        "corpora": {path.name: _hash(path) for path in corpora or corpus.bundled()},
        "fonts": [_font(path, faces) for path in sorted({face.path for face in faces}, key=_place)],
        "templates": {path.name: _hash(path) for path in _files(templates)},
        "backgrounds": backgrounds,
    }
    return json.dumps(made, ensure_ascii=False, sort_keys=True)


def _font(path: str, faces: Sequence[Face]) -> dict[str, Any]:
    of_file = [face for face in faces if face.path == path]
    names = list(dict.fromkeys(face.name for face in of_file))
    licences = " / ".join(dict.fromkeys(face.licence for face in of_file))
    return {"file": Path(path).name, "licence": licences, "faces": names, "sha256": _hash(Path(path))}


def _place(path: str) -> tuple[str, str]:
    return Path(path).name, path


def _files(folder: Path | None) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder else []


def _hash(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
