"""The laws of DESIGN that a run keeps, each on real Beam."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation import account, cli, judge
from filters.blur import Blur
from filters.dedup import Dedup, Fingerprint
from filters.image import Image
from tests.curation.conftest import Run, contents, jpeg, rows, spoil


@pytest.fixture
def output(photos: Path, curate: Run) -> Path:
    return curate(photos)


def test_conservation(photos: Path, output: Path) -> None:
    """Law 1: for each stage read = kept + dropped + failed, by count and by key."""
    keys = {str(path.relative_to(photos)) for path in photos.rglob("*.*")}
    signals, kept, rejects = rows(output, "signals"), rows(output, "shards"), rows(output, "rejects")
    assert {row["key"] for row in signals} == keys
    assert len(signals) == len(keys)
    assert {row["key"] for row in kept} == {row["key"] for row in signals if row["dropped_by"] is None}
    assert {row["key"] for row in rejects} == {row["key"] for row in signals if row["dropped_by"] == "decode"}
    counts = json.loads((output / "run.json").read_text())["counts"]
    left = counts["read"] - counts["unreadable"]
    dropped = Counter(row["dropped_by"] for row in signals)
    for stage in counts["stages"]:
        assert stage["read"] == left == stage["kept"] + stage["dropped"] + stage["failed"]
        assert stage["dropped"] == dropped[stage["stage"]]
        left = stage["kept"]
    assert left == counts["kept"] == len(kept)
    assert dropped["dedup"] == 5
    assert dropped["entropy"] >= 1
    assert dropped["blur"] >= 1
    assert dropped["decode"] == 3


def test_a_lost_row_is_a_mismatch(photos: Path, output: Path) -> None:
    planned = [pq.ParquetFile(path).metadata.num_rows for path in sorted((output / "signals").iterdir())]
    assert account.account(str(output), "parquet", planned).read == sum(planned)
    shard = output / "shards" / "part-000000.parquet"
    table = pq.read_table(shard)
    pq.write_table(table.slice(1), shard)
    with pytest.raises(account.Mismatch, match=f"{len(table)} against {len(table) - 1}; lost"):
        account.account(str(output), "parquet", planned)
    with pytest.raises(account.Mismatch, match="rows planned"):
        account.account(str(output), "parquet", [planned[0] + 1, *planned[1:]])


def test_lossless(tmp_path: Path, curate: Run) -> None:
    """Law 2: kept images keep their original bytes, captions and metadata."""
    source = {"id": ["x", "y"], "text": ["a “caption”", None], "licence": ["CC0", None], "score": [0.5, None]}
    pq.write_table(pa.table({**source, "image": [jpeg(1, (320, 240)), jpeg(2, (320, 240))]}), tmp_path / "in.parquet")
    out = tmp_path / "out"
    assert cli.main(["run", _one_stage(tmp_path), "--input", str(tmp_path / "in.parquet"), "--output", str(out)]) == 0
    one, two = rows(out, "shards")
    assert (one["key"], one["caption"], one["image"]["bytes"]) == ("x", "a “caption”", jpeg(1, (320, 240)))
    assert json.loads(one["metadata"]) == {"licence": "CC0", "score": 0.5}
    assert (two["caption"], json.loads(two["metadata"])) == (None, {"licence": None, "score": None})
    assert (one["width"], one["height"], one["format"], one["source"]) == (320, 240, "JPEG", "in.parquet")
    again = tmp_path / "again"
    assert cli.main(["run", _one_stage(tmp_path), "--input", str(out), "--output", str(again)]) == 0
    assert rows(again, "shards") == rows(out, "shards")


def _one_stage(folder: Path) -> str:
    path = folder / "one.yaml"
    path.write_text("stages: [exposure: {}]\n")
    return str(path)


def test_bounded(tmp_path: Path) -> None:
    """Law 4: a unit is read, judged and written a few images at a time, however large its row group is."""
    import tracemalloc

    peaks = []
    for count in (64, 256):
        source = tmp_path / f"{count}.parquet"
        image = jpeg(1, (640, 480)) + bytes(200_000)
        pq.write_table(pa.table({"image": [image] * count}), source, row_group_size=count, compression="NONE")
        out = tmp_path / f"out{count}"
        tracemalloc.start()
        assert cli.main(["run", _one_stage(tmp_path), "--input", str(source), "--output", str(out)]) == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_resumable(tmp_path: Path, recipe: Path) -> None:
    """Law 5: killed at ten random moments and started again, the output is that of an undisturbed run."""
    source = tmp_path / "in"
    source.mkdir()
    for number in range(200):
        (source / f"{number:03}.jpg").write_bytes(jpeg(number % 150, (512, 384)))
    spoil_flat(source)
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    line = [sys.executable, "-m", "curation.cli", "run", str(recipe), "--input", str(source)]
    began = time.monotonic()
    subprocess.run([*line, "--output", str(calm)], check=True, capture_output=True)
    whole = time.monotonic() - began
    moments = random.Random(5)
    kills = 0
    for _ in range(10):
        process = subprocess.Popen([*line, "--output", str(killed)], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            process.wait(timeout=moments.uniform(0.3, 1.0) * whole)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
    last = subprocess.run([*line, "--output", str(killed)], capture_output=True, text=True)
    assert last.returncode == 0, last.stderr
    assert kills >= 1
    assert contents(killed) == contents(calm)


def spoil_flat(folder: Path) -> None:
    (folder / "broken.jpg").write_bytes(jpeg(7, (512, 384))[:2000])


def test_only_undone_units_are_done_again(
    curate: Run, tmp_path: Path, recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "in"
    photos.mkdir()
    for number in range(70):
        (photos / f"{number}.jpg").write_bytes(jpeg(number))
    judged: list[int] = []
    real = judge.judge

    def stop_at_the_second(unit, recipe, drops):  # type: ignore[no-untyped-def]
        if len(judged) == 1:
            raise RuntimeError("as good as killed")
        judged.append(unit.number)
        return real(unit, recipe, drops)

    monkeypatch.setattr("curation.pipeline.judge", stop_at_the_second)
    line = ["run", str(recipe), "--input", str(photos), "--output", str(tmp_path / "out")]
    with pytest.raises(RuntimeError, match="as good as killed"):
        cli.main(line)
    assert json.loads((tmp_path / "out/run.json").read_text())["status"] == "failed"
    first = list(judged)

    def note(unit, recipe, drops):  # type: ignore[no-untyped-def]
        judged.append(unit.number)
        return real(unit, recipe, drops)

    def no_fingerprinting(*_: object) -> None:
        raise AssertionError("fingerprints were made again")

    monkeypatch.setattr("curation.pipeline.judge", note)
    monkeypatch.setattr("filters.dedup.Dedup.fingerprint", no_fingerprinting)
    assert cli.main(line) == 0
    assert sorted(judged) == sorted({*judged})
    assert len(first) == 1
    monkeypatch.undo()
    assert contents(tmp_path / "out") == contents(curate(photos, name="calm"))


def test_isolated(output: Path) -> None:
    """Law 6: one bad image costs one row in rejects, with the reason and the bytes for repair."""
    rejects = {row["key"]: row for row in rows(output, "rejects")}
    assert {key: row["error"] for key, row in rejects.items()} == {
        "cut.jpg": "Truncated",
        "empty.jpg": "Empty",
        "page.jpg": "NotAnImage",
    }
    assert rejects["page.jpg"]["bytes"] == b"<html><body>404</body></html>"
    assert rejects["page.jpg"]["size"] == 29
    assert "HTML" in rejects["page.jpg"]["message"]


def test_a_stage_that_fails_on_one_image_fails_that_image(
    photos: Path, curate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Blur.measure
    small = min(photos.glob("nature/*.jpg"))

    def measure(self: Blur, image: Image) -> dict[str, float]:
        if image.data == small.read_bytes():
            raise FloatingPointError("made up")
        return real(self, image)

    monkeypatch.setattr(Blur, "measure", measure)
    out = curate(photos)
    (failed,) = [row for row in rows(out, "rejects") if row["stage"] == "blur"]
    assert (failed["error"], failed["message"], failed["bytes"]) == (
        "FloatingPointError",
        "made up",
        small.read_bytes(),
    )
    stages = {stage["stage"]: stage for stage in json.loads((out / "run.json").read_text())["counts"]["stages"]}
    assert stages["blur"]["failed"] == 1
    (row,) = [row for row in rows(out, "signals") if row["key"] == failed["key"]]
    assert (row["dropped_by"], row["reason"]) == ("blur", "cannot be measured by blur: made up")


def test_whatever_an_image_brings_about_costs_one_row(
    photos: Path, curate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Dedup.fingerprint
    first = min(photos.glob("art/*.jpg"))

    def fingerprint(self: Dedup, image: Image) -> Fingerprint:
        if image.data == first.read_bytes():
            raise ZeroDivisionError("made up")
        return real(self, image)

    monkeypatch.setattr(Dedup, "fingerprint", fingerprint)
    out = curate(photos)
    (failed,) = [row for row in rows(out, "rejects") if row["error"] == "ZeroDivisionError"]
    assert (failed["key"], failed["stage"]) == (str(first.relative_to(photos)), "decode")


def test_score_once_decide_later(photos: Path, output: Path, curate: Run) -> None:
    """Law 7: a moved threshold needs no pixels: the verdicts it gives on kept signals are those of a new run."""
    signals = rows(output, "signals")
    measured = [row["blur.sharpness"] for row in signals if row["blur.sharpness"] is not None]
    moved = sorted(measured)[len(measured) // 2]
    anew = curate(photos, "--set", f"stages.blur.min_sharpness={moved}", name="anew")
    dropped = {row["key"] for row in rows(anew, "signals") if row["dropped_by"] == "blur"}
    stage = Blur(min_sharpness=moved)
    named = {row["key"]: {"sharpness": row["blur.sharpness"]} for row in signals if row["blur.sharpness"] is not None}
    assert dropped == {key for key, values in named.items() if stage.verdict(values)}
    assert 0 < len(dropped) < len(named)


def test_duplicates_name_their_best_copy(photos: Path, output: Path) -> None:
    first, second, *_ = (str(path.relative_to(photos)) for path in sorted(photos.glob("nature/*.jpg")))
    copies = {row["key"]: row for row in rows(output, "signals") if row["dropped_by"] == "dedup"}
    assert {row["duplicate_of"] for row in copies.values()} <= {first, "copy of first.jpg", second, "second.png"}
    assert {"recoded0.jpg", "recoded1.jpg", "recoded2.jpg"} <= set(copies)
    assert second in copies  # the PNG of the same pixels is larger, so less compressed
    assert copies[second]["duplicate_of"] == "second.png"
    assert copies[second]["dedup.distance"] == 0
    assert "same pixels" in copies[second]["reason"]


def test_stages_before_dedup_come_first(photos: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("stages: [entropy, exposure, dedup, blur]\n")
    out = tmp_path / "out"
    assert cli.main(["run", str(path), "--input", str(photos), "--output", str(out)]) == 0
    signals = {row["key"]: row for row in rows(out, "signals")}
    assert signals["flat.png"]["dropped_by"] == "entropy"
    assert signals["flat.png"]["dedup.texture"] is None
    assert signals["recoded0.jpg"]["dropped_by"] == "dedup"
    assert signals["recoded0.jpg"]["entropy.bits"] is not None
    assert list(signals["recoded0.jpg"])[7:9] == [
        "entropy.bits",
        next(n for n in signals["flat.png"] if "exposure." in n),
    ]


def test_webdataset_in_and_out(photos: Path, tmp_path: Path, curate: Run) -> None:
    out = curate(photos, "--set", "output.format=webdataset", name="tars")
    assert sorted(path.suffix for path in (out / "shards").iterdir())[0] == ".tar"
    again = curate(out, name="again")
    assert len(rows(again, "shards")) == json.loads((out / "run.json").read_text())["counts"]["kept"]
    by_bytes = {row["sha256"]: row["key"] for row in rows(out, "signals")}
    for row in rows(again, "signals"):
        assert row["sha256"] in by_bytes


def test_every_row_may_be_dropped(tmp_path: Path, curate: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.jpg").write_bytes(b"<html>")
    out = curate(tmp_path / "in")
    assert rows(out, "shards") == []
    assert [row["dropped_by"] for row in rows(out, "signals")] == ["decode"]


def test_originals_are_not_touched(photos: Path, curate: Run, tmp_path: Path) -> None:
    copy = shutil.copytree(photos, tmp_path / "copy")
    spoil(copy)
    before = {path: path.read_bytes() for path in copy.rglob("*.*")}
    curate(copy)
    assert {path: path.read_bytes() for path in copy.rglob("*.*")} == before


def test_image_bytes_decode_from_the_shard(output: Path) -> None:
    for row in rows(output, "shards"):
        image = Image(row["image"]["bytes"])
        assert (image.width, image.height, image.format) == (row["width"], row["height"], row["format"])
        assert len(io.BytesIO(row["image"]["bytes"]).getvalue()) > 0
