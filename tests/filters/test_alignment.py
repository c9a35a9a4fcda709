"""Real classes with random weights, saved as the hub saves them."""

import math
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from filters import alignment, hub
from filters.alignment import CHINESE_CLIP_TOKENS, Alignment, loaded
from filters.base import Signals
from filters.image import Image

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

PHOTOS = sorted((Path(__file__).parents[2] / "demo/images/nature").glob("*.jpg"))[:3]
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
CAPTIONS = ["A wide valley under a clear sky", None, "山谷里的一条小河"]
CHARACTERS = sorted(set("abcdefghijklmnopqrstuvwxyz▁" + "".join(text for text in CAPTIONS if text).lower()) - {" "})
READS = 24


def siglip(folder: Path) -> None:
    text = SMALL | {"vocab_size": 99, "max_position_embeddings": READS, "projection_size": 16}
    vision = SMALL | {"image_size": 32, "patch_size": 8}
    save(transformers.SiglipModel(transformers.SiglipConfig(text_config=text, vision_config=vision)), folder)
    processor("SiglipImageProcessor")(size={"height": 32, "width": 32}).save_pretrained(folder)
    gemma_tokenizer(transformers.GemmaTokenizer, folder)  # which keeps capitals: SigLIP 2 of fixed size declares it


def siglip2(folder: Path) -> None:
    text = SMALL | {"vocab_size": 99, "max_position_embeddings": READS, "projection_size": 16}
    vision = SMALL | {"patch_size": 8, "num_patches": 16}
    save(transformers.Siglip2Model(transformers.Siglip2Config(text_config=text, vision_config=vision)), folder)
    processor("Siglip2ImageProcessor")(patch_size=8, max_num_patches=16).save_pretrained(folder)
    gemma_tokenizer(transformers.Siglip2Tokenizer, folder)


def chinese_clip(folder: Path) -> None:
    text = SMALL | {"vocab_size": 99, "max_position_embeddings": 128, "initializer_range": 0.5}
    vision = SMALL | {"image_size": 32, "patch_size": 8}
    config = transformers.ChineseCLIPConfig(text_config=text, vision_config=vision, projection_dim=8)
    save(transformers.ChineseCLIPModel(config), folder)
    square = {"height": 32, "width": 32}
    processor("ChineseCLIPImageProcessor")(size=square, crop_size=square).save_pretrained(folder)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *CHARACTERS, *(f"##{one}" for one in CHARACTERS)]
    transformers.BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)}).save_pretrained(folder)


def gemma_tokenizer(kind: type, folder: Path) -> None:
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *CHARACTERS]
    vocab = {piece: number for number, piece in enumerate(pieces)}
    kind(vocab=vocab, merges=[], padding_side="right", add_bos_token=False).save_pretrained(folder)


def processor(name: str) -> type:
    """The variant that needs no torchvision, where transformers has two."""
    return getattr(transformers, f"{name}Pil", None) or getattr(transformers, name)


def save(model: "torch.nn.Module", folder: Path) -> None:
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                weight.normal_(0, 0.3)
        model.logit_scale.fill_(2.0)
        if hasattr(model, "logit_bias"):
            model.logit_bias.fill_(-3.0)
    model.save_pretrained(folder)


@pytest.fixture(scope="module", params=[siglip, siglip2, chinese_clip], ids=lambda make: make.__name__)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp(request.param.__name__)
    request.param(folder)
    return str(folder)


def images(captions: list[str | None]) -> list[Image]:
    assert len(PHOTOS) == 3, "no demo images"
    return [Image(path.read_bytes(), caption=text) for path, text in zip(PHOTOS, captions, strict=True)]


def measured(filter: Alignment, captions: list[str | None]) -> list[Signals]:
    return filter.measure_batch([filter.prepare(image) for image in images(captions)])


def directly(model: str, image: Image, text: str) -> float:
    """The score by the way round: the model's own logit, with its scale and bias taken off."""
    classes = {"siglip": "SiglipModel", "siglip2": "Siglip2Model", "chinese_clip": "ChineseCLIPModel"}
    kind = transformers.AutoConfig.from_pretrained(model).model_type
    network = getattr(transformers, classes[kind]).from_pretrained(model).eval()
    pixels = transformers.AutoImageProcessor.from_pretrained(model)(
        images=PIL.Image.fromarray(image.rgb()), return_tensors="pt"
    )
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    if kind == "chinese_clip":
        tokens = tokenizer([text], return_tensors="pt")
    else:
        padded = tokenizer([text.lower()], padding="max_length", max_length=READS, truncation=True, return_tensors="pt")
        tokens = {"input_ids": padded["input_ids"]}
    with torch.inference_mode():
        logit = network(**pixels, **tokens).logits_per_image[0, 0]
        bias = network.logit_bias if hasattr(network, "logit_bias") else 0
        return float((logit - bias) / network.logit_scale.exp())


def test_score_is_what_transformers_computes(model: str) -> None:
    texts = ["a valley", "A Clear Sky", "小河"]
    found = [signals["score"] for signals in measured(Alignment(model=model), texts)]
    expected = [directly(model, image, text) for image, text in zip(images(texts), texts, strict=True)]
    assert found == pytest.approx(expected, abs=1e-5)
    assert max(found) - min(found) > 1e-3
    assert all(-1 <= score <= 1 for score in found)


def test_it_reads_both_picture_and_caption(model: str) -> None:
    filter = Alignment(model=model)
    first, second = [images([text, text, text])[number] for number, text in ((0, "sky"), (1, "sky"))]
    other = Image(first.data, caption="valley")
    scores = [filter.measure(image)["score"] for image in (first, second, other)]
    assert abs(scores[0] - scores[1]) > 1e-4
    assert abs(scores[0] - scores[2]) > 1e-4


def test_a_batch_gives_what_single_images_give(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "BATCH", 2)  # three pictures are two passes
    filter, texts = Alignment(model=model), ["valley", "sky", "小河"]
    single = [filter.measure(image)["score"] for image in images(texts)]
    assert [signals["score"] for signals in measured(filter, texts)] == pytest.approx(single, abs=1e-6)
    assert filter.measure_batch([]) == []


@pytest.mark.parametrize("missing", [None, "", " \n"])
def test_images_without_a_caption_pass(model: str, missing: str | None) -> None:
    filter = Alignment(model=model, min_score=1)
    found = measured(filter, ["valley", missing, "sky"])
    assert [math.isnan(signals["score"]) for signals in found] == [False, True, False]
    assert math.isnan(found[1]["truncated"])
    assert filter.verdict(found[1]) is None
    assert found[2]["score"] == pytest.approx(filter.measure(images(["", "", "sky"])[2])["score"], abs=1e-6)


def test_a_long_caption_is_read_from_its_beginning(model: str) -> None:
    filter = Alignment(model=model)
    chinese = transformers.AutoConfig.from_pretrained(model).model_type == "chinese_clip"
    length = CHINESE_CLIP_TOKENS - 2 if chinese else READS  # Chinese-CLIP's tokenizer adds one at either end
    fits = " ".join("山" * length) if chinese else "a" * length
    longer, other = fits + "河", fits + "谷" * 300
    whole, cut, same = measured(filter, [fits, longer, other])
    assert [whole["truncated"], cut["truncated"], same["truncated"]] == [0, 1, 1]
    data = PHOTOS[0].read_bytes()
    scores = [filter.measure(Image(data, caption=text))["score"] for text in (fits, longer, other)]
    assert scores == pytest.approx([scores[0]] * 3, abs=1e-6)


def test_capitals_change_nothing(model: str) -> None:
    filter, data = Alignment(model=model), PHOTOS[0].read_bytes()
    lower, upper = [filter.measure(Image(data, caption=text))["score"] for text in ("a valley", "A VALLEY")]
    assert lower == upper


def test_the_family_is_chosen_by_the_configuration(model: str) -> None:
    names = {"siglip": "SiglipModel", "siglip2": "Siglip2Model", "chinese_clip": "ChineseCLIPModel"}
    network = loaded(model)[2]
    assert type(network).__name__ == names[network.config.model_type]
    assert network.dtype == torch.float32
    assert {path.name for path in Alignment(model=model).model_files()} >= {"config.json", "model.safetensors"}


def test_verdict_states_number_and_threshold() -> None:
    filter = Alignment(min_score=0.1)
    assert filter.verdict({"score": 0.04}) == "score 0.04 is below min_score 0.1: its caption does not describe it"
    assert filter.verdict({"score": 0.1}) is None
    assert Alignment().verdict({"score": -1.0}) is None


def test_a_missing_model_is_found_without_a_caption(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the alignment model .* cannot be loaded: ") as caught:
        Alignment(model=str(tmp_path)).measure(images([None] * 3)[0])
    assert "\n" not in str(caught.value)


def test_a_model_without_weights_for_a_part_is_refused(model: str, tmp_path: Path) -> None:
    """transformers would fill the gap with chance."""
    from safetensors.torch import load_file, save_file

    for path in Path(model).iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = load_file(Path(model, "model.safetensors"))
    del weights["logit_scale"]
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(ValueError, match="cannot be used: its weights have no logit_scale"):
        Alignment(model=str(tmp_path)).prepare(images(["sky"] * 3)[0])


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    transformers.ViTConfig(**SMALL).save_pretrained(tmp_path)
    with pytest.raises(ValueError, match="is of type vit, not one of siglip, siglip2, chinese_clip"):
        Alignment(model=str(tmp_path)).prepare(images(["sky"] * 3)[0])


def test_missing_transformers_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    alignment.loaded.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "transformers", None)
    with pytest.raises(ImportError, match=r'alignment filter needs transformers: pip install "qwen-curation\[hub\]"'):
        Alignment().prepare(images(["sky"] * 3)[0])


@pytest.mark.parametrize("wrong", [1.5, -2, np.nan])
def test_nonsense_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="min_score is a cosine between -1 and 1"):
        Alignment(min_score=wrong)
