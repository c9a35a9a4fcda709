"""Made-up annotations, and outputs of `curation annotate` that hold them, written by the writers that it uses."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import PIL.Image

from annotate.signals import PROBLEMS, columns
from curation.shards import write
from curation.shards.schema import ANNOTATED, REJECTED_REPLIES, Row, signals_schema
from curation.shards.unit import part

Item = dict[str, Any]

RUN = {
    "command": "annotate",
    "status": "complete",
    "version": "0.1.0",
    "input": {"path": "curated/shards", "kind": "parquet", "files": 3, "hash": "ef56"},
    "recipe": {
        "engine": "openai",
        "model": "Qwen/Qwen2.5-VL-7B-Instruct",
        "language": "en",
        "prompt": "12ab" * 16,
        "endpoints": ["http://machine-7:8000/v1"],
        "ocr": True,
        "format": "parquet",
    },
    "models": {"embedded": {"model.onnx": "cd34"}},
    "versions": {"numpy": "2.4"},
    "engine": {"host": "machine-7"},
    "started": "2020-01-02T03:04:05",
}


def annotation(**changes: Any) -> dict[str, Any]:
    """A stored annotation that the schema accepts, with `changes`."""
    made: dict[str, Any] = {
        "caption": "A red bus stands at a kerb in front of a brick wall.",
        "image_type": "photo",
        "image_style": "street photography",
        "watermarks": [],
        "abnormal_elements": "no",
        "objects": [{"name": "bus", "attributes": ["red"]}],
        "relations": [{"subject": "bus", "predicate": "in front of", "object": "wall"}],
        "environment": "an overcast street",
        "text": [],
        "domain": "Nature/cityscape",
        "model": "Qwen/Qwen2.5-VL-7B-Instruct",
        "prompt": "12ab" * 16,
        "language": "en",
        "seed": 1,
    }
    return made | changes


def item(key: str, raw: str | None = None, signals: dict[str, float] | None = None, **changes: Any) -> Item:
    """An image that was annotated: its row of signals, and what its row of the shard holds besides."""
    made = annotation(**changes)
    measured = {"replies": 1, "prompt_tokens": 900, "completion_tokens": 300, "caption_tokens": 14, "repetition": 0.0}
    measured |= {"text_strings": len(made["text"]), "watermark_flagged": float(bool(made["watermarks"]))}
    measured |= dict.fromkeys(PROBLEMS, 0) | (signals or {})
    return {
        **_facts(key),
        **{f"annotate.{name}": value for name, value in measured.items()},
        "extra": {
            "caption_raw": raw,
            "caption_recaption": made["caption"],
            "caption_fused": made.get("fused_caption"),
        },
        "caption": made["caption"],
        "annotation": json.dumps(made, ensure_ascii=False),
    }


def rejected(
    key: str, error: str = "refusal", reply: str | None = "Sorry, I cannot.", message: str = "declined"
) -> Item:
    """An image both of whose replies were bad in the way `error`."""
    made = {**_facts(key), "annotate.replies": 2, "annotate.prompt_tokens": 1800, "annotate.completion_tokens": 30}
    made |= {f"annotate.{code}": 2 * (code == error) for code in PROBLEMS}
    made |= {"dropped_by": "annotate", "reason": f"cannot be annotated: {message}"}
    return made | {"error": error, "message": message, "reply": reply}


def unreadable(key: str, error: str = "Truncated", message: str = "the file ends") -> Item:
    made = {"key": key, "source": "a.parquet", "bytes": 9, "dropped_by": "decode"}
    return made | {"reason": f"cannot be read: {message}", "error": error, "message": message, "reply": None}


def _facts(key: str) -> Item:
    facts = {"source": "a.parquet", "format": "JPEG", "bytes": 5000, "width": 640, "height": 480, "sha256": "cd" * 32}
    return {"key": key, **facts, "dropped_by": None, "reason": None}


def write_output(
    out: Path, parts: Sequence[Sequence[Item]], format: str = "parquet", images: dict[str, bytes] | None = None
) -> Path:
    """An output folder as `curation annotate` leaves it, but for thumbnails and report."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "run.json").write_text(json.dumps(RUN))
    for number, items in enumerate(parts):
        write.table(str(out / "signals" / f"{part(number)}.parquet"), items, signals_schema(columns()))
        with (
            write.shard(str(out / "shards"), part(number), format, ANNOTATED) as shard,
            write.Rejects(str(out / "rejects" / f"{part(number)}.parquet"), REJECTED_REPLIES) as rejects,
        ):
            for made in items:
                data = (images or {}).get(made["key"], PIXELS)
                row = Row(made["key"], made["source"], data)
                if made["dropped_by"] is None:
                    texts = {name: made[name] for name in ("caption", "annotation", "extra")}
                    shard.add(Row(made["key"], made["source"], data, **texts), 640, 480, "JPEG")
                else:
                    rejects.add(row, (made["dropped_by"], made["error"], made["message"]), made["reply"])
    return out


def jpeg(width: int = 64, height: int = 48) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (width, height), (90, 120, 150)).save(buffer, "JPEG")
    return buffer.getvalue()


PIXELS = jpeg()
