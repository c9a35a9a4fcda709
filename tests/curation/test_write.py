"""Shards out: read back with Hugging Face datasets, DuckDB and webdataset, and by ourselves."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import datasets
import duckdb
import PIL.Image
import pytest
import webdataset
from hypothesis import given
from hypothesis import strategies as st

from curation.shards import write
from curation.shards.plan import make_plan, read_unit
from curation.shards.schema import Row
from tests.curation.conftest import jpeg

ROWS = [
    Row("a/0.jpg", "a/0.jpg", jpeg(0), "0.jpg", "雨 “rain”", None, '{"licence": "CC0"}'),
    Row("a/0.png", "a/0.png", jpeg(1), "0.png", None, '{"type": "photo"}', None),
    Row("../../etc/x", "s.tar", jpeg(2), None, "up"),
    Row("line\nbreak.b.jpg", "s.tar", jpeg(3), None, ""),
]


def shard(folder: Path, format: str) -> Path:
    with write.shard(str(folder), "part-000000", format) as writer:
        for row in ROWS:
            writer.add(row, 64, 48, "JPEG")
    (path,) = folder.iterdir()
    return path


def test_hugging_face_datasets_reads_it(tmp_path: Path) -> None:
    path = shard(tmp_path / "shards", "parquet")
    loaded = datasets.load_dataset("parquet", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded["key"] == [row.key for row in ROWS]
    assert [image.size for image in loaded["image"]] == [(64, 48)] * 4
    raw = loaded.cast_column("image", datasets.Image(decode=False))
    assert [image["bytes"] for image in raw["image"]] == [row.data for row in ROWS]


def test_duckdb_reads_it(tmp_path: Path) -> None:
    path = shard(tmp_path / "shards", "parquet")
    query = (
        f"select key, caption, octet_length(image.bytes), metadata->>'licence' from '{path}' where caption is not null"
    )
    found = duckdb.sql(query).fetchall()
    assert found[0] == ("a/0.jpg", "雨 “rain”", len(jpeg(0)), "CC0")
    assert [row[0] for row in found] == ["a/0.jpg", "../../etc/x", "line\nbreak.b.jpg"]


def test_webdataset_reads_it(tmp_path: Path) -> None:
    path = shard(tmp_path / "shards", "webdataset")
    samples = list(webdataset.WebDataset(f"file:{path}", shardshuffle=False))
    assert [sample["jpg"] for sample in samples] == [row.data for row in ROWS]
    assert [json.loads(sample["json"])["key"] for sample in samples] == [row.key for row in ROWS]
    assert [sample.get("txt", b"(none)").decode() for sample in samples] == ["雨 “rain”", "(none)", "up", ""]
    assert [sample["__key__"] for sample in samples] == ["a/0", "a/0%2Epng", "%2E%2E/%2E%2E/etc/x", "line%0Abreak%2Eb"]


@pytest.mark.parametrize("format", ["parquet", "webdataset"])
def test_what_is_written_reads_back(tmp_path: Path, format: str) -> None:
    path = shard(tmp_path / "shards", format)
    back = [row for unit in make_plan(str(path)).units for row in read_unit(unit)]
    assert [row.data for row in back] == [row.data for row in ROWS]
    for name in ("caption", "annotation", "metadata"):
        assert [getattr(row, name) for row in back] == [getattr(row, name) for row in ROWS]
    assert [row.origin for row in back] == [row.source for row in ROWS]
    assert [row.key for row in back] == [row.key for row in ROWS]


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    for format in ("parquet", "webdataset"):
        one, two = (shard(tmp_path / format / str(n), format) for n in range(2))
        assert one.read_bytes() == two.read_bytes()


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_no_key_leads_out_of_a_folder_or_breaks_the_name(key: str) -> None:
    for whole in (False, True):
        name = write.member_name(key, whole)
        parts = name.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert "." not in parts[-1]
        assert "\\" not in name
        assert all(ord(char) >= 32 for char in name)


def test_nothing_is_there_until_it_is_whole(tmp_path: Path) -> None:
    def fail_halfway() -> None:
        with write.shard(str(tmp_path / "shards"), "part-000000", "parquet") as writer:
            writer.add(ROWS[0], 64, 48, "JPEG")
            raise KeyError("power cut")

    with pytest.raises(KeyError):
        fail_halfway()
    assert list((tmp_path / "shards").iterdir()) == []


def test_tar_members_are_plain_files(tmp_path: Path) -> None:
    with tarfile.open(shard(tmp_path, "webdataset")) as tar:
        assert {(member.type, member.mtime, member.uid) for member in tar} == {(tarfile.REGTYPE, 0, 0)}
        first = tar.extractfile(tar.getmembers()[0])
        assert first is not None
        assert PIL.Image.open(io.BytesIO(first.read())).size == (64, 48)
