"""The command that trains the watermark detector, on the demo's images, for a step or two."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from bench.accuracy.lettering import packaged
from bench.watermark import average, train
from bench.watermark.restore import restore
from filters import text_detector
from filters.watermark import MODEL


def trained(monkeypatch: pytest.MonkeyPatch, steps: int, made: Path, *more: str) -> Path:
    monkeypatch.setattr(train, "BATCH", 4)
    arguments = ["--fonts", *map(str, packaged()), "--steps", str(steps), "--output", str(made), *more]
    monkeypatch.setattr(sys, "argv", ["train", *arguments])
    train.main()
    return made


def seen() -> tuple[np.ndarray, ...]:
    """Pixels and features as the network takes them."""
    pixels = np.random.default_rng(1).integers(0, 256, (96, 160, 3), np.uint8)
    scaled = text_detector.network_pixels(pixels).transpose(2, 0, 1)
    return tuple(tensor[None] for tensor in (scaled, *text_detector.read(pixels).features))


def found(network: Path) -> tuple[np.ndarray, np.ndarray]:
    """The score and the mask that an exported network gives."""
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]
    score, mask = session.run(None, dict(zip(names, seen(), strict=True)))
    return score, mask


def test_training_gives_a_network_that_the_filter_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    score, mask = found(trained(monkeypatch, 2, tmp_path / "watermark.onnx"))
    height, width = seen()[0].shape[2:]
    assert 0 < score.item() < 1
    assert mask.shape == (1, 1, height // 8, width // 8)
    assert ((mask > 0) & (mask < 1)).all()


def test_a_longer_training_goes_on_from_the_last_step_at_full_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "WARM_UP", 1)
    monkeypatch.setattr(train, "EXPORT", 1)
    made = trained(monkeypatch, 4, tmp_path / "watermark.onnx")
    assert torch.load(made.with_suffix(".pt"))["step"] == 2
    steps = []
    learn = train.Training.learn
    monkeypatch.setattr(train.Training, "learn", lambda self, batch: steps.append(self.step) or learn(self, batch))
    trained(monkeypatch, 6, made)
    assert steps == [2, 3, 4, 5]


def test_a_finished_network_can_be_trained_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    batches = []
    for _ in range(2):
        pixels = rng.integers(0, 256, (2, 3, 64, 96), np.uint8)
        sizes = text_detector.FEATURES.values()
        features = [rng.random((2, depth, 64 // stride, 96 // stride), np.float32) for depth, stride in sizes]
        batches.append((torch.from_numpy(pixels), tuple(map(torch.from_numpy, features))))
    restored = restore(MODEL, batches)
    pixels, *features = map(torch.from_numpy, seen())
    with torch.no_grad():
        mask, image = restored(pixels, *features)
    score, expected = found(MODEL)
    assert torch.sigmoid(image).numpy() == pytest.approx(score, abs=1e-4)
    assert torch.sigmoid(mask).numpy() == pytest.approx(expected, abs=1e-3)
    made = trained(monkeypatch, 1, tmp_path / "watermark.onnx", "--start", str(MODEL))
    assert np.abs(found(made)[1] - expected).max() < 0.1  # one step, at the lowest rate


def test_the_average_of_a_network_with_itself_is_that_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, new = tmp_path / "average.onnx", trained(monkeypatch, 1, tmp_path / "new.onnx")
    monkeypatch.setattr(sys, "argv", ["average", str(MODEL), str(MODEL), str(made)])
    average.main()
    for got, expected in zip(found(made), found(MODEL), strict=True):
        assert got == pytest.approx(expected)
    average.average(MODEL, new, made)
    assert found(made)[0] != pytest.approx(found(MODEL)[0])
    assert found(made)[0] != pytest.approx(found(new)[0])
