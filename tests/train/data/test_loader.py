from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from curation.shards.languages import LANGUAGES
from curation.shards.plan import InputError
from curation.shards.schema import widened
from tests.train.data.shards import DOMAINS, rows, written
from train import condition, latents
from train.data import Batches, DataError, Source
from train.data.labels import CATEGORIES
from train.example import Example

ROWS = 150


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("shards"), rows(ROWS))


def batches(*sources: Source, batch: int = 10, seed: int = 7, **options: Any) -> Batches:
    return Batches(sources, seed, batch, 32, latents.build({}), condition.build({}), **options)


def keys(feed: Batches, steps: int) -> list[list[str]]:
    return [[example.key for example in examples] for examples in islice(feed, steps)]


def flat(found: list[list[str]]) -> list[str]:
    return [key for step in found for key in step]


def equal(one: Example, other: Example) -> bool:
    return one.key == other.key and torch.equal(one.latents, other.latents) and torch.equal(one.text, other.text)


@pytest.mark.parametrize("format", ["parquet", "webdataset"])
def test_every_row_comes_once_an_epoch(tmp_path: Path, format: str) -> None:
    source = Source(written(tmp_path, rows(ROWS), format))
    found = keys(batches(source), 30)
    for epoch in (flat(found[:15]), flat(found[15:])):
        assert sorted(epoch) == [f"row-{number:04}" for number in range(ROWS)]
    assert found[:15] != found[15:]


def test_an_example_is_what_codec_and_encoder_make_of_a_row(shards: str) -> None:
    codec, encoder = latents.build({}), condition.build({})
    example = next(iter(batches(Source(shards))))[0]
    number = int(example.key[-4:])
    assert example.latents.shape == {0: (16, 4, 4), 1: (16, 2, 6), 2: (16, 6, 2)}[number % 3]
    assert torch.equal(example.text, encoder.encode([f'The word "{number}" in a colour'])[0])
    colours = codec.decode(example.latents[None]).std((2, 3))
    assert colours.max() < 1e-3  # the picture has one


def test_ranks_share_the_batches_of_one(shards: str) -> None:
    whole = list(islice(batches(Source(shards), batch=12), 20))
    for world in (2, 4):
        ranks = [list(islice(batches(Source(shards), batch=12, rank=r, world=world), 20)) for r in range(world)]
        for step, alone in enumerate(whole):
            together = [example for rank in ranks for example in rank[step]]
            assert all(map(equal, alone, together))


def test_a_rank_holds_its_own_rows_only(shards: str) -> None:
    feed = batches(Source(shards), batch=50, rank=3, world=5)
    feed._windows[0].take(30)
    held = [load.result() for load in feed._windows[0]._loads.values()]
    assert sum(map(len, held)) == 2 * ROWS // 5 - 1  # this epoch and the next one


def test_resuming_takes_the_number_of_a_step_alone(shards: str) -> None:
    sources = Source(shards, 3, ("word",)), Source(shards, 1, ("line", "paragraph"))
    whole = list(islice(batches(*sources), 40))
    for start in (1, 13, 39):
        resumed = list(islice(batches(*sources, start=start), 40 - start))
        assert all(
            equal(*pair) for steps in zip(whole[start:], resumed, strict=True) for pair in zip(*steps, strict=True)
        )


def test_sources_are_drawn_by_weight(shards: str) -> None:
    found = flat(keys(batches(Source(shards, 3, ("word",)), Source(shards, 1, ("line",))), 40))
    assert Counter(int(key[-4:]) % 3 for key in found) == {0: 300, 1: 100}
    assert Counter(Counter(found).values()).keys() <= {2, 3, 6}


def test_rows_of_tars_are_chosen_too(tmp_path: Path) -> None:
    source = Source(written(tmp_path, rows(60), "webdataset"), grades=("line",), domains={"Nature/animals": 1})
    assert sorted(flat(keys(batches(source), 2))) == [f"row-{number:04}" for number in range(1, 60, 3)]


def test_domains_have_shares_of_their_own(shards: str) -> None:
    found = flat(keys(batches(Source(shards, domains={"Nature": 1, "Design/slides": 4})), 50))
    shares = Counter(DOMAINS[int(key[-4:]) % 3].partition("/")[0] for key in found)
    assert shares == {"Nature": 100, "Design": 400}


def test_rows_are_chosen_by_what_a_run_sorted_them_into(tmp_path: Path) -> None:
    made = [
        replace(row, extra={"language": LANGUAGES[number % 4], "category": CATEGORIES[number % 3]})
        for number, row in enumerate(rows(60))
    ]
    path = written(tmp_path, made, schema=widened(["language", "category"]))
    source = Source(path, languages=("chinese", "other"), categories=("portrait",))
    wanted = [f"row-{number:04}" for number in range(60) if number % 4 in (2, 3) and number % 3 == 1]
    assert sorted(flat(keys(batches(source), 1))) == sorted(wanted)
    with pytest.raises(DataError, match="has no rows of chinese, portrait, Design/slides"):
        batches(replace(source, languages=("chinese",), domains={"Design/slides": 1}))


def test_rows_that_cannot_be_used_are_replaced_alike_everywhere(tmp_path: Path) -> None:
    path = written(tmp_path, rows(ROWS, broken=range(0, ROWS, 10), silent=range(5, ROWS, 10)))
    feed = batches(Source(path), batch=10)
    found = keys(feed, 15)
    assert Counter(flat(found)).keys() == {f"row-{n:04}" for n in range(ROWS) if n % 5}
    assert feed.skipped["no caption"] >= 15
    assert feed.skipped["cannot be decoded: UnidentifiedImageError"] >= 15
    assert feed.keys["row-0005"] == "no caption"
    assert len(feed.keys) == 30
    ranks = [batches(Source(path), batch=10, rank=rank, world=2) for rank in range(2)]
    assert [one + other for one, other in zip(*(keys(rank, 15) for rank in ranks), strict=True)] == found
    assert ranks[0].skipped + ranks[1].skipped == feed.skipped


def test_captions_that_are_cut_are_counted(tmp_path: Path) -> None:
    long = {number: "word " * length for number, length in ((3, 1023), (5, 1025), (40, 5000))}
    captioned = (replace(row, caption=long.get(number, row.caption)) for number, row in enumerate(rows(60)))
    source = Source(written(tmp_path, captioned))
    alone, *ranks = (batches(source, rank=rank, world=world) for rank, world in ((0, 1), (0, 2), (1, 2)))
    lengths = [len(example.text) for examples in islice(alone, 6) for example in examples]
    assert sorted(lengths)[-3:] == [1023, 1024, 1024]
    assert alone.cut == 2
    for rank in ranks:
        list(islice(rank, 6))
    assert sum(rank.cut for rank in ranks) == 2
    assert not alone.skipped


def test_a_source_that_is_spoilt_ends_the_run_with_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, rows(ROWS, broken=range(ROWS)))
    with pytest.raises(DataError, match=r"^64 rows in a row cannot be used; the last is row-\d+: cannot be decoded"):
        next(iter(batches(Source(path))))


def test_captions_are_chosen_by_their_shares_among_those_there(tmp_path: Path) -> None:
    table = pq.read_table(written(tmp_path / "plain", rows(ROWS)) + "/part-000000.parquet")
    numbers = range(ROWS)
    for name, has in (("caption_raw", 10), ("caption_recaption", 1)):
        texts = pa.array([f"{name} {n}" if n % has == 0 else None for n in numbers], pa.string())
        table = table.append_column(name, texts)
    (tmp_path / "split").mkdir()
    pq.write_table(table, tmp_path / "split" / "0.parquet", row_group_size=64)
    source = Source(str(tmp_path / "split"), caption={"caption_raw": 3, "caption_recaption": 1})
    feed = batches(source, batch=50)
    texts = [feed._usable(sample, []).caption.split() for sample in range(10 * ROWS)]
    raw = Counter(name for name, number in texts if int(number) % 10 == 0)
    assert raw["caption_raw"] / raw.total() == pytest.approx(0.75, abs=0.08)
    assert {name for name, number in texts if int(number) % 10} == {"caption_recaption"}
    assert len({number for _, number in texts}) == ROWS


def test_captions_of_few_rows_are_replaced_by_none_of_others(tmp_path: Path) -> None:
    path = written(tmp_path, rows(ROWS, silent=range(ROWS)))
    with pytest.raises(DataError, match=r"has no captions in `caption`: `curation annotate` writes them"):
        batches(Source(path))
    with pytest.raises(DataError, match=r"has no captions in `caption_raw` or `caption_fused`"):
        batches(Source(written(tmp_path / "two", rows(9)), caption={"caption_raw": 1, "caption_fused": 1}))


def test_mistakes_are_one_line_before_anything_begins(shards: str, tmp_path: Path) -> None:
    for mistake, what in (
        (lambda: Source(shards, grades=("huge",)), "unknown grade 'huge'; it is one of none, word, line, paragraph"),
        (
            lambda: Source(shards, languages=("zh",)),
            "unknown language 'zh'; it is one of none, english, chinese, other",
        ),
        (lambda: Source(shards, categories=("cat",)), "unknown category 'cat'; it is one of general, portrait, text"),
        (lambda: Source(shards, 0.0), "weights must be numbers above 0"),
        (lambda: Source(shards, domains={"Nature": -1}), "weights must be numbers above 0"),
        (lambda: Source(shards, caption={"caption": "much"}), "weights must be numbers above 0"),
        (lambda: Source(shards, caption={}), "caption names no column"),
        (lambda: batches(Source(shards, grades=("none",))), "has no rows of none"),
        (lambda: batches(Source(shards, tiers=("complex",))), "has no rows of complex"),
        (lambda: batches(Source(shards), batch=10, world=3), "a batch of 10 cannot be shared among 3 processes"),
    ):
        with pytest.raises(DataError, match=what) as caught:
            mistake()
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no such file or folder"):
        batches(Source(str(tmp_path / "nothing")))


def test_one_huge_row_group_is_refused(tmp_path: Path) -> None:
    row = next(rows(1))
    image = {"bytes": row.data, "path": None}
    columns = {"key": [str(n) for n in range(8193)], "image": [image] * 8193, "caption": ["x"] * 8193}
    pq.write_table(pa.table(columns), tmp_path / "one.parquet")
    with pytest.raises(DataError, match=r"a row group of 8,193 rows, more than the 8,192"):
        batches(Source(str(tmp_path)))


def test_a_shard_that_goes_while_training_is_one_line(tmp_path: Path) -> None:
    feed = batches(Source(written(tmp_path, rows(ROWS))))
    for path in tmp_path.glob("*.parquet"):
        path.unlink()
    with pytest.raises(DataError, match=r"64 rows in a row cannot be used; the last is .*: BrokenShard"):
        next(iter(feed))


def test_a_process_that_fails_in_the_middle_ends_at_once(shards: str) -> None:
    script = (
        "import sys\n"
        "from tests.train.data.test_loader import *\n"
        f"feed = iter(batches(Source({shards!r})))\n"
        "next(feed)\n"
        "raise SystemExit('stopped')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.strip()) == (1, "stopped")


def test_equal_pictures_of_two_sources_stay_apart(shards: str, tmp_path: Path) -> None:
    other = [replace(row, key=f"other-{row.key}") for row in rows(30)]
    found = flat(keys(batches(Source(shards), Source(written(tmp_path, other))), 30))
    assert Counter(key.startswith("other") for key in found) == {True: 150, False: 150}
