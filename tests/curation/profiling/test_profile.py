"""`curation profile` on real images: it drops nothing, and tells what runs do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import scipy.stats
import yaml

from curation import cli
from curation.profiling import worker
from curation.profiling.figures import Figures, figures_of
from curation.profiling.report import drops, render
from curation.profiling.suggest import suggestions
from curation.recipe import from_dict, load
from curation.shards.schema import CURATED
from filters.entropy import Entropy
from filters.registry import FILTERS
from tests.curation.conftest import CHEAP, DEMO, contents, jpeg, rows
from tests.curation.test_cli import one_line

ORDER = ["dedup", "entropy", "blur", "exposure"]


def profile(source: object, out: Path, *arguments: object) -> Path:
    assert cli.main(["profile", str(source), "--output", str(out), *map(str, arguments)]) == 0
    return out


def read_figures(out: Path) -> Figures:
    return figures_of(str(out), from_dict(json.loads((out / "run.json").read_text())["recipe"]).stages)


@pytest.fixture(scope="module")
def cheap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "cheap.yaml"
    path.write_text(CHEAP)
    return path


@pytest.fixture(scope="module")
def profiled(photos: Path, cheap: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of all photos by the classical stages."""
    return profile(photos, tmp_path_factory.mktemp("profile") / "out", "--recipe", cheap)


def curated(photos: Path, out: Path, stages: list[str]) -> Path:
    recipe = out.with_suffix(".yaml")
    recipe.write_text(yaml.safe_dump({"stages": stages}))
    assert cli.main(["run", str(recipe), "--input", str(photos), "--output", str(out)]) == 0
    return out


def test_nothing_is_dropped(photos: Path, profiled: Path) -> None:
    signals = rows(profiled, "signals")
    assert {row["key"] for row in signals} == {str(path.relative_to(photos)) for path in photos.rglob("*.*")}
    assert {row["key"] for row in signals if row["dropped_by"]} == {"cut.jpg", "empty.jpg", "page.jpg"}
    assert {row["key"] for row in rows(profiled, "rejects")} == {"cut.jpg", "empty.jpg", "page.jpg"}
    measured = [row for row in signals if row["dropped_by"] is None]
    names = ("dedup.texture", "entropy.bits", "blur.sharpness", "exposure.mean", "exposure.clipped")
    assert all(row[name] is not None for row in measured for name in names)
    assert not (profiled / "shards").exists()
    assert not (profiled / "work").exists()
    assert json.loads((profiled / "run.json").read_text())["counts"] == {"read": len(signals), "failed": 3}


def test_in_turn_it_is_the_run_of_the_recipe(photos: Path, profiled: Path, tmp_path: Path) -> None:
    run = curated(photos, tmp_path / "run", ORDER)
    counts = json.loads((run / "run.json").read_text())["counts"]["stages"]
    found = drops(read_figures(profiled))
    assert [(drop.name, drop.step.read, drop.step.dropped, drop.step.kept) for drop in found] == [
        (stage["stage"], stage["read"], stage["dropped"], stage["kept"]) for stage in counts
    ]
    assert found[0].step.dropped == 5
    by_run = {row["key"]: row for row in rows(run, "signals")}
    for row in rows(profiled, "signals"):
        known = by_run[row["key"]]
        assert row["duplicate_of"] == known["duplicate_of"]
        given = [name for name in row if "." in name and known[name] is not None]
        assert all(row[name] == known[name] for name in given)


def test_alone_it_is_the_run_of_one_stage(photos: Path, profiled: Path, tmp_path: Path) -> None:
    figures = read_figures(profiled)
    for drop in drops(figures):
        run = curated(photos, tmp_path / drop.name, [drop.name])
        gone = {row["key"] for row in rows(run, "signals") if row["dropped_by"] == drop.name}
        assert {key for key, flag in zip(figures.keys, figures.drops[drop.name], strict=True) if flag} == gone
        assert drop.alone == len(gone)
    flags = np.array(list(figures.drops.values()))
    assert sum(drop.only for drop in drops(figures)) == (flags.sum(axis=0) == 1).sum()


def test_a_suggestion_is_a_recipe_that_drops_what_it_says(photos: Path, profiled: Path, tmp_path: Path) -> None:
    figures = read_figures(profiled)
    suggested = suggestions(figures)
    assert [one.share for one in suggested] == [0.05]  # of 31 images
    path = profiled / "suggested" / "5-percent.yaml"
    assert path.read_text() == suggested[0].recipe
    assert [stage.name for stage in load(path.read_text(), "in", "out", []).stages] == ORDER
    bound = suggested[0].bounds["blur", "min_sharpness"]
    assert f"min_sharpness: {bound.value}  # {bound.drops * 100:.3g} %" in suggested[0].recipe
    assert (figures.values["blur.sharpness"] < bound.value).sum() == 1
    run = tmp_path / "run"
    assert cli.main(["run", str(path), "--input", str(photos), "--output", str(run)]) == 0
    kept = len(rows(run, "shards"))
    assert 1 - kept / figures.images == pytest.approx(suggested[0].together)


def test_the_report(profiled: Path) -> None:
    path = profiled / "report.html"
    page = path.read_text()
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert "<script" not in page
    assert page.count('class="plot"') >= 11
    assert "keep ≥ 23 (min_sharpness)" in page
    assert page.count("data:image/jpeg") > 20
    assert "too few images have both" in page  # 27
    assert "5-percent.yaml" in page
    assert cli.main(["report", str(profiled)]) == 0
    assert path.read_text() == page


def test_correlations_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "two.yaml"
    recipe.write_text("stages: [entropy, exposure]")
    out = profile(DEMO, tmp_path / "out", "--recipe", recipe, "--sample", 50)
    figures = read_figures(out)
    known = {name: values for name, values in figures.values.items() if len(set(values)) > 1}
    expected = scipy.stats.spearmanr(known["entropy.bits"], known["exposure.contrast"]).statistic
    page = (out / "report.html").read_text()
    assert f"<title>exposure.contrast and entropy.bits: {expected:+.2f}</title>" in page
    assert page.count("<g><title>") == len(known) * (len(known) - 1) / 2
    found = {other: scipy.stats.spearmanr(known["entropy.bits"], values).statistic for other, values in known.items()}
    del found["entropy.bits"]
    strongest = max(found, key=lambda name: abs(found[name]))
    assert f"alike    {found[strongest]:+.2f}  entropy.bits, {strongest}" in capsys.readouterr().out


def test_what_nsfw_would_drop_is_blurred_wherever_it_is_shown(photos: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "strict.yaml"
    recipe.write_text("stages: [blur, nsfw: {max_score: 0.0}]")
    out = profile(photos, tmp_path / "out", "--recipe", recipe, "--sample", 8)
    figures = read_figures(out)
    assert figures.drops["nsfw"].all()
    run = json.loads((out / "run.json").read_text())
    tiles = re.findall(r'<figure class="(tile[^"]*)"', render(run, figures, {}))
    assert len(tiles) >= 8
    assert set(tiles) == {"tile veil"}


def test_a_killed_profile_is_finished_with_the_same_result(
    photos: Path,
    cheap: Path,
    profiled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The signals cannot be written at first; what was measured is not measured again."""
    out = tmp_path / "out"
    line = ["profile", str(photos), "--output", str(out), "--recipe", str(cheap)]
    with monkeypatch.context() as broken:
        broken.setattr(worker, "signals_row", lambda *_: 1 / 0)
        with pytest.raises(Exception, match="division by zero"):
            cli.main(line)
    assert json.loads((out / "run.json").read_text())["status"] == "failed"
    assert not (out / "signals").exists()
    with monkeypatch.context() as measured:
        measured.setattr(Entropy, "measure", lambda *_: pytest.fail("measured again"))
        measured.setattr("curation.profiling.run.probe", lambda stage: None)
        assert cli.main(line) == 0
    assert contents(out) == contents(profiled)
    said = capsys.readouterr()
    assert cli.main(line) == 0
    again = capsys.readouterr()
    assert "is complete already" in again.err
    assert again.out == said.out


def test_all_stages_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    for number, path in enumerate(sorted(DEMO.glob("nature/*.jpg"))[:4]):
        (tmp_path / "in" / f"{number}.jpg").write_bytes(path.read_bytes())
        (tmp_path / "in" / f"{number}.txt").write_text("A wide valley under a clear sky.")
    out = profile(tmp_path / "in", tmp_path / "out", "--sample", 3, "--seed", 5)
    manifest = json.loads((out / "run.json").read_text())
    assert (manifest["command"], manifest["input"]["images"]) == ("profile", 4)
    assert manifest["sample"] == {"images": 3, "seed": 5}
    ran = [next(iter(stage)) for stage in manifest["recipe"]["stages"]]
    assert sorted([*ran, *manifest["unavailable"]]) == sorted(FILTERS)
    said = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 60 for line in said[:-1])
    assert [line.split()[0] for line in said[1 : 1 + len(ran)]] == ran
    assert "nothing was dropped; sample: 3 of 4 images" in said
    assert rows(out, "signals")[0]["caption.tokens"] > 3
    assert "it holds about 56 %" in (out / "report.html").read_text()


def test_a_stage_without_its_weights_is_unavailable(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "hub.yaml"
    recipe.write_text(f"stages: [entropy, nsfw: {{engine: {tmp_path}/no-such-model}}]")
    out = profile(photos, tmp_path / "out", "--recipe", recipe, "--sample", 4)
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("unavailable")]
    assert len(said) == 1
    assert said[0].startswith("unavailable: nsfw: the nsfw model ")
    assert "cannot be loaded" in json.loads((out / "run.json").read_text())["unavailable"]["nsfw"]
    assert "<b>nsfw</b> is unavailable: " in (out / "report.html").read_text()
    recipe.write_text(f"stages: [nsfw: {{engine: {tmp_path}/no-such-model}}]")
    line = ["profile", photos, "--output", tmp_path / "none", "--recipe", recipe]
    assert "no stage can run here: nsfw: " in one_line(capsys, *line)


def test_a_stage_that_fails_on_an_image_costs_that_image(tmp_path: Path) -> None:
    record = {"key": "a", "image": {"bytes": jpeg(1), "path": "a.jpg"}, "width": 64, "height": 48, "format": "JPEG"}
    broken = record | {"key": "b", "image": {"bytes": jpeg(2)}, "annotation": '{"synthesis": {"lines": 5}}'}
    table = pa.Table.from_pylist([record, broken], CURATED)
    pq.write_table(table, tmp_path / "in.parquet")
    (tmp_path / "read.yaml").write_text("stages: [entropy, text_accuracy, blur]")
    out = profile(tmp_path / "in.parquet", tmp_path / "out", "--recipe", tmp_path / "read.yaml")
    signals = {row["key"]: row for row in rows(out, "signals")}
    assert signals["a"]["dropped_by"] is None
    assert signals["b"]["dropped_by"] == "text_accuracy"
    assert signals["b"]["entropy.bits"] > 1
    assert [row["stage"] for row in rows(out, "rejects")] == ["text_accuracy"]
    assert read_figures(out).keys == ("a",)
    assert "Rejects by cause" in (out / "report.html").read_text()


def test_explain(profiled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def story(key: str) -> str:
        assert cli.main(["explain", str(profiled), key]) == 0
        return capsys.readouterr().out

    flat = story("flat.png")
    assert "would go   entropy: bits 0 is below min_bits" in flat
    assert re.search(r"^✗ entropy.bits +0 ", flat, re.MULTILINE)
    assert re.search(r"^  dedup.distance +not measured", flat, re.MULTILINE)
    copy = story("recoded0.jpg")
    assert "would go   dedup: distance" in copy
    assert "copy of    " in copy
    assert "failed     at decode: cannot be read: " in story("cut.jpg")
    keys = {row["key"] for row in rows(profiled, "signals") if row["key"].startswith("art/")}
    assert any("would pass all stages" in story(key) for key in sorted(keys)[:4])


def test_help_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["profile", "--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("INPUT", "--output", "--sample", "--seed", "--recipe", "examples:"))
    assert all(len(line) <= 80 for line in said.splitlines())


def test_mistakes(photos: Path, profiled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    go = ["profile", photos, "--output", tmp_path / "out"]
    assert "--sample must be at least 1 image, not 0" in one_line(capsys, *go, "--sample", 0)
    assert "invalid int value" in one_line(capsys, *go, "--sample", "many")
    assert "--seed must be 0 to 2147483647, not -1" in one_line(capsys, *go, "--seed", -1)
    assert "cannot read the recipe" in one_line(capsys, *go, "--recipe", tmp_path / "none.yaml")
    (tmp_path / "typo.yaml").write_text("stages: [entropi]")
    assert "did you mean 'entropy'?" in one_line(capsys, *go, "--recipe", tmp_path / "typo.yaml")
    assert "no such file or folder: /nope" in one_line(capsys, "profile", "/nope", *go[2:])
    assert "lies inside the input" in one_line(capsys, "profile", photos, "--output", photos / "out")
    assert "arguments are required: INPUT" in one_line(capsys, "profile")
    assert not (tmp_path / "out").exists()
    line = ["profile", photos, "--output", profiled, "--sample", 3]
    assert "holds another run, its recipe is another" in one_line(capsys, *line)
    run = ["run", "--input", photos, "--output", profiled]
    assert "holds the output of `curation profile`" in one_line(capsys, *run)
    assert "profile" in one_line(capsys, "run", "--input", profiled, "--output", tmp_path / "out")
