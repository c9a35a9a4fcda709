"""`run.json`: what ran, on what, with what, and how it ended. Enough to repeat the run."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from curation import storage
from curation.shards.plan import Plan

PACKAGES = ("apache-beam", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "pyarrow")


def path(output: str) -> str:
    return storage.join(output, "run.json")


def load(output: str) -> dict[str, Any] | None:
    """The manifest of the run in `output`; None if there is none."""
    if not storage.exists(path(output)):
        return None
    manifest: dict[str, Any] = json.loads(storage.read_bytes(path(output)))
    return manifest


def begin(
    command: str,
    recipe: dict[str, Any],
    recipe_hash: str,
    plan: Plan,
    models: dict[str, list[Path]],
    engine: dict[str, object],
    packages: Sequence[str] = (),
) -> dict[str, Any]:
    """The manifest of a job that starts now, with status `running`.

    `models` are the files of weights it reads, `packages` those beyond `PACKAGES` whose versions decide the result.
    """
    return {
        "command": command,
        "status": "running",
        "version": version("qwen-curation"),
        "recipe": recipe,
        "recipe_hash": recipe_hash,
        "input": {
            "path": recipe.get("input"),
            "kind": plan.kind,
            "files": plan.files,
            "images": plan.images,
            "ignored_files": plan.ignored,
            "hash": plan.digest(),
        },
        "versions": {"python": platform.python_version(), **{name: version(name) for name in (*PACKAGES, *packages)}},
        "models": {name: _hashes(files) for name, files in models.items() if files},
        "engine": engine,
        "started": now(),
    }


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def save(output: str, manifest: dict[str, Any]) -> None:
    storage.write_atomic(path(output), (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())


def _hashes(files: list[Path]) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
