"""The sample: chosen by key, whatever the input is packed in."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.profiling.sample import Piece, chosen, draw, read
from curation.shards.plan import KEYS, make_plan, read_unit
from curation.shards.schema import Row
from tests.curation.conftest import jpeg

NAMES = [f"{number:03}" for number in range(90)]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same small pictures as a folder, as Parquet in row groups of 20, and as two tars."""
    root = tmp_path_factory.mktemp("packed")
    pictures = {name: jpeg(number, (16, 16)) for number, name in enumerate(NAMES)}
    for folder in ("folder", "parquet", "tars"):
        (root / folder).mkdir()
    for name, data in pictures.items():
        (root / "folder" / f"{name}.jpg").write_bytes(data)
    table = pa.table({"key": [f"{name}.jpg" for name in NAMES], "jpg": list(pictures.values())})
    pq.write_table(table, root / "parquet" / "all.parquet", row_group_size=20)
    for number, names in enumerate((NAMES[:50], NAMES[40:])):  # ten keys stand in both
        with tarfile.open(root / "tars" / f"{number}.tar", "w") as tar:
            for name in names:
                info = tarfile.TarInfo(f"{name}.jpg")
                info.size = len(pictures[name])
                tar.addfile(info, io.BytesIO(pictures[name]))
    return root


def sample(path: Path, count: int, seed: int = 0) -> list[Row]:
    pieces = draw(make_plan(str(path)), count, seed).units
    assert [piece.number for piece in pieces] == list(range(len(pieces)))
    rows = []
    for piece in pieces:
        assert isinstance(piece, Piece)
        found = list(read(piece))
        assert len(found) == piece.rows
        rows += found
    return rows


def keys(rows: list[Row]) -> list[str]:
    return [row.key for row in rows]


@pytest.mark.parametrize("kind", ["folder", "parquet", "tars"])
def test_keys_are_those_of_the_rows(packed: Path, kind: str) -> None:
    for unit in make_plan(str(packed / kind)).units:
        assert KEYS[unit.kind](unit) == [row.key for row in read_unit(unit)]


@pytest.mark.parametrize("kind", ["folder", "parquet", "tars"])
def test_the_sample_has_as_many_rows_as_asked_for(packed: Path, kind: str) -> None:
    everything = keys([row for unit in make_plan(str(packed / kind)).units for row in read_unit(unit)])
    assert keys(sample(packed / kind, 1000)) == everything
    few = keys(sample(packed / kind, 33))
    assert len(few) == 33
    assert few == [key for key in everything if key in few]  # in order, each once
    assert set(keys(sample(packed / kind, 12))) < set(few)
    assert set(keys(sample(packed / kind, 33, seed=1))) != set(few)
    assert len(sample(packed / kind, 1)) == 1


def test_the_sample_does_not_depend_on_the_packing(packed: Path) -> None:
    folder, parquet = sample(packed / "folder", 40), sample(packed / "parquet", 40)
    assert {row.key: row.data for row in folder} == {row.key: row.data for row in parquet}


def test_images_of_a_sample_are_found_again(packed: Path) -> None:
    pieces = draw(make_plan(str(packed / "parquet")), 70, 0).units
    assert len(pieces) == 2
    wanted = [(0, 3, "?"), (1, 0, "?")]
    first, second = (list(read(piece)) for piece in pieces if isinstance(piece, Piece))
    assert dict(chosen(pieces, wanted)) == {first[3].key: first[3].data, second[0].key: second[0].data}


def test_an_input_that_shrinks_meanwhile_is_noticed(packed: Path, tmp_path: Path) -> None:
    table = pq.read_table(packed / "parquet" / "all.parquet")
    pq.write_table(table, tmp_path / "all.parquet")
    (piece,) = draw(make_plan(str(tmp_path)), 1000, 0).units
    pq.write_table(table.slice(0, 5), tmp_path / "all.parquet")
    assert isinstance(piece, Piece)
    with pytest.raises(RuntimeError, match="it changed during the run"):
        list(read(piece))


def test_a_tar_that_breaks_off_can_be_sampled(packed: Path, tmp_path: Path) -> None:
    whole = (packed / "tars" / "0.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    plan = make_plan(str(tmp_path))
    everything = sample(tmp_path, plan.images)
    assert everything[-1].error is not None
    assert set(keys(sample(tmp_path, plan.images - 1))) < set(keys(everything))
