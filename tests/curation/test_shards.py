"""Shards in: folders, tars and Parquet files; each row with its key, caption and metadata, or what is wrong with it."""

from __future__ import annotations

import datetime
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.shards.plan import InputError, make_plan, read_unit, unit_rows
from curation.shards.schema import Row, plain, text, to_json
from tests.curation.conftest import jpeg


def read(path: object) -> list[Row]:
    return [row for unit in make_plan(str(path)).units for row in read_unit(unit)]


def write_tar(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.jpg").write_bytes(jpeg(1))
    (tmp_path / "b" / "c.png").write_bytes(jpeg(2))
    (tmp_path / "b" / "c.txt").write_text("a caption\n")
    (tmp_path / "b" / "c.json").write_text('{"licence": "CC0"}')
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    plan = make_plan(str(tmp_path))
    one, two = read(tmp_path)
    assert (one.key, one.source, one.data, one.caption, one.metadata) == ("a.jpg", "a.jpg", jpeg(1), None, None)
    assert (two.key, two.caption, json.loads(two.metadata or "")) == ("b/c.png", "a caption", {"licence": "CC0"})
    assert (plan.images, plan.files, plan.ignored, plan.kind) == (2, 2, 1, "images")


@pytest.mark.parametrize("name", ["metadata.jsonl", "metadata.csv"])
def test_folder_with_a_metadata_table(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.jpg").write_bytes(jpeg(1))
    tables = {
        "metadata.jsonl": '{"file_name": "a.jpg", "text": "two\u2028lines", "n": "1"}\nnot json\n[]\n',
        "metadata.csv": 'file_name,text,n\na.jpg,"two\u2028lines",1\n',
    }
    (tmp_path / "sub" / name).write_text(tables[name])
    (row,) = read(tmp_path)
    assert (row.caption, json.loads(row.metadata or "")) == ("two\u2028lines", {"n": "1"})


def test_strange_names_keep_apart(tmp_path: Path) -> None:
    names = [b"line\nbreak.jpg", b"..%2f..%2fup.jpg", b"bad\xff.jpg", b"bad\\xff.jpg", "grün.jpg".encode()]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(jpeg(1))
    keys = [row.key for row in read(tmp_path)]
    assert len(set(keys)) >= len(names) - 1
    assert all(row.data == jpeg(1) for row in read(tmp_path))
    assert {"line\nbreak.jpg", "..%2f..%2fup.jpg", "grün.jpg"} <= set(keys)


def test_webdataset(tmp_path: Path) -> None:
    members = [
        ("x/0.jpg", jpeg(0)),
        ("x/0.txt", "zéro".encode()),
        ("x/0.json", b'{"id": 7, "score": NaN}'),
        ("x/0.cls", b"3"),
        ("x/0.npy", b"\x93\xff"),
        ("x/1.seg.png", jpeg(1)),
        ("x/2.txt", b"no image"),
        ("__meta__.json", b"{}"),
    ]
    zero, one, two = read(write_tar(tmp_path / "s.tar", members))
    assert (zero.key, zero.caption, zero.source) == ("x/0", "zéro", "s.tar")
    assert json.loads(zero.metadata or "") == {"id": 7, "score": None, "cls": "3", "npy": {"base64": "k/8="}}
    assert (one.key, one.data) == ("x/1", jpeg(1))
    assert str(two.error) == "no image in the sample; its members are txt"


def test_keys_that_repeat_get_the_shards_name(tmp_path: Path) -> None:
    write_tar(tmp_path / "a.tar", [("0.jpg", jpeg(0)), ("1.jpg", jpeg(1))])
    write_tar(tmp_path / "b.tar", [("0.jpg", jpeg(2)), ("2.jpg", jpeg(3)), ("0.jpg", jpeg(4))])
    assert [row.key for row in read(tmp_path)] == ["a/0", "1", "b/0#0", "2", "b/0#2"]


def test_a_tar_that_breaks_off_costs_one_row(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "s.tar", [(f"{n}.jpg", jpeg(n)) for n in range(4)])
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        third = tar.getmembers()[2]
    path.write_bytes(whole[: third.offset_data + 100])
    *good, broken = read(path)
    assert [row.data for row in good] == [jpeg(0), jpeg(1)]
    assert broken.error is not None
    assert "beyond its first 2 samples" in str(broken.error)
    path.write_bytes(whole[: third.offset] + b"\1" * 2000)
    assert len(read(path)) == 3


def test_units_of_a_tar_are_read_from_their_place(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "s.tar", [("long/" * 40 + f"{n}.jpg", jpeg(n)) for n in range(100)])
    plan = make_plan(str(path))
    assert [unit.rows for unit in plan.units] == [32, 32, 32, 4]
    assert [row.data for row in read_unit(plan.units[2])] == [jpeg(n) for n in range(64, 96)]


def test_parquet_of_hugging_face(tmp_path: Path) -> None:
    images = [{"bytes": jpeg(0), "path": "/data/a.jpg"}, {"bytes": None, "path": "b.jpg"}, None]
    columns = {
        "image": images,
        "id": [5, 6, None],
        "text": ["one", None, "three"],
        "when": [datetime.datetime(2026, 1, 2), None, None],
        "nested": [{"a": [1, 2]}, None, None],
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    one, two, three = read(tmp_path / "t.parquet")
    assert (one.key, one.path, one.caption) == ("5", "a.jpg", "one")
    assert json.loads(one.metadata or "") == {"when": "2026-01-02T00:00:00", "nested": {"a": [1, 2]}}
    assert (two.key, str(two.error)) == ("6", "the row has no image bytes, only the path 'b.jpg'")
    assert (three.key, str(three.error)) == ("t#2", "the row has no image bytes")


def test_parquet_of_bytes_in_row_groups(tmp_path: Path) -> None:
    columns = {"jpg": [jpeg(n) for n in range(10)], "caption": [str(n) for n in range(10)]}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet", row_group_size=4)
    plan = make_plan(str(tmp_path))
    assert [unit.rows for unit in plan.units] == [4, 4, 2]
    assert [row.key for row in read(tmp_path)] == [f"t#{n}" for n in range(10)]
    assert [row.caption for row in read(tmp_path)] == [str(n) for n in range(10)]


def test_broken_shards_beside_good_ones_are_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"image": [jpeg(0)], "key": ["k"]}), tmp_path / "good.parquet")
    pq.write_table(pa.table({"x": [1]}), tmp_path / "none.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "good.parquet").read_bytes()[:200])
    cut, good, none = read(tmp_path)
    assert good.key == "k"
    assert "no readable Parquet file" in str(cut.error)
    assert "has no image column" in str(none.error)
    assert "its columns are x" in str(none.error)


def test_a_damaged_row_group_says_so_for_each_row(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    columns = {"image": [jpeg(n, (400, 300)) for n in range(8)]}
    pq.write_table(pa.table(columns), path, row_group_size=4, compression="zstd", use_dictionary=False)
    offset = pq.ParquetFile(path).metadata.row_group(0).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    data[offset : offset + 60] = b"\xff" * 60
    path.write_bytes(bytes(data))
    rows = read(path)
    assert [row.error is None for row in rows] == [False] * 4 + [True] * 4
    assert "row group 0 cannot be read" in str(rows[0].error)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda p: None, "no such file or folder"),
        (lambda p: p.mkdir(), "no files in"),
        (lambda p: (p.mkdir(), (p / "a.doc").write_text("x")), "no images, .tar or .parquet files in"),
        (lambda p: (p.mkdir(), pq.write_table(pa.table({"x": [1]}), p / "a.parquet")), "has no image column"),
        (lambda p: (p.mkdir(), pq.write_table(pa.table({"jpg": [b""]})[:0], p / "a.parquet")), "no rows in"),
    ],
)
def test_an_input_that_is_a_mistake(tmp_path: Path, make, why: str) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / "in")
    with pytest.raises(InputError, match=why):
        make_plan(str(tmp_path / "in"))


def test_globs(tmp_path: Path) -> None:
    for name in ("a.tar", "b.tar", "c.tar"):
        write_tar(tmp_path / name, [(f"{name}0.jpg".replace(".tar", ""), jpeg(0))])
    plan = make_plan(str(tmp_path / "[ab].tar"))
    assert [unit.source for unit in plan.units] == ["a.tar", "b.tar"]
    with pytest.raises(InputError, match="nothing matches"):
        make_plan(str(tmp_path / "*.parquet"))


def test_the_plan_is_the_inputs_alone(tmp_path: Path) -> None:
    for number in range(70):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(number, (8, 8)))
    assert make_plan(str(tmp_path)) == make_plan(str(tmp_path))
    before = make_plan(str(tmp_path)).digest()
    (tmp_path / "3.jpg").write_bytes(jpeg(999))
    assert make_plan(str(tmp_path)).digest() != before


@given(st.integers(0, 10**9))
def test_units_are_neither_tiny_nor_huge(rows: int) -> None:
    assert 32 <= unit_rows(rows) <= 1024


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_text_is_writable_and_keeps_apart_what_is_text(one: str, other: str) -> None:
    text(one).encode()
    if one != other and "\\" not in one + other:
        assert text(one) != text(other)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.binary(), st.lists))
def test_metadata_is_valid_json(value: object) -> None:
    written = to_json({"x": value})
    assert written is not None
    assert json.loads(written, parse_constant=pytest.fail) == {"x": plain(value)}


def test_shards_are_read_without_beam_or_torch() -> None:
    code = "import curation.shards.plan, sys; print({'apache_beam', 'torch'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
