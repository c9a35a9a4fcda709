"""The images that are measured: JPEGs of 0.18 to 1.0 megapixels made of the demo's images."""

from __future__ import annotations

from pathlib import Path

import PIL.Image
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
SIZES = (0.18, 0.3, 0.5, 0.75, 1.0)
"""Megapixels, in turn."""


def jpegs(count: int) -> Path:
    """A folder of `count` JPEGs, quality 90: the demo's images in turn, each time cropped another way."""
    folder = ROOT / "build" / "bench" / f"jpegs-{count}"
    if folder.is_dir() and len(list(folder.iterdir())) == count:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    sources = sorted(path for path in (ROOT / "demo/images").rglob("*.*") if path.suffix not in (".jsonl", ".csv"))
    for number in range(count):
        image = PIL.Image.open(sources[number % len(sources)]).convert("RGB")
        turn = number // len(sources)
        width, height = image.size
        left, top = (turn * 7) % (width // 4), (turn * 11) % (height // 4)
        image = image.crop((left, top, width - (turn * 13) % (width // 4), height - (turn * 5) % (height // 4)))
        scale = (SIZES[number % len(SIZES)] * 1e6 / (image.width * image.height)) ** 0.5
        size = round(image.width * scale), round(image.height * scale)
        image.resize(size, PIL.Image.Resampling.BICUBIC).save(folder / f"{number:06d}.jpg", quality=90)
    return folder


def parquet(count: int, rows: int = 50) -> Path:
    """The same images as Parquet shards with row groups of `rows`."""
    folder = ROOT / "build" / "bench" / f"parquet-{count}"
    if folder.is_dir():
        return folder
    paths = sorted(jpegs(count).iterdir())
    folder.mkdir(parents=True)
    for start in range(0, count, 1000):
        part = paths[start : start + 1000]
        table = pa.table({"key": [p.stem for p in part], "image": [p.read_bytes() for p in part]})
        pq.write_table(table, folder / f"{start:06d}.parquet", row_group_size=rows, compression="NONE")
    return folder
