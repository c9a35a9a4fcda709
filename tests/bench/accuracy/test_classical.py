"""The filters that need no network reach their targets on a reduced set of unseen sources."""

from __future__ import annotations

import pytest

from filters.blur import Blur
from filters.dedup import Dedup
from filters.entropy import Entropy
from filters.exposure import Exposure
from tests.bench.accuracy.bounds import missed, reduced


def test_blur() -> None:
    assert missed("blur", reduced(Blur(), 7)) == []


def test_exposure() -> None:
    assert missed("exposure", reduced(Exposure(), 3)) == []


def test_entropy() -> None:
    assert missed("entropy", reduced(Entropy(), 4)) == []


def test_dedup() -> None:
    assert missed("dedup", reduced(Dedup(), 4)) == []


@pytest.mark.parametrize(("min_bits", "wrong"), [(0.0, ["F1"]), (6.5, ["F1", "clean dropped"])])
def test_a_spoilt_threshold_misses_them(min_bits: float, wrong: list[str]) -> None:
    sentences = missed("entropy", reduced(Entropy(min_bits=min_bits), 12))
    assert len(sentences) == len(wrong)
    assert all(name in sentence for name, sentence in zip(wrong, sentences, strict=True))
