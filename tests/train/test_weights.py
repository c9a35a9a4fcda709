from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from train.mmdit import Config, MMDiT
from train.weights import WeightsError, load, save

diffusers = pytest.importorskip("diffusers")

SIZES: dict[str, Any] = {
    "num_layers": 1,
    "num_attention_heads": 2,
    "attention_head_dim": 16,
    "joint_attention_dim": 24,
    "axes_dims_rope": (4, 6, 6),
}


@pytest.fixture(scope="module")
def reference() -> Any:
    return diffusers.QwenImageTransformer2DModel(**SIZES)


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("largest", ["1GB", "50KB"])
def test_loads_what_diffusers_saved(tmp_path: Path, reference: Any, largest: str) -> None:
    reference.save_pretrained(tmp_path, max_shard_size=largest)
    assert len(list(tmp_path.glob("*.safetensors"))) == 1 if largest == "1GB" else 2
    model = load(tmp_path)
    assert model.config == Config(**SIZES)
    assert same(model.state_dict(), reference.state_dict())


def test_loads_bf16_as_float32(tmp_path: Path, reference: Any) -> None:
    reference.save_pretrained(tmp_path)
    half = diffusers.QwenImageTransformer2DModel.from_pretrained(tmp_path, torch_dtype=torch.bfloat16)
    half.save_pretrained(tmp_path)
    weights = load(tmp_path).state_dict()
    assert {weight.dtype for weight in weights.values()} == {torch.float32}
    assert torch.equal(weights["proj_out.weight"], half.proj_out.weight.float())


def test_diffusers_loads_what_is_saved(tmp_path: Path) -> None:
    model = MMDiT(Config(**SIZES))
    save(model.state_dict(), model.config, tmp_path / "model")
    theirs, said = diffusers.QwenImageTransformer2DModel.from_pretrained(tmp_path / "model", output_loading_info=True)
    assert not any(said.values())
    assert same(theirs.state_dict(), model.state_dict())
    assert same(load(tmp_path / "model").state_dict(), model.state_dict())
    theirs.save_pretrained(tmp_path / "theirs")
    written, expected = (json.loads((tmp_path / name / "config.json").read_text()) for name in ("model", "theirs"))
    assert written.items() <= expected.items()
    assert {path.name for path in (tmp_path / "model").iterdir()} == {
        path.name for path in (tmp_path / "theirs").iterdir()
    }


def change(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "another class": ({"_class_name": "FluxTransformer2DModel"}, "holds a FluxTransformer2DModel, not a Qwen"),
    "another variant": ({"zero_cond_t": True}, "zero_cond_t is True"),
    "one layer more": ({"num_layers": 2}, "transformer_blocks.1.img_mod.1.weight is missing"),
    "one layer less": ({"num_layers": 1, "joint_attention_dim": 32}, r"txt_norm.weight is \[24\], not \[32\]"),
    "no number": ({"num_layers": "many"}, "num_layers is 'many'"),
    "no list": ({"axes_dims_rope": 5}, "axes_dims_rope is 5"),
}


@pytest.mark.parametrize(("values", "message"), MISTAKES.values(), ids=MISTAKES)
def test_what_does_not_fit_is_one_line(tmp_path: Path, reference: Any, values: dict[str, Any], message: str) -> None:
    reference.save_pretrained(tmp_path)
    change(tmp_path, **values)
    with pytest.raises(WeightsError, match=message) as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_weight_too_many(tmp_path: Path) -> None:
    weights = MMDiT(Config(**SIZES)).state_dict()
    save(weights | {"more.weight": torch.zeros(2)}, Config(**SIZES), tmp_path)
    with pytest.raises(WeightsError, match=r"more\.weight is none of its weights"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "diffusion_pytorch_model.safetensors"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]"])
def test_damage_is_one_line(tmp_path: Path, reference: Any, name: str, content: bytes | None) -> None:
    reference.save_pretrained(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(WeightsError, match=str(tmp_path)) as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)
