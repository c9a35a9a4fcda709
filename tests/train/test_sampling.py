import json
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from train import condition, latents
from train.config import Times
from train.example import Packed, tokens
from train.mmdit import MMDiT
from train.objective import FlowLoss
from train.sampling import GAP, Sampler, Wish, grid, sheet

CODEC, ENCODER = latents.build({}), condition.build({})


def flat(colour: tuple[int, int, int], height: int = 32, width: int = 48) -> Tensor:
    """The latents of a picture of one colour."""
    pixels = torch.tensor(colour, dtype=torch.float32).view(1, 3, 1, 1).expand(1, 3, height, width) / 127.5 - 1
    return CODEC.encode(pixels)[0]


class Knowing(nn.Module):
    """A stand-in that knows the one picture of each caption: straight lines lead there, from wherever."""

    def __init__(self, known: dict[str, Tensor]):
        super().__init__()
        self.known = {ENCODER.encode([caption])[0].sum().item(): tokens(picture) for caption, picture in known.items()}
        self.calls: list[int] = []

    def forward(self, packed: Packed, times: Tensor) -> Tensor:
        self.calls.append(len(times))
        ends = torch.cat([self.known[text.sum().item()] for text in packed.text.split(packed.lengths)])
        counts = torch.tensor([height * width for ((_, height, width),) in packed.shapes])
        return (packed.image - ends) / times.repeat_interleave(counts)[:, None]


def sampler(steps: int = 4, guidance: float = 1.0) -> Sampler:
    return Sampler(ENCODER, CODEC, FlowLoss(Times(1.0), torch.device("cpu")), steps, guidance)


def made(chosen: Sampler, model: nn.Module, wishes: list[Wish]) -> list[NDArray[np.uint8]]:
    return chosen(cast(MMDiT, model), wishes)


RED, BLUE = flat((200, 30, 40)), flat((30, 60, 200))


def test_follows_each_prompt_to_its_picture() -> None:
    model = Knowing({"red": RED, "blue": BLUE})
    pictures = made(sampler(), model, [Wish("red", 48, 32, 1), Wish("blue", 48, 32, 2)])
    for picture, colour in zip(pictures, ((200, 30, 40), (30, 60, 200)), strict=True):
        assert picture.shape == (32, 48, 3)
        assert np.abs(picture.astype(int) - colour).max() <= 12  # what the codec loses
    assert model.calls == [2] * 4


def test_guidance_goes_beyond_the_prompt_away_from_the_negative_one() -> None:
    model = Knowing({"red": flat((150, 100, 100)), "": flat((100, 100, 100)), "blue": flat((100, 100, 150))})
    (plain,) = made(sampler(guidance=1.0), model, [Wish("red", 48, 32, 1)])
    (guided,) = made(sampler(guidance=2.0), model, [Wish("red", 48, 32, 1)])
    (negative,) = made(sampler(guidance=2.0), model, [Wish("red", 48, 32, 1, "blue")])
    assert guided[..., 0].mean() > plain[..., 0].mean() + 30
    assert negative[..., 2].mean() < guided[..., 2].mean() - 30


def test_sizes_and_many_wishes_keep_their_order() -> None:
    model = Knowing({"red": RED, "blue": BLUE, "tall": flat((20, 20, 20), 64, 32)})
    prompts = ["tall" if number % 3 == 2 else ("red", "blue")[number % 2] for number in range(20)]
    sizes = [(32, 64) if prompt == "tall" else (48, 32) for prompt in prompts]
    wishes = [Wish(prompt, *size, number) for number, (prompt, size) in enumerate(zip(prompts, sizes, strict=True))]
    pictures = made(sampler(2), model, wishes)
    for wish, picture in zip(wishes, pictures, strict=True):
        assert picture.shape == (wish.height, wish.width, 3)
        assert picture.reshape(-1, 3).mean(0).argmax() == {"red": 0, "blue": 2}.get(wish.prompt, 0)


def test_grid_centres_pictures_on_white() -> None:
    small, large = np.zeros((16, 16, 3), np.uint8), np.full((32, 48, 3), 9, np.uint8)
    sheet = grid([large, small, large], 2)
    assert sheet.shape == (2 * (32 + GAP) + GAP, 2 * (48 + GAP) + GAP, 3)
    assert (sheet[GAP : GAP + 32, GAP : GAP + 48] == 9).all()
    middle = sheet[GAP + 8 : GAP + 24, GAP + 52 + 16 : GAP + 52 + 32]
    assert (middle == 0).all()
    assert (sheet == 0).all(-1).sum() == 16 * 16
    assert (sheet[GAP + 36 :, GAP + 52 :] == 255).all()


def test_sheet_tells_what_was_read(tmp_path: Path) -> None:
    pictures = [np.zeros((16, 16, 3), np.uint8)] * 3
    wishes = [Wish(prompt, 16, 16, 0) for prompt in ('The word "CAT"', 'The word "DOG"', "a cat")]
    told = sheet(wishes, pictures, 3, lambda picture: "CAT")
    assert told.letters == pytest.approx((1 + 0) / 2)
    told.save(tmp_path / "samples" / "step-000001.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "samples" / "step-000001.png")), told.pixels)
    notes = json.loads((tmp_path / "samples" / "step-000001.json").read_text())
    assert notes[0] == {"prompt": 'The word "CAT"', "width": 16, "height": 16, "seed": 0, "read": "CAT", "letters": 1.0}
    assert notes[2] == {"prompt": "a cat", "width": 16, "height": 16, "seed": 0}
    assert sheet(wishes, pictures, 3, None).letters is None
