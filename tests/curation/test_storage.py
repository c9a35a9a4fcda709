"""Files, local and on a Beam file system: the same run from and to an object store gives the same shards."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem

from curation import cli, storage
from tests.curation.conftest import Run, contents

BUCKETS: dict[str, bytes] = {}


class Upload(io.BytesIO):
    """An object appears when it is closed, as in S3 and GCS."""

    def __init__(self, path: str):
        super().__init__()
        self.path = path

    def close(self) -> None:
        BUCKETS[self.path] = self.getvalue()
        super().close()


class ObjectStore(FileSystem):
    """An object store in memory under `obj://`, registered with Beam by being a subclass."""

    @classmethod
    def scheme(cls) -> str:
        return "obj"

    def join(self, basepath: str, *paths: str) -> str:
        return "/".join([basepath.rstrip("/"), *paths])

    def split(self, path: str) -> tuple[str, str]:
        head, _, tail = path.rpartition("/")
        return head, tail

    def mkdirs(self, path: str) -> None:
        raise NotImplementedError

    def has_dirs(self) -> bool:
        return False

    def _list(self, dir_or_prefix: str) -> Iterator[FileMetadata]:
        for path, data in BUCKETS.items():
            if path.startswith(dir_or_prefix):
                yield FileMetadata(path, len(data), 1.0)

    def create(self, path: str, *_: Any, **__: Any) -> Upload:
        return Upload(path)

    def open(self, path: str, *_: Any, **__: Any) -> io.BytesIO:
        if path not in BUCKETS:
            raise BeamIOError("no such object", {path: "missing"})
        return io.BytesIO(BUCKETS[path])

    def copy(self, *_: Any) -> None:
        raise NotImplementedError

    def rename(self, *_: Any) -> None:
        raise NotImplementedError

    def exists(self, path: str) -> bool:
        if path.startswith("obj://locked/"):
            raise BeamIOError("exists() operation failed", {path: PermissionError("403")})
        return path in BUCKETS

    def size(self, path: str) -> int:
        return len(BUCKETS[path])

    def last_updated(self, path: str) -> float:
        return 1.0

    def checksum(self, path: str) -> str:
        return str(hash(BUCKETS[path]))

    def metadata(self, path: str) -> FileMetadata:
        return FileMetadata(path, len(BUCKETS[path]), 1.0)

    def delete(self, paths: list[str]) -> None:
        for path in paths:
            del BUCKETS[path]


@pytest.fixture(autouse=True)
def _empty_buckets() -> None:
    BUCKETS.clear()


def test_a_run_from_and_to_an_object_store(photos: Path, curate: Run, recipe: Path) -> None:
    local = curate(photos)
    for path in photos.rglob("*.*"):
        BUCKETS[f"obj://bucket/photos/{path.relative_to(photos)}"] = path.read_bytes()
    line = ["run", str(recipe), "--input", "obj://bucket/photos", "--output", "obj://bucket/out"]
    assert cli.main(line) == 0
    written = {path.removeprefix("obj://bucket/out/"): data for path, data in BUCKETS.items() if "/out/" in path}
    for name, data in contents(local).items():
        if name != "report.html":  # which names the input
            assert written[name] == data, name
    assert json.loads(written["run.json"])["status"] == "complete"
    assert not [name for name in written if name.startswith("work")]
    assert cli.main(["explain", "obj://bucket/out", "page.jpg"]) == 0
    shards = ["run", str(recipe), "--input", "obj://bucket/out/shards/*.parquet", "--output", "obj://bucket/again"]
    assert cli.main(shards) == 0


def test_a_recipe_from_an_object_store(photos: Path, recipe: Path, tmp_path: Path) -> None:
    BUCKETS["obj://bucket/recipe.yaml"] = recipe.read_bytes()
    line = ["run", "obj://bucket/recipe.yaml", "--input", str(photos), "--output", str(tmp_path / "out")]
    assert cli.main(line) == 0


def test_what_is_out_of_reach_is_a_mistake(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*line: object) -> str:
        assert cli.main([str(part) for part in line]) == 2
        (message,) = capsys.readouterr().err.splitlines()
        return message

    monkeypatch.setitem(sys.modules, "boto3", None)  # as where it is not installed
    needs = "no file system for s3:// is installed; pip install 'apache-beam[aws]'"
    assert needs in told("run", "--input", "s3://bucket/photos", "--output", tmp_path / "out")
    assert needs in told("run", "--input", photos, "--output", "s3://bucket/out")
    assert needs in told("run", "s3://bucket/recipe.yaml")
    assert needs in told("report", "s3://bucket/out")
    assert "name a local path or one of gs://, s3://" in told("profile", "http://host/x", "--output", tmp_path / "out")
    assert "cannot reach obj://locked/out: exists()" in told("run", "--input", photos, "--output", "obj://locked/out")
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "out"
    assert f"cannot write to {inside}: Not a directory; choose" in told("run", "--input", photos, "--output", inside)


def test_an_object_is_whole_or_not_there() -> None:
    def fail() -> None:
        with storage.create("obj://b/x") as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not storage.exists("obj://b/x")
    storage.write_atomic("obj://b/x", b"whole")
    assert storage.read_bytes("obj://b/x") == b"whole"
    assert storage.read_bytes("obj://b/x", at_most=2) == b"wh"


def test_local_files(tmp_path: Path) -> None:
    root = str(tmp_path)
    storage.write_atomic(storage.join(root, "a", "b.txt"), b"1")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "c.txt").touch()
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert [file.path for file in storage.walk(root)] == [f"{root}/.hidden/c.txt", f"{root}/a/b.txt"]
    assert storage.files(f"{root}/a", ".txt") == [f"{root}/a/b.txt"]
    assert storage.files(f"{root}/none") == []
    assert storage.stat(f"{root}/a/b.txt").size == 1
    storage.remove([f"{root}/a/b.txt", f"{root}/.hidden/c.txt", f"{root}/never"])
    assert storage.walk(root) == []


@pytest.mark.parametrize(("path", "remote"), [("s3://b/k", True), ("gs://b", True), ("C:\\x", False), ("a:b/c", False)])
def test_what_is_remote(path: str, remote: bool) -> None:
    assert storage.is_remote(path) is remote
