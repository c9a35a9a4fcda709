"""`curation synth` on real Beam: what comes of it, and the laws."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import datasets
import jsonschema
import pyarrow.parquet as pq
import pytest
from PIL import Image

from annotate.prompt import stored_schema
from curation import cli
from curation.synthesis import worker
from curation.synthesis.signals import CAUSES, columns
from synth.characters import standard
from synth.exposure import Exposure
from synth.font_packages import find_faces
from tests.curation.conftest import contents, rows
from tests.curation.synthesis.conftest import SMALL, Synthesise

ROOT = Path(__file__).parents[3]


def known(row: dict) -> dict:
    return json.loads(row["annotation"])["synthesis"]


def test_every_index_is_a_row_with_all_that_is_known(pages: Path) -> None:
    made, signals = rows(pages, "shards"), rows(pages, "signals")
    assert [row["key"] for row in made] == [row["key"] for row in signals] == [f"pure-{i:06d}" for i in range(70)]
    validator = jsonschema.Draft202012Validator(stored_schema())
    for row in made:
        annotation = json.loads(row["annotation"])
        validator.validate(annotation)
        assert row["caption"] == annotation["caption"]
        assert (row["tier"], row["grade"], row["source"]) == ("pure", known(row)["grade"], "pure")
        for line in known(row)["lines"]:
            assert "".join(line["characters"]).split() == line["text"].split()
            assert len(line["characters"]) == len(line["quads"]) == len(line["levels"])
            assert all(-2 <= x <= row["width"] + 2 for x in line["quad"][::2])
            assert all(-2 <= y <= row["height"] + 2 for y in line["quad"][1::2])
    assert {row["grade"] for row in made} == {"word", "line", "paragraph"}
    assert len({(row["width"], row["height"]) for row in made}) > 5
    assert set(columns()) <= set(signals[0])
    assert all(row["synth.attempts"] == 1 + sum(row[f"synth.discarded_{c}"] for c in causes()) for row in signals)


def causes() -> list[str]:
    return [name.removeprefix("synth.discarded_") for name in columns() if name.startswith("synth.discarded_")]


def test_the_manifest_says_what_it_is_made_of(pages: Path) -> None:
    record = json.loads((pages / "run.json").read_text())
    assert (record["command"], record["status"]) == ("synth", "complete")
    assert record["counts"]["kept"] == 70
    materials = record["recipe"]["materials"]
    assert len(materials["fonts"]) == len({face.path for face in find_faces()})
    assert all(font["licence"] and len(font["sha256"]) == 64 for font in materials["fonts"])
    assert all(name.endswith(".txt") for name in materials["corpora"])
    assert {"skia-python", "uharfbuzz"} <= set(record["versions"])
    assert not (pages / "work").exists()


def test_the_coverage_table_counts_what_was_drawn(pages: Path) -> None:
    table = pq.read_table(pages / "coverage.parquet").to_pylist()
    assert [row["character"] for row in table] == list(standard())
    drawn = Exposure.of(line["text"] for row in rows(pages, "shards") for line in known(row)["lines"])
    assert [row["count"] for row in table] == [row[2] for row in drawn.table()]
    assert sum(row["count"] for row in table) > 500


def test_shards_load_and_are_an_input(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loaded = datasets.load_dataset("parquet", data_files=str(pages / "shards/*.parquet"), split="train")
    assert loaded[3]["image"].size == (loaded[3]["width"], loaded[3]["height"])
    few = tmp_path / "few"
    (few / "shards").mkdir(parents=True)
    pq.write_table(pq.read_table(pages / "shards/part-000000.parquet").slice(0, 8), few / "shards/part-000000.parquet")
    out = tmp_path / "verified"
    assert cli.main(["run", str(ROOT / "recipes/verify.yaml"), "--input", str(few), "--output", str(out)]) == 0
    verified, signals = rows(out, "shards"), rows(out, "signals")
    assert [row["image"]["bytes"] for row in verified] == [r["image"]["bytes"] for r in rows(pages, "shards")[:8]]
    assert [row["annotation"] for row in verified] == [row["annotation"] for row in rows(pages, "shards")[:8]]
    errors = [row["text_accuracy.cer"] for row in signals]
    assert sorted(errors)[len(errors) // 2] < 0.02
    assert [row["text_accuracy.lines"] for row in signals] == [len(known(row)["lines"]) for row in verified]


def test_words_of_ones_own_on_the_smallest_pictures(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("MOON\nTREE\nSUN\n")
    given = ["--size", "64", "--ratio", "1:1", "--grade", "word", "--language", "en", "--corpus", str(words)]
    out = tmp_path / "out"
    assert cli.main(["synth", "pure", "--output", str(out), "--count", "12", *given]) == 0
    made = rows(out, "shards")
    assert {(row["width"], row["height"]) for row in made} == {(64, 64)}
    written = [[line["text"] for line in known(row)["lines"]] for row in made]
    assert {text for texts in written for text in texts} == {"MOON", "TREE", "SUN"}
    assert all(f'"{texts[0]}"' in row["caption"] for row, texts in zip(made, written, strict=True))


def test_known_text_outlives_annotate(synthesise: Synthesise, tmp_path: Path) -> None:
    scenes = synthesise("compositional", "--count", "3", "--size", "768", "--language", "en", "--grade", "word,line")
    out = tmp_path / "annotated"
    assert cli.main(["annotate", str(scenes), "--output", str(out)]) == 0
    before = {row["key"]: row for row in rows(scenes, "shards")}
    annotated = rows(out, "shards")
    assert annotated
    for row in annotated:
        assert known(row) == known(before[row["key"]])
        assert row["caption_raw"] == before[row["key"]]["caption"]
        assert json.loads(row["annotation"])["model"] != "synth"
    signals = [row for row in rows(out, "signals") if row["dropped_by"] is None]
    assert all(row["annotate.text_missing"] == 0 for row in signals)
    assert all(row["annotate.text_confirmed"] == 1 for row in signals)


def test_any_number_of_workers_makes_the_same(pages: Path, synthesise: Synthesise) -> None:
    two = synthesise("pure", "--count", "70", "--direct_num_workers", "2")
    assert json.loads((two / "run.json").read_text())["engine"]["workers"] == 2
    assert contents(two) == contents(pages)


def test_more_images_leave_the_first_alone(pages: Path, synthesise: Synthesise) -> None:
    few = synthesise("pure", "--count", "3")
    strip = [{**row, "annotation": known(row)} for row in rows(few, "shards")]
    assert strip == [{**row, "annotation": known(row)} for row in rows(pages, "shards")[:3]]
    other = synthesise("pure", "--count", "3", "--seed", "6", name="other")
    assert not {row["caption"] for row in rows(other, "shards")} & {row["caption"] for row in strip}


def test_a_killed_job_goes_on(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "curation.cli", "synth", "pure", "--output", str(out), *SMALL, "--count", "70"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        first = out / "work/done/part-000000.json"
        until = time.monotonic() + 60
        while not first.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert first.exists()
    assert not (out / "run.json").exists()
    written = (out / "shards/part-000000.parquet").stat().st_mtime_ns
    assert cli.main(command[3:]) == 0
    assert (out / "shards/part-000000.parquet").stat().st_mtime_ns == written
    assert contents(out) == contents(pages)
    assert cli.main(command[3:]) == 0  # complete already


def test_what_cannot_be_made_is_a_reject_with_its_causes(
    synthesise: Synthesise, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from curation.synthesis import prompt
    from synth.sample import Discarded, Sample

    usual = prompt.prompt

    def choosy(sample: Sample, rng: object) -> str:
        if len(sample.lines) > 3:
            raise Discarded("missing glyph", "more than this test wants")
        if any(char >= "\u4e00" for line in sample.lines for char in line.text):
            raise RuntimeError("a tier that breaks")
        return usual(sample, rng)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "prompt", choosy)
    out = synthesise("pure", "--count", "12")
    made, rejects, signals = (rows(out, name) for name in ("shards", "rejects", "signals"))
    assert sorted([row["key"] for row in made + rejects]) == [row["key"] for row in signals]
    assert made
    assert {row["error"] for row in rejects} <= {"Failed", "RuntimeError"}
    assert any(row["message"] == "a tier that breaks" for row in rejects)
    by_key = {row["key"]: row for row in signals}
    for row in rejects:
        assert by_key[row["key"]]["dropped_by"] == "synth"
        assert row["message"] in by_key[row["key"]]["reason"]
        if row["error"] == "Failed":
            assert by_key[row["key"]]["synth.attempts"] == 16
            assert by_key[row["key"]]["synth.discarded_missing_glyph"] > 0
    counts = json.loads((out / "run.json").read_text())["counts"]
    assert (counts["kept"], counts["stages"][0]["failed"]) == (len(made), len(rejects))
    printed = capsys.readouterr().out
    assert f"{len(rejects):,}" in printed
    assert cli.main(["explain", str(out), rejects[0]["key"]]) == 0
    assert rejects[0]["error"] in capsys.readouterr().out


def test_webdataset_and_explain(synthesise: Synthesise, capsys: pytest.CaptureFixture[str]) -> None:
    out = synthesise("pure", "--count", "3", "--format", "webdataset")
    assert [path.name for path in (out / "shards").iterdir()] == ["part-000000.tar"]
    capsys.readouterr()
    assert cli.main(["explain", str(out), "pure-000001"]) == 0
    story = capsys.readouterr().out
    assert all(word in story for word in ("tier       pure, seed 5", "caption", "scene", "fonts", "lines"))
    assert cli.main(["explain", str(out), "pure-000009"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_slides_can_be_kept(synthesise: Synthesise, tmp_path: Path) -> None:
    from pptx import Presentation

    decks = tmp_path / "decks"
    decks.mkdir()
    bundled = sorted((ROOT / "synth/complex/templates/slides").glob("*.pptx"))[0]
    shutil.copy(bundled, decks)
    out = synthesise("complex", "--count", "3", "--size", "768", "--templates", str(decks), "--keep-pptx")
    made = rows(out, "shards")
    assert sorted(path.name for path in (out / "files").iterdir()) == [f"{row['key']}.pptx" for row in made]
    for row in made:
        assert len(Presentation(str(out / "files" / f"{row['key']}.pptx")).slides) == 1
    materials = json.loads((out / "run.json").read_text())["recipe"]["materials"]
    assert list(materials["templates"]) == [bundled.name]


def test_photos_stand_behind_scenes(synthesise: Synthesise, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(3):
        Image.effect_noise((900, 700), 40 + 30 * number).convert("RGB").save(photos / f"{number}.jpg")
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    arguments = ("--count", "6", "--size", "640", "--language", "en")
    with_photos = synthesise("compositional", *arguments, "--backgrounds", str(photos), name="with_photos")
    without = synthesise("compositional", *arguments, name="none")
    assert rows(with_photos, "shards") != rows(without, "shards")
    assert json.loads((with_photos / "run.json").read_text())["recipe"]["materials"]["backgrounds"]


def test_exposures_decide_the_count(synthesise: Synthesise, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from curation.synthesis.settings import count_for

    languages, grades = ("en", "zh"), ("word", "paragraph")
    needed = count_for(1, 5, languages, grades)
    assert needed == pytest.approx(4 * 1014, abs=4)
    wished = ["--language", "zh,en", "--grade", "paragraph,word", "--min-exposures", "1", "--count", str(needed - 1)]
    assert cli.main(["synth", "pure", "--output", str(tmp_path / "out"), *SMALL, *wished]) == 2
    error = capsys.readouterr().err
    assert f"takes {needed:,} images; --count is {needed - 1}" in error
    assert not (tmp_path / "out").exists()


def mistakes(folder: Path) -> dict[str, tuple[list[str], str]]:
    """Arguments beside `--output`, and what the line must say."""
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken/face.ttf").write_bytes(b"\0\1\0\0 no font at all")
    (folder / "empty.txt").write_text("")
    (folder / "a.yaml").write_text("scene: a page\nroot: {box: []}\n")
    (folder / "templates").mkdir()
    (folder / "templates/a.yaml").write_text("scene: a page\nroot: {column: []}\n")
    ten = ["pure", "--count", "10"]
    return {
        "tier": (["puer", "--count", "10"], "did you mean 'pure'?"),
        "nothing": (["pure"], "--count N"),
        "zero": (["pure", "--count", "0"], "at least 1, not 0"),
        "seed": ([*ten, "--seed", "-1"], "--seed must be"),
        "size": ([*ten, "--size", "10"], "--size must be"),
        "language": ([*ten, "--language", "en,cn"], "unknown --language 'cn'"),
        "no language": ([*ten, "--language", ","], "--language is empty"),
        "grade": ([*ten, "--grade", "wrod"], "did you mean 'word'?"),
        "format": ([*ten, "--format", "csv"], "unknown --format 'csv'"),
        "exposures": ([*ten, "--language", "en", "--min-exposures", "3"], "must hold zh or mixed"),
        "no room": ([*ten, "--grade", "word,line", "--min-exposures", "3"], "--grade must hold paragraph"),
        "no exposures": (["pure", "--min-exposures", "0"], "--min-exposures must be at least 1"),
        "few": ([*ten, "--min-exposures", "2"], "--count is 10"),
        "no fonts": ([*ten, "--fonts", str(folder / "empty")], "no fonts in"),
        "fonts": ([*ten, "--fonts", str(folder / "nowhere")], "nowhere"),
        "broken font": ([*ten, "--fonts", str(folder / "broken")], "face.ttf"),
        "corpus": ([*ten, "--corpus", str(folder / "nowhere.txt")], "nowhere.txt"),
        "empty corpus": ([*ten, "--corpus", str(folder / "empty.txt")], "empty.txt"),
        "templates": ([*ten, "--templates", str(folder)], "for the tier complex"),
        "no templates": (["complex", "--count", "3", "--templates", str(folder / "empty")], "no template"),
        "template": (["complex", "--count", "3", "--templates", str(folder / "templates")], "a.yaml"),
        "slides": ([*ten, "--keep-pptx"], "for the tier complex"),
        "ratio": ([*ten, "--ratio", "1:1,5:1"], "unknown --ratio '5:1'"),
        "engine of pages": ([*ten, "--engine", "chromium"], "for the tier complex"),
        "engine": (["complex", "--count", "3", "--engine", "libre"], "did you mean 'libreoffice'?"),
        "too small": ([*ten, "--size", "64", "--grade", "line"], "nothing to make"),
        "exposures too small": (["pure", "--size", "64", "--min-exposures", "1"], "none fits such pictures"),
        "photos": ([*ten, "--backgrounds", str(folder)], "--backgrounds is for"),
        "no photos": (["compositional", "--count", "3", "--backgrounds", str(folder / "empty")], "no files in"),
    }


def test_mistakes_are_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, (arguments, words) in mistakes(tmp_path).items():
        assert cli.main(["synth", *arguments, "--output", str(tmp_path / "out")]) == 2, name
        captured = capfd.readouterr()
        lines = [line for line in captured.err.splitlines() if not line.startswith("Fontconfig")]
        assert len(lines) == 1, (name, lines)
        assert lines[0].startswith("curation: "), name
        assert words in lines[0], (name, lines[0])
        assert captured.out == ""
    assert not (tmp_path / "out").exists()


def test_another_job_is_not_written_over(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(pages)
    assert cli.main(["synth", "pure", "--output", str(pages), *SMALL, "--count", "71"]) == 2
    assert "holds another run" in capsys.readouterr().err
    assert contents(pages) == before


def test_causes_are_those_that_tiers_give() -> None:
    """A cause without a column of its own would be counted as another one."""
    import ast

    found = set()
    for path in [*(ROOT / "synth").rglob("*.py"), *(ROOT / "curation").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Discarded" and node.args:
                cause = node.args[0]
                assert isinstance(cause, ast.Constant), f"{path}: a cause must be a plain string"
                found.add(cause.value)
    assert found == set(CAUSES)
