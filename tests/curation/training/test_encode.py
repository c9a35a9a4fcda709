from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import torch

from curation import cli, manifest
from curation.mistake import SettingsError
from curation.training.encode import Wishes, encode, resolve
from tests.train.data.shards import rows, written
from train import condition, latents
from train.data import Batches, DataError, Source
from train.data.encoded import load_plan
from train.example import Example

ROWS = 150


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("pictures"), rows(ROWS), a_part=50)


@pytest.fixture(scope="module")
def encoded(shards: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = str(tmp_path_factory.mktemp("latents") / "out")
    encode(Wishes(shards, out, size=32), [])
    return out


def batches(source: Source, size: int = 32, batch: int = 10) -> Batches:
    return Batches([source], 7, batch, size, latents.build({}), condition.build({}))


def by_key(source: Source, steps: int = ROWS // 10) -> dict[str, Example]:
    return {example.key: example for examples in islice(batches(source), steps) for example in examples}


def test_encoded_rows_train_as_their_pictures_do(shards: str, encoded: str) -> None:
    plain, coded = by_key(Source(shards)), by_key(Source(encoded))
    assert coded.keys() == plain.keys()
    for key, example in coded.items():
        assert example.latents.dtype == example.text.dtype == torch.float32
        torch.testing.assert_close(example.latents, plain[key].latents, rtol=2**-11, atol=1e-6)
        torch.testing.assert_close(example.text, plain[key].text, rtol=2**-8, atol=1e-6)


def test_encoded_rows_are_chosen_by_their_labels(encoded: str) -> None:
    assert {int(key[-4:]) % 3 for key in by_key(Source(encoded, grades=("line",)))} == {1}
    assert {int(key[-4:]) % 3 for key in by_key(Source(encoded, domains={"Nature": 1}))} == {0, 1}


def test_the_manifest_names_codec_and_encoder(encoded: str) -> None:
    record = manifest.load(encoded)
    assert record
    assert record["status"] == "complete"
    assert record["recipe"]["codec"] == latents.build({}).name
    assert record["recipe"]["encoder"] == condition.build({}).name
    assert record["counts"]["kept"] == ROWS
    plan = load_plan(encoded)
    assert plan
    assert sum(plan.rows) == ROWS


def test_rows_that_cannot_be_encoded_are_rejected_and_replaced(tmp_path: Path) -> None:
    source = written(tmp_path / "in", rows(100, broken=[3, 50], silent=[7]))
    _, total = encode(Wishes(source, str(tmp_path / "out"), size=32), [])
    assert (total.read, total.kept) == (100, 97)
    rejected = pq.read_table(tmp_path / "out" / "rejects").to_pylist()
    assert {row["key"]: row["error"] for row in rejected} == {
        "row-0003": "NotAnImage",
        "row-0050": "NotAnImage",
        "row-0007": "NoCaption",
    }
    feed = batches(Source(str(tmp_path / "out")))
    found = Counter(example.key for examples in islice(feed, 10) for example in examples)
    assert len(found) == 97
    assert feed.skipped["not encoded"] >= 3


def test_a_job_that_was_killed_goes_on(shards: str, encoded: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    encode(Wishes(shards, str(out), size=32), [])
    first = (out / "shards/part-000001.parquet").stat().st_mtime_ns
    (out / "run.json").unlink()  # as if it had died with one part to go
    state = dict(manifest.load(encoded) or {}, status="running")
    (out / "work/done").mkdir(parents=True)
    (out / "work/run.json").write_text(json.dumps(state))
    for part in range(2):
        (out / f"work/done/part-{part:06}.json").write_text("{}")
    (out / "shards/part-000002.parquet").unlink()
    encode(Wishes(shards, str(out), size=32), [])
    assert (out / "shards/part-000001.parquet").stat().st_mtime_ns == first
    for name in ("part-000000", "part-000001", "part-000002"):
        assert (out / f"shards/{name}.parquet").read_bytes() == (Path(encoded) / f"shards/{name}.parquet").read_bytes()


def test_a_training_reads_beside_the_job_that_writes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each unit takes the producer a while: the reader has the first before the last is written."""
    source, out = written(tmp_path / "in", rows(640), a_part=64), tmp_path / "out"
    script = (
        "import time\n"
        "from curation.training import encode_worker\n"
        "from curation.training.encode import Wishes, encode\n"
        "inner = encode_worker._commit\n"
        "def slow(*arguments): time.sleep(0.3); inner(*arguments)\n"
        "encode_worker._commit = slow\n"
        f"encode(Wishes({source!r}, {str(out)!r}, size=32), ['--direct_num_workers=1'])\n"
    )
    producer = subprocess.Popen([sys.executable, "-c", script])
    try:
        while not (out / "plan.parquet").exists():
            assert producer.poll() is None
            time.sleep(0.05)
        feed = batches(Source(str(out)), batch=64)
        began = iter(feed)
        found = [example.key for example in next(began)]
        assert producer.poll() is None
        assert len(list((out / "shards").glob("part-*.parquet"))) < 10
        found += [example.key for examples in islice(began, 9) for example in examples]
        assert producer.wait(60) == 0
    finally:
        producer.kill()
    assert sorted(found) == [f"row-{number:04}" for number in range(640)]
    assert feed.wait_seconds > 0.5
    assert not feed.skipped
    assert capfd.readouterr().err.count("waiting for") == 1
    again = [example.key for examples in islice(batches(Source(str(out)), batch=64), 10) for example in examples]
    assert again == found


def test_labels_and_captions_are_found_after_other_commands(tmp_path: Path) -> None:
    """What `synth` wrote into columns, `run` and `annotate` move elsewhere."""
    source = written(tmp_path / "made", rows(24))
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("stages:\n  - entropy: {min_bits: 0}\n")
    run, annotated = str(tmp_path / "run"), str(tmp_path / "annotated")
    assert cli.main(["run", str(recipe), "--input", source, "--output", run]) == 0
    assert cli.main(["annotate", run, "--output", annotated, "--no-ocr"]) == 0
    for path, caption in ((run, "caption"), (annotated, "caption_raw")):
        found = by_key(Source(path, grades=("line",), tiers=("pure",), caption=caption), steps=2)
        assert {int(key[-4:]) % 3 for key in found} == {1}
        key, example = next(iter(found.items()))
        words = f'The word "{int(key[-4:])}" in a colour'
        assert torch.equal(example.text, condition.build({}).encode([words])[0])
    assert len(by_key(Source(annotated, caption={"caption_raw": 1, "caption_recaption": 1}))) == 24


@pytest.mark.parametrize(
    ("wishes", "what"),
    [
        ({"codec": "dtc"}, "there is no codec 'dtc'; did you mean 'dct'"),
        ({"codec": "qwen"}, "path is missing"),
        ({"encoder": "letters:/there"}, "path"),
        ({"size": 100}, "--size must be a multiple of 16, not 100"),
        ({"caption": "caption_raw"}, "has no captions in `caption_raw`"),
        ({"config": "x.yaml", "codec": "dct"}, "--config says which codec and encoder"),
    ],
)
def test_mistakes_are_one_line(shards: str, tmp_path: Path, wishes: dict[str, object], what: str) -> None:
    with pytest.raises(SettingsError, match=what) as caught:
        encode(Wishes(shards, str(tmp_path / "out"), **wishes), [])
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_what_is_encoded_is_not_encoded_again(encoded: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is encoded already"):
        encode(Wishes(encoded, str(tmp_path / "out")), [])
    with pytest.raises(DataError, match="the resolution 32, the config has 64"):
        batches(Source(encoded), size=64)


def test_a_config_says_what_a_training_will_ask_for(tmp_path: Path) -> None:
    config = tmp_path / "train.yaml"
    sizes = {"num_layers": 1, "num_attention_heads": 2, "attention_head_dim": 16, "axes_dims_rope": [4, 6, 6]}
    phase = {"resolution": 64, "sources": [{"path": "x"}], "batch": 2, "steps": 1}
    content = {"output": "out", "model": sizes, "phases": [phase], "latents": {"codec": "dct"}}
    config.write_text(json.dumps(content))
    settings = resolve(Wishes("in", "out", config=str(config)))
    assert (settings.size, json.loads(settings.codec), json.loads(settings.encoder)) == (64, {"codec": "dct"}, {})
    content["phases"] = [phase, phase | {"resolution": 32}]
    config.write_text(json.dumps(content))
    with pytest.raises(SettingsError, match="has phases of 32, 64 px: say which"):
        resolve(Wishes("in", "out", config=str(config)))
    assert resolve(Wishes("in", "out", config=str(config), size=32)).size == 32
