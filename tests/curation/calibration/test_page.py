"""The page in a real browser, the server's manners, and the recipe that comes of it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import PIL.Image
import pytest

from curation import cli
from curation.calibration.pictures import Thumbnails
from curation.calibration.run import Wishes, begin
from curation.calibration.server import Server
from curation.mistake import SettingsError
from curation.recipe import load
from tests.curation.calibration.conftest import RECIPE, Curated
from tests.curation.conftest import rows

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None, reason="needs Playwright and a Chromium"
)


def heed_interrupts() -> None:
    """What was started in a shell's background inherits that SIGINT is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """`curation calibrate` as a user starts and stops it; its URL."""
    quiet = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
    command = [sys.executable, "-m", "curation.cli", "calibrate", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet, preexec_fn=heed_interrupts) as process:
        assert process.stdout
        try:
            lines = [process.stdout.readline() for _ in range(2)]
            yield re.findall(r"http://127\.0\.0\.1:\d+/\S+/", lines[0])[0]
        finally:
            process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
        assert "labelled in" in said
        assert process.returncode == 0


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()


def counted(page: Any, given: int) -> None:
    """Wait until the page says that so many labels were given and stored."""
    from playwright.sync_api import expect

    expect(page.locator("#count")).to_have_text(re.compile(rf"^{given} of \d+ · \d+ drop, \d+ keep$"))


def judge(page: Any, soft: frozenset[str], count: int) -> None:
    """Label `count` images with the keys, each by what its picture is."""
    from playwright.sync_api import expect

    for _ in range(count):
        expect(page.locator("#drop")).to_be_enabled()
        picture = page.locator("#frame img").get_attribute("src").partition("base64,")[2]
        known = hashlib.sha256(base64.b64decode(picture)).hexdigest()
        done = int(page.locator("#count").inner_text().split()[0])
        page.keyboard.press(("d", "ArrowLeft")[done % 2] if known in soft else ("k", "ArrowRight")[done % 2])
        counted(page, done + 1)


@needs_chromium
def test_labels_become_a_recipe_that_runs(curated: Curated, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    recipe, out = tmp_path / "mine.yaml", tmp_path / "out"
    recipe.write_text(RECIPE)
    shutil.copytree(curated.output, out)
    stored = out / "calibration" / "blur.min_sharpness.jsonl"
    with browser() as running:
        page = running.new_page(viewport={"width": 1400, "height": 900})
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text))
        with served(str(out), "blur", "--recipe", str(recipe)) as url:
            page.goto(url)
            judge(page, curated.soft, 3)
            page.keyboard.press("u")
            counted(page, 2)
            judge(page, curated.soft, 10)
            expect(page.locator("#rows tr").nth(5)).to_be_visible()
            assert len(stored.read_text().splitlines()) == 12
        with served(str(out), "blur", "--recipe", str(recipe)) as url:  # another day: it goes on
            page.goto(url)
            counted(page, 12)
            total = int(page.locator("#count").inner_text().split()[2])
            judge(page, curated.soft, total - 12)
            expect(page.locator("#frame")).to_contain_text("All images")
            expect(page.locator("#said")).to_contain_text("Proposed")
            proposed = page.locator("#rows tr[aria-selected=true]").inner_text().split()
            page.locator("#write").click()
            expect(page.locator("#written")).to_contain_text("Written")
        assert not said
    labels = [json.loads(line) for line in stored.read_text().splitlines()]
    assert {record["sha256"] for record in labels if record["label"] == "drop"} == {
        record["sha256"] for record in labels if record["sha256"] in curated.soft
    }
    text = recipe.read_text()
    assert [line for line in RECIPE.splitlines()[:-1] if line not in text.splitlines()] == []
    assert f"{total} labels" in text
    bound = load(text, "in", "out", []).stages[-1].min_sharpness  # type: ignore[attr-defined]
    assert f"{bound:.4g}" == proposed[0]
    right = sum((record["value"] < bound) == (record["label"] == "drop") for record in labels)
    assert right >= 0.9 * len(labels)
    assert cli.main(["run", str(recipe), "--input", str(curated.photos), "--output", str(tmp_path / "again")]) == 0
    again = rows(tmp_path / "again", "signals")
    assert sum(row["dropped_by"] == "blur" for row in again) == int(proposed[1])


@pytest.fixture
def server(curated: Curated, tmp_path: Path) -> Iterator[Server]:
    out = tmp_path / "out"
    shutil.copytree(curated.output, out)
    with Server(begin(Wishes(str(out), "blur", 10, 0, None, None))) as serving:
        thread = Thread(target=serving.serve_forever, args=(0.02,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def answer(url: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """Status and JSON of a request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        return error.code, None


def test_who_may_ask(server: Server) -> None:
    """Nobody without the token, under another name or from another page."""
    root = f"http://127.0.0.1:{server.server_port}"
    assert server.server_address[0] == "127.0.0.1"
    assert answer(server.url + "state")[0] == 200
    assert [answer(f"{root}/{path}")[0] for path in ("", "state", "x/state", "//", f"{server.token}")] == [403] * 5
    assert answer(server.url + "state", Host=f"evil.example:{server.server_port}")[0] == 403
    assert answer(server.url + "state", Host=f"localhost:{server.server_port}")[0] == 403
    assert answer(server.url + "label", {"number": 0, "label": "drop"}, Origin="http://evil.example")[0] == 403
    assert answer(server.url + "label", {"number": 0, "label": "drop"}, **{"Content-Type": "text/plain"})[0] == 400
    assert answer(server.url + "../../etc/passwd")[0] == 404
    assert answer(server.url + "state")[1]["given"] == [None] * 10


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("label", {"number": -1, "label": "drop"}),
        ("label", {"number": 10, "label": "drop"}),
        ("label", {"number": True, "label": "drop"}),
        ("label", {"number": 0}),
        ("label", []),
        ("write", {"at": "x"}),
    ],
)
def test_nonsense_is_refused(server: Server, name: str, body: object) -> None:
    assert answer(server.url + name, body)[0] == 400
    assert answer(server.url + "label", {"number": 0, "label": "perhaps"})[0] == 409
    assert answer(server.url + "write", {"at": 3.0})[0] == 409
    assert [answer(server.url + f"picture/{number}")[0] for number in ("-1", "10", "x")] == [404] * 3
    assert answer(server.url + "state")[1]["given"] == [None] * 10


def test_without_the_input_the_report_has_pictures(curated: Curated, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(curated.output, out)
    record = json.loads((out / "run.json").read_text())
    (out / "run.json").write_text(json.dumps(record | {"input": {"path": "gone/", "hash": "0"}}))
    session = begin(Wishes(str(out), "blur", 200, 0, None, None))
    assert isinstance(session.pictures, Thumbnails)
    assert 8 <= len(session.sample.items) == session.sample.population < len(rows(out, "signals"))
    assert all(session.picture(number) for number in range(len(session.sample.items)))


@pytest.mark.parametrize(
    ("threshold", "told"),
    [
        ("exposure", "choose one of exposure.min_highlight, exposure.max_blown"),
        ("blurr", "did you mean 'blur'"),
        ("blur.max_score", "has no threshold 'max_score'"),
        ("dedup", "has no stage 'dedup'"),
    ],
)
def test_a_threshold_that_is_none(
    curated: Curated, threshold: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["calibrate", str(curated.output), threshold]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_settings_that_are_wrong(curated: Curated, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, recipe = str(curated.output), tmp_path / "no blur.yaml"
    recipe.write_text("stages: [entropy]\n")
    chain = tmp_path / "chain"
    chain.mkdir()
    (chain / "run.json").write_text('{"command": "run", "runs": ["first", "second"], "status": "complete"}')
    for arguments, told in (
        ([out, "blur", "--images", "0"], "--images must"),
        ([out, "blur", "--seed", "-1"], "--seed must"),
        ([out, "blur", "--precision", "95"], "--precision must"),
        ([out, "blur", "--recipe", str(recipe)], "has no stage 'blur'"),
        ([str(tmp_path), "blur"], "holds no run"),
        ([str(chain), "blur"], f"{chain}/first"),
    ):
        assert cli.main(["calibrate", *arguments]) == 2
        said = capsys.readouterr().err
        assert told in said
        assert said.count("\n") == 1


def test_a_label_belongs_to_a_picture(curated: Curated, tmp_path: Path) -> None:
    """Of another picture under the same key it tells nothing, and nonsense in the file is named."""
    out = tmp_path / "out"
    shutil.copytree(curated.output, out)
    wishes = Wishes(str(out), "blur", 10, 0, None, None)
    begin(wishes).label(0, "drop")
    assert begin(wishes).state()["given"].count("drop") == 1
    stored = out / "calibration" / "blur.min_sharpness.jsonl"
    record = json.loads(stored.read_text())
    stored.write_text(json.dumps(record | {"sha256": "0" * 64}) + "\n")
    assert begin(wishes).state()["given"].count("drop") == 0
    stored.write_text("nonsense\n")
    with pytest.raises(SettingsError, match="line 1"):
        begin(wishes)


@pytest.mark.parametrize("format", ["parquet", "webdataset"])
def test_pictures_are_those_of_the_rows(curated: Curated, tmp_path: Path, format: str) -> None:
    """Of shards too, and in formats that no browser shows."""
    photos, shards, out = tmp_path / "photos", tmp_path / "shards", tmp_path / "out"
    shutil.copytree(curated.photos, photos)
    for path in sorted(photos.glob("0*.jpg")):
        PIL.Image.open(path).save(path.with_suffix(".tif"))
        path.unlink()
    keep = ["--set", f"output.format={format}", "--set", "stages.blur.min_sharpness=0"]
    assert cli.main(["run", str(curated.recipe), "--input", str(photos), "--output", str(shards), *keep]) == 0
    assert cli.main(["run", str(curated.recipe), "--input", str(shards), "--output", str(out)]) == 0
    session = begin(Wishes(str(out), "blur", 200, 0, None, None))
    assert len(session.sample.items) == 40
    for number, item in enumerate(session.sample.items):
        picture = session.picture(number)
        assert picture is not None
        kind, _, data = picture.url.partition(";base64,")
        assert kind == ("data:image/png" if item.key.startswith("0") else "data:image/jpeg")
        if kind == "data:image/jpeg":
            assert hashlib.sha256(base64.b64decode(data)).hexdigest() == item.sha256
        else:
            shown = PIL.Image.open(io.BytesIO(base64.b64decode(data)))
            named = item.key if item.key.endswith(".tif") else f"{item.key}.tif"
            assert np.array_equal(np.asarray(shown), np.asarray(PIL.Image.open(photos / named)))
