from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from train.data import DataError, Source, open_source
from train.data.encoded import SCHEMA, Format, Parts, Plan, check, load_plan, record, save_plan
from train.data.labels import Label
from train.data.stream import Bad, Choice, Encoded, NotYet
from train.data.weighing import alike

FORMAT = Format("dct-1", "letters-1", 16, 8, 32)
LABELS = (Label("word", "pure", "Design/posters"), Label("line", "pure", "Nature/food"))


def numbers(row: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(row)
    return torch.randn(16, 4, 4 + row % 3, generator=generator), torch.randn(1 + row, 8, generator=generator) * 300


def output(folder: Path, parts: int = 2, planned: int = 20, written: int = 20) -> str:
    """An output of so many parts, rows of two grades in turn, and the plan of one part more."""
    tallies = {LABELS[0]: alike(planned - planned // 2), LABELS[1]: alike(planned // 2)}
    save_plan(str(folder), Plan(FORMAT, [planned] * (parts + 1), [tallies] * (parts + 1)))
    (folder / "shards").mkdir()
    for part in range(parts):
        rows = []
        for number in range(written):
            known = LABELS[number % 2]
            names = asdict(known) | {"caption": "x", "source": "y"}
            rows.append({"key": f"{part}-{number}", **names, **record(*numbers(number))})
        path = folder / "shards" / f"part-{part:06}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path, row_group_size=8)
    return str(folder)


def test_a_plan_is_read_back(tmp_path: Path) -> None:
    path = output(tmp_path)
    plan = load_plan(path)
    assert plan
    assert plan.format == FORMAT
    assert list(plan.rows) == [20] * 3
    assert plan.tallies[2] == {LABELS[0]: alike(10), LABELS[1]: alike(10)}
    assert load_plan(str(tmp_path / "shards")) is None


def test_an_output_without_its_plan_yet_says_so(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "run.json").write_text('{"command": "encode"}')
    with pytest.raises(DataError, match=r"is being planned by `curation encode`: begin when .*plan.parquet is there"):
        load_plan(str(tmp_path))


def test_rows_are_what_was_encoded_but_for_rounding(tmp_path: Path) -> None:
    path = output(tmp_path)
    found = Parts(path, load_plan(path), Choice()).read(1, [0, 7, 8, 19])
    assert [found[row].key for row in (0, 7, 8, 19)] == ["1-0", "1-7", "1-8", "1-19"]
    for row, item in found.items():
        assert isinstance(item, Encoded)
        latents, text = numbers(row)
        torch.testing.assert_close(item.latents.float(), latents, rtol=2**-11, atol=1e-7)
        torch.testing.assert_close(item.text.float(), text, rtol=2**-8, atol=0)


def test_rows_are_chosen_by_label(tmp_path: Path) -> None:
    path = output(tmp_path)
    parts = Parts(path, load_plan(path), Choice(("line",), (), "Nature"))
    assert parts.amounts.rows.tolist() == [10, 10, 10]
    found = parts.read(0, range(10))
    assert [found[row].key for row in range(10)] == [f"0-{number}" for number in range(1, 20, 2)]


def test_a_row_that_was_planned_and_not_encoded_is_bad(tmp_path: Path) -> None:
    path = output(tmp_path, written=18)
    found = Parts(path, load_plan(path), Choice()).read(0, [17, 18])
    assert isinstance(found[17], Encoded)
    assert found[18] == Bad(f"part-000000 of {path}#18", "not encoded")


def test_a_part_that_is_not_there_yet_says_so(tmp_path: Path) -> None:
    path = output(tmp_path)
    parts = Parts(path, load_plan(path), Choice())
    with pytest.raises(NotYet, match=r"part-000002.parquet: `curation encode` has not written it yet"):
        parts.read(2, [0])
    (tmp_path / "run.json").write_text('{"status": "failed", "error": "no space"}')
    with pytest.raises(NotYet, match=r"failed \(no space\)"):
        parts.read(2, [0])
    (tmp_path / "run.json").write_text('{"status": "complete"}')
    with pytest.raises(DataError, match=r"is missing, though .* is complete"):
        parts.read(2, [0])


def test_numbers_that_cannot_be_kept_are_refused() -> None:
    latents, text = numbers(0)
    for broken in ((latents * 1e6, text), (latents, text * float("nan"))):
        with pytest.raises(ValueError, match="not finite in"):
            record(*broken)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"codec": "dct-2"}, "the codec dct-2, the config has dct-1"),
        ({"encoder": "qwen"}, "the text encoder qwen, the config has letters-1"),
        ({"size": 64}, "the resolution 64, the config has 32"),
    ],
)
def test_another_codec_encoder_or_size_is_refused(tmp_path: Path, change: dict[str, object], what: str) -> None:
    with pytest.raises(DataError, match=f"x was encoded with {what}: encode it anew"):
        check("x", replace(FORMAT, **change), FORMAT.size, FORMAT.codec, FORMAT.encoder)
    path = output(tmp_path)
    assert open_source(Source(path), 32, "dct-1", "letters-1")[0].shards.amounts.rows.sum() == 60
    with pytest.raises(DataError, match="encode it anew"):
        open_source(Source(path), 64, "dct-1", "letters-1")


def test_a_plan_of_somebody_else_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "plan.parquet")
    with pytest.raises(DataError, match="is no plan of this version of `curation encode`"):
        load_plan(str(tmp_path))
