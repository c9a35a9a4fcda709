"""`curation annotate` over the scripted server: what comes of each fault, and the laws."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import datasets
import duckdb
import pytest
from jsonschema_rs import Draft202012Validator

from annotate.engines import openai
from annotate.prompt import load, stored_schema
from curation import cli
from tests.annotate import faults
from tests.annotate.server import Server
from tests.curation.annotation.conftest import Annotate, images, manifest, plain_images
from tests.curation.conftest import Run, contents, jpeg, rows

OVER = ["--engine", "openai", "--no-ocr", "--endpoint"]


def keys(out: Path, folder: str) -> list[str]:
    return [row["key"] for row in rows(out, folder)] if (out / folder).exists() else []


def impatient(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    """Waits of the engine that are too long for a test."""
    usual = openai.OpenAI.__init__.__kwdefaults__
    monkeypatch.setattr(openai.OpenAI.__init__, "__kwdefaults__", usual | seconds)


def check_all(out: Path, count: int) -> list[dict]:
    """Every key stands once in signals, and once in the shards or the rejects; annotations are valid."""
    annotated, valid = rows(out, "shards"), Draft202012Validator(stored_schema())
    everywhere = [row["key"] for row in annotated] + keys(out, "rejects")
    assert sorted(everywhere) == sorted(keys(out, "signals"))
    assert len(set(everywhere)) == len(everywhere) == count
    for row in annotated:
        annotation = json.loads(row["annotation"])
        assert valid.is_valid(annotation)
        assert annotation["prompt"] == load(annotation["language"]).digest
        assert row["caption"] == row["caption_recaption"] == annotation["caption"]
    return annotated


def test_every_image_is_annotated(tmp_path: Path, annotate: Annotate) -> None:
    source = images(tmp_path / "in", 40)
    (source / "00003.txt").write_text("A harbour in the morning")
    (source / "broken.jpg").write_bytes(jpeg(1)[:300])
    with Server() as server:
        out = annotate(source, *OVER, server.url)
    by_key = {row["key"]: row for row in check_all(out, 41)}
    assert len(by_key) == 40
    assert keys(out, "rejects") == ["broken.jpg"]
    assert all(row["image"]["bytes"] == (source / key).read_bytes() for key, row in by_key.items())
    assert by_key["00003.jpg"]["caption_raw"] == "A harbour in the morning"
    assert by_key["00003.jpg"]["caption_fused"] == json.loads(by_key["00003.jpg"]["annotation"])["fused_caption"]
    assert by_key["00004.jpg"]["caption_raw"] is by_key["00004.jpg"]["caption_fused"] is None
    assert json.loads(by_key["00004.jpg"]["annotation"])["model"] == "scripted"
    record = manifest(out)
    assert (record["command"], record["status"]) == ("annotate", "complete")
    assert record["recipe"]["model"] == "scripted"
    assert record["counts"]["kept"] == 40
    assert not (out / "work").exists()
    loaded = datasets.load_dataset("parquet", data_files=str(out / "shards/*.parquet"), split="train")
    assert loaded[0]["image"].size == (64, 48)
    query = f"select json_extract_string(annotation, '$.domain') as d from '{out}/shards/*.parquet'"
    assert all("/" in domain for (domain,) in duckdb.sql(query).fetchall())


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("cut", "not_json"),
        ("length", "truncated"),
        ("refusal", "refusal"),
        ("refused", "refusal"),
        ("loop", "loop"),
        ("wrong_schema", "wrong_schema"),
        ("empty", "not_json"),
    ],
)
def test_bad_replies_are_asked_for_once_more_then_rejected(
    tmp_path: Path, annotate: Annotate, fault: str, error: str
) -> None:
    source = images(tmp_path / "in", 3)
    with Server(faults.first(1, fault)) as server:
        healed = annotate(source, *OVER, server.url, name="healed")
        assert set(server.asked.values()) == {2}
    check_all(healed, 3)
    assert [row["annotate.replies"] for row in rows(healed, "signals")] == [2, 2, 2]
    assert [row[f"annotate.{error}"] for row in rows(healed, "signals")] == [1, 1, 1]
    with Server(faults.always(fault)) as server:
        lost = annotate(source, *OVER, server.url, name="lost")
        assert set(server.asked.values()) == {2}
    assert check_all(lost, 3) == []
    rejects = rows(lost, "rejects")
    assert {row["error"] for row in rejects} == {error}
    assert all(row["bytes"] == (source / row["key"]).read_bytes() for row in rejects)
    if fault in ("cut", "length", "refusal", "loop", "wrong_schema"):
        assert all(row["reply"] for row in rejects)
    reasons = [row["reason"] for row in rows(lost, "signals")]
    assert all(reason.startswith("cannot be annotated: ") for reason in reasons)


@pytest.mark.parametrize("fault", ["429", "500", "503", "reset", "half", "not_json", "not_chat", "other", "slow"])
def test_faults_of_the_way_cost_nothing(tmp_path: Path, annotate: Annotate, fault: str) -> None:
    source = images(tmp_path / "in", 4)
    with Server(faults.first(1, fault)) as server:
        out = annotate(source, *OVER, server.url)
    assert len(check_all(out, 4)) == 4
    assert [row["annotate.replies"] for row in rows(out, "signals")] == [1] * 4


def test_an_image_the_server_cannot_take_is_rejected(
    tmp_path: Path, annotate: Annotate, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch, backoff=0.05)
    source = images(tmp_path / "in", 6)
    poisoned: set[str] = set()

    def script(ask: faults.Ask) -> str:
        if ask.image and not poisoned:
            poisoned.add(ask.image)
        return "500" if ask.image in poisoned else ""

    with Server(script) as server:
        out = annotate(source, *OVER, server.url)
    assert len(check_all(out, 6)) == 5
    (reject,) = rows(out, "rejects")
    assert reject["error"] == "ItemError"
    assert "500" in reject["message"]


def test_ten_thousand_items_with_faults(tmp_path: Path, annotate: Annotate) -> None:
    source = plain_images(tmp_path / "in", 10_000)
    anything = tuple(set(faults.TRANSIENT + faults.SPOILT) - {"hang"})
    with Server(faults.chance(0.1, faults=anything)) as server:
        out = annotate(source, *OVER, server.url, "--concurrency", "128")
        assert {count for image, count in server.answered.items() if image} == {1, 2}
    assert 9_900 <= len(check_all(out, 10_000)) < 10_000
    assert sum(server.given[fault] for fault in anything) > 900


def test_the_same_image_is_asked_about_once(tmp_path: Path, annotate: Annotate) -> None:
    source = images(tmp_path / "in", 3)
    for name in ("copy.jpg", "another copy.jpg"):
        shutil.copy(source / "00001.jpg", source / name)
    with Server(latency=0.1) as server:
        cache = ("--cache", str(tmp_path / "cache"))
        first = annotate(source, *OVER, server.url, *cache, name="first")
        assert list(server.asked.values()) == [1, 1, 1]
        again = annotate(images(source, 1, first=7), *OVER, server.url, *cache, name="again")
        assert list(server.asked.values()) == [1, 1, 1, 1]
    captions = {row["key"]: row["caption"] for row in rows(first, "shards")}
    assert captions["copy.jpg"] == captions["another copy.jpg"] == captions["00001.jpg"]
    assert captions.items() <= {row["key"]: row["caption"] for row in rows(again, "shards")}.items()


def test_the_server_dies_and_comes_back(tmp_path: Path, annotate: Annotate) -> None:
    source = images(tmp_path / "in", 200)
    with Server(latency=0.1) as server:

        def blink() -> None:
            while sum(server.answered.values()) < 80:
                time.sleep(0.02)
            server.stop()
            time.sleep(1)
            server.start()

        blinking = threading.Thread(target=blink)
        blinking.start()
        out = annotate(source, *OVER, server.url, "--concurrency", "16")
        blinking.join()
    assert len(check_all(out, 200)) == 200
    assert [row["annotate.replies"] for row in rows(out, "signals")] == [1] * 200


def test_a_server_that_stays_away_stops_the_run_and_nothing_is_lost(
    tmp_path: Path, annotate: Annotate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        openai.OpenAI.__init__, "__kwdefaults__", openai.OpenAI.__init__.__kwdefaults__ | {"patience": 1.0}
    )
    source = images(tmp_path / "in", 60)
    out = tmp_path / "annotated"
    with Server(latency=0.05) as server:
        line = ["annotate", str(source), "--output", str(out), *OVER, server.url, "--concurrency", "4"]

        def go() -> None:
            while sum(server.answered.values()) < 20:
                time.sleep(0.01)
            server.stop()

        going = threading.Thread(target=go)
        going.start()
        assert cli.main(line) == 1
        going.join()
        said = capsys.readouterr().err
        assert "the same command goes on from here" in said
        assert len(said.strip().splitlines()) == 1
        assert manifest(out)["status"] == "failed"
        answered = set(server.answered)
        server.start()
        assert cli.main(line) == 0
    assert len(check_all(out, 60)) == 60
    assert sum(server.asked[image] > 1 for image in answered) <= 4  # answered, but on the way when the server died


def test_a_killed_job_goes_on(tmp_path: Path, annotate: Annotate) -> None:
    source = images(tmp_path / "in", 120)
    with Server(latency=0.05) as server:
        calm = annotate(source, *OVER, server.url, name="calm")
        server.asked.clear()
        server.answered.clear()
        out = tmp_path / "killed"
        line = [sys.executable, "-m", "curation.cli", "annotate", str(source), "--output", str(out), *OVER, server.url]
        job = subprocess.Popen([*line, "--concurrency", "4"], start_new_session=True)
        while sum(server.answered.values()) < 40:
            time.sleep(0.02)
        os.killpg(job.pid, signal.SIGKILL)
        job.wait()
        answered = list(server.answered)
        assert len(answered) < 120
        subprocess.run([*line, "--concurrency", "4"], check=True, stdout=subprocess.DEVNULL)
        twice = [image for image in answered if server.asked[image] > 1]
        assert len(twice) <= 12  # answered, but not in the cache yet
    assert contents(out) == contents(calm)


def test_any_number_of_workers_writes_the_same(tmp_path: Path, annotate: Annotate) -> None:
    source = images(tmp_path / "in", 100)
    with Server() as server:
        one = annotate(source, *OVER, server.url, name="one")
        two = annotate(source, *OVER, server.url, "--direct_num_workers", "2", name="two")
    assert contents(one) == contents(two)


def test_annotated_shards_are_an_input(tmp_path: Path, annotate: Annotate, curate: Run) -> None:
    """What an image came with survives: annotated twice, and filtered after that."""
    source = images(tmp_path / "in", 3)
    (source / "00000.txt").write_text("raw words")
    (source / "00000.json").write_text('{"licence": "CC0"}')
    for format in ("parquet", "webdataset"):
        with Server() as server:
            once = annotate(source, *OVER, server.url, "--format", format, name=f"once {format}")
            twice = annotate(once, *OVER, server.url, name=f"twice {format}")
            chinese = annotate(once, *OVER, server.url, "--language", "zh", name=f"zh {format}")
        first, *_ = rows(twice, "shards")
        assert (first["caption_raw"], json.loads(first["metadata"])) == ("raw words", {"licence": "CC0"})
        assert {json.loads(row["annotation"])["language"] for row in rows(chinese, "shards")} == {"zh"}
        filtered = curate(once, name=f"filtered {format}")
        kept, *_ = rows(filtered, "shards")
        assert kept["caption"] == first["caption"]
        assert json.loads(kept["metadata"])["caption_raw"] == "raw words"


def test_an_annotation_of_another_kind_is_kept(tmp_path: Path, annotate: Annotate, curate: Run) -> None:
    """Synthetic text comes with its exact text as annotation: it must outlive the model's."""
    import pyarrow.parquet as pq

    curated = curate(images(tmp_path / "in", 2))
    (shard,) = (curated / "shards").iterdir()
    table = pq.read_table(shard)
    given = ['{"tier": "pure"}', None]
    position = table.schema.get_field_index("annotation")
    pq.write_table(table.set_column(position, table.schema.field(position), [given]), shard)
    with Server() as server:
        out = annotate(curated, *OVER, server.url)
    first, second = check_all(out, 2)
    assert json.loads(first["metadata"]) == {"metadata": None, "annotation": given[0]}
    assert second["metadata"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--engine", "opnai"], "did you mean 'openai'?"),
        (["--engine", "openai"], "needs --endpoint URL"),
        (["--engine", "openai", "--endpoint", "http://127.0.0.1:9/v1"], "http://127.0.0.1:9"),
        (["--engine", "vllm"], "needs --model"),
        (["--engine", "vllm", "--model", "nowhere/nothing"], "vllm"),
        (["--language", "zh"], "writes English only"),
        (["--language", "fr"], "must be one of en, zh"),
        (["--concurrency", "0"], "at least 1"),
        (["--endpoint", "http://x"], "is for --engine openai"),
        (["--model", "x"], "--model is for"),
        (["--format", "zip"], "invalid choice"),
        (["--runner", "DirectRunner"], "leave it out"),
    ],
)
def test_mistakes_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    source = images(tmp_path / "in", 1)
    try:
        code = cli.main(["annotate", str(source), "--output", str(tmp_path / "out"), *arguments])
    except SystemExit as exit:
        code = exit.code
    error = capsys.readouterr().err
    assert (code, len(error.strip().splitlines())) == (2, 1), error
    assert said in error


def test_another_job_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], annotate: Annotate
) -> None:
    source = images(tmp_path / "in", 1)
    with Server() as server:
        out = annotate(source, *OVER, server.url)
        assert cli.main(["annotate", str(source), "--output", str(out), *OVER, server.url, "--language", "zh"]) == 2
        assert "its recipe is another" in capsys.readouterr().err
        assert cli.main(["run", "--input", str(source), "--output", str(out)]) == 2
        assert "holds the output of `curation annotate`" in capsys.readouterr().err
