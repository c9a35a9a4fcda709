from pathlib import Path

from train.inputs import digest


def test_names_and_sizes_make_the_digest(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"one")
    first = digest(str(tmp_path))
    assert len(first) == 12
    assert digest(str(tmp_path)) == first
    (tmp_path / "b.parquet").write_bytes(b"two")
    assert digest(str(tmp_path)) != first
    assert digest(str(tmp_path / "a.*")) != digest(str(tmp_path / "*"))


def test_of_an_output_the_shards_count(tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "part-000000.parquet").write_bytes(b"one")
    first = digest(str(tmp_path))
    (tmp_path / "report.html").write_text("anew")
    assert digest(str(tmp_path)) == first


def test_of_encoded_shards_the_plan_counts(tmp_path: Path) -> None:
    (tmp_path / "plan.parquet").write_bytes(b"plan")
    first = digest(str(tmp_path))
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "part-000000.parquet").write_bytes(b"one")
    assert digest(str(tmp_path)) == first
    (tmp_path / "plan.parquet").write_bytes(b"other")
    assert digest(str(tmp_path)) != first
