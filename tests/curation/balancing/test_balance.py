"""`curation balance` as a user calls it, and what the trainer draws from what it wrote."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from curation import cli, manifest, output
from curation.balancing import worker
from curation.balancing.mix import FAMILIES, TEMPER
from curation.balancing.node import family, text
from curation.shards import write
from curation.shards.schema import CURATED
from tests.curation.balancing.made import COUNTS, key, run, sharpness
from tests.curation.balancing.made import row as made_row
from tests.curation.conftest import contents, rows
from train import condition, latents
from train.data import Batches, Source

KEEP = 15

KNOWN = {name: count for name, count in COUNTS.items() if name != "unknown"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("made") / "run")


@pytest.fixture(scope="module")
def balanced(made: Path) -> Path:
    return balance(made, made.parent / "balanced", "--keep", str(KEEP))


def balance(source: Path, out: Path, *arguments: str) -> Path:
    assert cli.main(["balance", str(source), "--output", str(out), *arguments]) == 0
    return out


def best(name: str) -> list[str]:
    """The keys of the best images of a node: all pictures have the same size, so it is by sharpness."""
    ranked = sorted((-sharpness(number), key(name, number)) for number in range(COUNTS[name]))
    return sorted(each for _, each in ranked[:KEEP])


def test_the_best_of_each_node_are_kept(balanced: Path) -> None:
    shards = rows(balanced, "shards")
    for name in KNOWN:
        assert sorted(row["key"] for row in shards if row["node"] == name) == best(name)
    assert len(shards) == sum(min(KEEP, count) for count in KNOWN.values())


def test_bytes_captions_and_annotations_are_as_they_were(made: Path, balanced: Path) -> None:
    before = {row["key"]: row for row in rows(made, "shards")}
    for row in rows(balanced, "shards"):
        assert {name: row[name] for name in before[row["key"]]} == before[row["key"]]


def test_the_weights_draw_the_targets(balanced: Path) -> None:
    shards = rows(balanced, "shards")
    mass: Counter[str] = Counter()
    for row in shards:
        mass[family(row["node"])] += row["weight"]
    assert mass.total() == pytest.approx(len(shards))
    assert {name: part / mass.total() for name, part in mass.items()} == pytest.approx(FAMILIES)
    each = {row["node"]: row["weight"] for row in shards}
    none, chinese, land = (each[f"Nature/{n}"] for n in ("food/none", "food/chinese", "landscape/none"))
    assert none * KEEP / (chinese * 5) == pytest.approx((KEEP / 5) ** TEMPER)
    assert (none * KEEP + chinese * 5) / (land * 10) == pytest.approx(((KEEP + 5) / 10) ** TEMPER)


def test_the_trainer_draws_by_the_weights(balanced: Path) -> None:
    feed = Batches([Source(str(balanced))], 3, 100, 32, latents.build({}), condition.build({}))
    count = 2000
    found = Counter(example.key for step in islice(feed, count // 100) for example in step)
    assert not feed.skipped
    shards = rows(balanced, "shards")
    assert found.keys() <= {row["key"] for row in shards}
    drawn, wished = Counter[str](), Counter[str]()
    for row in shards:
        drawn[row["node"]] += found[row["key"]]
        wished[row["node"]] += row["weight"] * count / len(shards)
    for name, expected in wished.items():
        bound = 4 * math.sqrt(expected * (1 - expected / count))
        assert drawn[name] == pytest.approx(expected, abs=bound), name
    heavy, light = max(shards, key=lambda row: row["weight"]), min(shards, key=lambda row: row["weight"])
    assert found[heavy["key"]] > 2 * found[light["key"]] > 0


def test_the_manifest_has_the_mix(balanced: Path) -> None:
    record = manifest.load(str(balanced))
    assert record is not None
    mix = {node["name"]: node for node in record["mix"]}
    assert {name: node["before"] for name, node in mix.items()} == COUNTS
    assert {name: node["kept"] for name, node in mix.items()} == {
        name: min(KEEP, count) if name in KNOWN else 0 for name, count in COUNTS.items()
    }
    weights = {row["node"]: row["weight"] for row in rows(balanced, "shards")}
    assert {name: mix[name]["weight"] for name in weights} == weights
    assert record["counts"]["read"] == sum(COUNTS.values()) + 1
    assert record["counts"]["unreadable"] == 1


def test_every_image_that_went_has_a_reason(balanced: Path) -> None:
    reasons = Counter(row["reason"] for row in rows(balanced, "signals") if row["dropped_by"] == "balance")
    assert reasons["no annotation names its domain"] == COUNTS["unknown"]
    assert reasons[f"{KEEP} better ones of Nature/food/none"] == COUNTS["Nature/food/none"] - KEEP
    assert [row["key"] for row in rows(balanced, "rejects")] == ["spoilt"]


def test_without_signals_ties_go_by_key(tmp_path: Path) -> None:
    out = balance(run(tmp_path / "run", measured=False), tmp_path / "out", "--keep", "3")
    kept = [row["key"] for row in rows(out, "shards") if row["node"] == "Design/posters/none"]
    assert sorted(kept) == [key("Design/posters/none", number) for number in range(3)]


def test_all_are_kept_unless_told(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = balance(made, tmp_path / "out", "--target", "Nature=3,People=1,Synthetic=1")
    assert Counter(row["node"] for row in rows(out, "shards")) == {
        name: count for name, count in KNOWN.items() if family(name) != "Design"
    }
    lines = capsys.readouterr().out.splitlines()
    assert ["Nature", "40.1%", "59.8%", "60.0%", "60.0%"] in [line.split() for line in lines]
    assert ["Design", "27.7%", "0.0%", "0.0%", "–"] in [line.split() for line in lines]
    assert ["english", "42.3%", "27.2%", "20.0%", "–"] in [line.split() for line in lines]
    assert any("7 images have no domain" in line for line in lines)
    assert all(len(line) <= 60 for line in lines if str(out) not in line)


def test_a_family_without_images_is_told(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "food.parquet"
    table = pq.read_table(next((made / "shards").glob("*.parquet")))
    pq.write_table(table.filter(pc.starts_with(table["key"], "Nature-food-none")), path)
    out = balance(path, tmp_path / "out")
    assert "no images of Design, People, Synthetic: the others have their share" in capsys.readouterr().out
    assert {row["weight"] for row in rows(out, "shards")} == {1.0}


def test_a_killed_job_is_finished_with_the_same_bytes(
    made: Path, balanced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real = tmp_path / "out", worker.commit

    def fail(folder: str, format: str, unit: object, *rest: object, **more: object) -> object:
        if unit.number == 2:  # type: ignore[attr-defined]
            raise OSError("the disk is full")
        return real(folder, format, unit, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "commit", fail)
    with pytest.raises(Exception, match="the disk is full"):
        cli.main(["balance", str(made), "--output", str(out), "--keep", str(KEEP)])
    monkeypatch.undo()
    done = [path.name for path in (Path(output.work_folder(str(out))) / "done").iterdir()]
    assert "part-000002.json" not in done
    balance(made, out, "--keep", str(KEEP))
    assert contents(out) == contents(balanced)


def test_processes_write_the_same_bytes(made: Path, balanced: Path, tmp_path: Path) -> None:
    out = balance(made, tmp_path / "out", "--keep", str(KEEP), "--direct_num_workers", "2")
    for folder in ("shards", "signals", "rejects"):
        assert contents(out / folder) == contents(balanced / folder)


def test_report(balanced: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (balanced / "report.html").read_text()
    for name in COUNTS:
        assert f'<th scope="row">{name.rpartition("/")[0] or name}</th>' in page
    for word in ("no text", "English", "Chinese"):
        assert f'<tr class="of"><th scope="row">{word}</th>' in page
    for share in FAMILIES.values():
        assert f"target {100 * share:.1f} %" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert cli.main(["report", str(balanced)]) == 0
    assert (balanced / "report.html").read_text() == page


def test_explain(balanced: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", str(balanced), best("Nature/food/none")[0]]) == 0
    told = capsys.readouterr().out
    assert "node       Nature/food/none" in told
    assert "weight " in told
    assert cli.main(["explain", str(balanced), key("unknown", 1)]) == 0
    assert "no annotation names its domain" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--keep", "0"], "--keep must be at least 1"),
        (["--target", "Nature"], "--target takes NAME=SHARE"),
        (["--target", "Fog=1"], "unknown family 'Fog'"),
        (["--text", "french=1"], "unknown kind of text 'french'"),
        (["--text", "other=1"], "images is of Nature, Design, People, Synthetic, other: give another --target or"),
    ],
)
def test_a_mistake_is_one_line(
    made: Path, tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["balance", str(made), "--output", str(tmp_path / "out"), *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_images_without_domains_are_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.png").write_bytes(rows(run(tmp_path / f"{number}"), "shards")[0]["image"]["bytes"])
    for source in (folder, unannotated(tmp_path / "shards")):
        assert cli.main(["balance", str(source), "--output", str(tmp_path / "out")]) == 2
        error = capsys.readouterr().err
        assert "none of 3 images has a domain in its annotation: `curation annotate` writes them" in error
        assert error.count("\n") == 1
        assert not (tmp_path / "out").exists()


def unannotated(folder: Path) -> Path:
    """Three images that have no domain, as a run leaves them."""
    with write.shard(str(folder), "part-000000", "parquet", CURATED) as shard:
        for number in range(1, 7, 2):
            shard.add(made_row("unknown", number), 24, 16, "PNG")
    return folder


def test_targets_of_text_are_reached(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = {"none": 0.7, "english": 0.2, "chinese": 0.1}
    shares = ",".join(f"{name}={share}" for name, share in target.items())
    out = balance(made, tmp_path / "out", "--text", shares)
    mass: Counter[str] = Counter()
    for each in rows(out, "shards"):
        mass[text(each["node"])] += each["weight"]
        mass[family(each["node"])] += each["weight"]
    whole = mass.total() / 2
    assert {name: mass[name] / whole for name in target} == pytest.approx(target, abs=1e-3)
    assert {name: mass[name] / whole for name in FAMILIES} == pytest.approx(FAMILIES)
    assert ["chinese", "3.8%", "3.8%", "10.0%", "10.0%"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]
    assert "target 70.0 %" in (out / "report.html").read_text()
