"""The codec without weights: an exact projection, scaled alike on pictures and text, that keeps text legible."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from train.latents import build
from train.latents.dct import DCT, Scale, filters, measure, zigzag

CODEC = DCT()
PICTURES = sorted((Path(__file__).parents[3] / "demo" / "images").glob("*/*.*"))


def pixels(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture.convert("RGB")).copy()).permute(2, 0, 1)[None] / 127.5 - 1


def word(text: str, height: int) -> Tensor:
    """A word in letters of that many pixels, dark on light."""
    font = ImageFont.load_default(size=height)
    page = Image.new("RGB", (int(font.getlength(text)) // 8 * 8 + 24, height * 2 // 8 * 8 + 16), (245, 245, 240))
    ImageDraw.Draw(page).text((page.width / 2, page.height / 2), text, font=font, fill=(200, 30, 40), anchor="mm")
    return pixels(page)


def psnr(one: Tensor, other: Tensor) -> float:
    """Decibels, of values -1..1."""
    return float(10 * torch.log10(4 / (one - other).square().mean()))


sizes = st.integers(1, 5)


@given(sizes, sizes, sizes, st.integers(0, 2**32 - 1))
def test_decoding_gives_back_exactly_what_encoding_kept(batch: int, height: int, width: int, seed: int) -> None:
    latents = torch.randn(batch, 16, height, width, generator=torch.Generator().manual_seed(seed))
    decoded = CODEC.decode(latents)
    assert decoded.shape == (batch, 3, 8 * height, 8 * width)
    torch.testing.assert_close(CODEC.encode(decoded), latents, atol=1e-3, rtol=0)


def test_it_is_the_discrete_cosine_transform() -> None:
    rng = np.random.default_rng(0)
    grey = rng.uniform(-1, 1, (8, 8))
    there, _ = filters()
    ours = (there * grey).sum((1, 2, 3))[:10]  # a grey picture has the same value in all colours
    assert zigzag()[:6] == [(0, 0), (0, 1), (1, 0), (2, 0), (1, 1), (0, 2)]
    theirs = cv2.dct(grey)
    assert ours == pytest.approx([theirs[place] for place in zigzag()[:10]])


def test_blocks_do_not_touch_each_other() -> None:
    picture = torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(1)) * 2 - 1
    other = picture.clone()
    other[..., 8:16, 16:24] = 0
    changed = (CODEC.encode(picture) != CODEC.encode(other)).any(1)[0]
    assert changed.nonzero().tolist() == [[1, 2]]
    torch.testing.assert_close(CODEC.encode(picture[..., :16, 8:]), CODEC.encode(picture)[..., :2, 1:])


def test_flat_colours_survive() -> None:
    for colour in ((255, 255, 255), (0, 0, 0), (200, 30, 40), (20, 140, 60)):
        flat = pixels(Image.new("RGB", (16, 16), colour))
        torch.testing.assert_close(CODEC.decode(CODEC.encode(flat)), flat, atol=1e-5, rtol=0)


@pytest.mark.parametrize(("text", "height"), [("QWEN", 28), ("Rain", 28), ("24.50", 32), ("Jazz", 36)])
def test_text_keeps_20_decibels(text: str, height: int) -> None:
    page = word(text, height)
    assert psnr(CODEC.decode(CODEC.encode(page)), page) > 20


def test_pictures_keep_more() -> None:
    seen = [pixels(Image.open(path).resize((256, 256))) for path in PICTURES[::8]]
    decibels = [psnr(CODEC.decode(CODEC.encode(each)), each) for each in seen]
    assert len(decibels) > 10
    assert np.median(decibels) > 24


def test_latents_have_unit_variance() -> None:
    seen = [pixels(Image.open(path).resize((256, 256)))[0] for path in PICTURES[::4]]
    latents = torch.cat([CODEC.encode(each[None]) for each in seen])
    assert latents.mean((0, 2, 3)).abs().max() < 0.6
    assert latents.std() == pytest.approx(1, abs=0.2)
    own = torch.cat([DCT(measure(seen)).encode(each[None]) for each in seen])
    assert own.mean((0, 2, 3)).tolist() == pytest.approx([0.0] * 16, abs=1e-4)
    assert own.square().mean() == pytest.approx(1, abs=1e-3)
    deviations = own.std((0, 2, 3))
    assert deviations[0] == deviations.max()
    assert deviations.max() / deviations.min() < 10  # of the coefficients themselves it is about 50


def test_measuring_finds_the_scale_of_what_it_is_given() -> None:
    """Noise of the same power in all channels has the same divisor in all."""
    latents = torch.randn(1, 16, 32, 32, generator=torch.Generator().manual_seed(3))
    even = DCT(Scale((0.5,) * 16, (2.0,) * 16))
    found = measure(even.decode(latents))
    assert found.mean == pytest.approx([0.5] * 16, abs=0.3)
    assert found.divisor == pytest.approx([2.0] * 16, rel=0.1)


def test_gradients_pass_both_ways() -> None:
    picture = torch.rand(1, 3, 16, 16, requires_grad=True)
    CODEC.decode(CODEC.encode(picture)).square().sum().backward()
    assert picture.grad is not None
    assert picture.grad.abs().max() > 0


def test_the_name_tells_scales_apart_and_never_changes() -> None:
    assert CODEC.name == build({"codec": "dct"}).name == "dct-43bc7d5c0b5c"
    assert DCT(Scale((0.0,) * 16, (1.0,) * 16)).name != CODEC.name


def test_a_wrong_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="16 numbers"):
        Scale((0.0,) * 16, (0.0,) * 16)
