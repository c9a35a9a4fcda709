"""Real classes with random weights, saved as the hub saves them."""

from pathlib import Path

import PIL.Image
import pytest

from filters import aesthetic, hub
from filters.aesthetic import Aesthetic, loaded
from filters.image import Image

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

PHOTOS = sorted((Path(__file__).parents[2] / "demo/images/nature").glob("*.jpg"))[:3]
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
SIZE = {"height": 32, "width": 32}


def images() -> list[Image]:
    assert len(PHOTOS) == 3, "no demo images"
    return [Image(path.read_bytes()) for path in PHOTOS]


def save(model: "torch.nn.Module", processor: str, folder: Path) -> str:
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                weight.normal_(0, 0.3)
    model.save_pretrained(folder)
    kind = getattr(transformers, f"{processor}Pil", None) or getattr(transformers, processor)
    kind(size=SIZE).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def rating(tmp_path_factory: pytest.TempPathFactory) -> str:
    """SigLIP with one output, the kind of the default model."""
    torch.manual_seed(0)
    vision = SMALL | {"image_size": 32, "patch_size": 8}
    config = transformers.SiglipConfig(vision_config=vision, num_labels=1, problem_type="regression")
    model = transformers.SiglipForImageClassification(config)
    torch.nn.init.constant_(model.classifier.bias, 3)
    return save(model, "SiglipImageProcessor", tmp_path_factory.mktemp("rating"))


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> str:
    """ViT with two classes, as cafe_aesthetic and aesthetic-shadow have."""
    torch.manual_seed(1)
    names = {0: "not_aesthetic", 1: "aesthetic"}
    config = transformers.ViTConfig(**SMALL, image_size=32, patch_size=8, id2label=names)
    model = transformers.ViTForImageClassification(config)
    return save(model, "ViTImageProcessor", tmp_path_factory.mktemp("classes"))


def logits(model: str, image: Image) -> "torch.Tensor":
    """Computed with transformers alone, one picture at a time."""
    kind = transformers.AutoConfig.from_pretrained(model).architectures[0]
    network = getattr(transformers, kind).from_pretrained(model).eval()
    processor = transformers.AutoImageProcessor.from_pretrained(model)
    with torch.inference_mode():
        return network(**processor(images=PIL.Image.fromarray(image.rgb()), return_tensors="pt")).logits[0]


def test_one_output_is_the_score_itself(rating: str) -> None:
    filter = Aesthetic(model=rating)
    found = [row["score"] for row in filter.measure_batch([filter.prepare(image) for image in images()])]
    assert found == pytest.approx([float(logits(rating, image)[0]) for image in images()], abs=1e-5)
    assert max(found) - min(found) > 1e-3  # it looks at the image
    assert type(loaded(rating)[1]).__name__ == "SiglipForImageClassification"
    assert {path.name for path in filter.model_files()} >= {"config.json", "model.safetensors"}


def test_with_classes_the_score_is_the_probability_of_one(classes: str) -> None:
    found = [Aesthetic(model=classes, label="Aesthetic").measure(image)["score"] for image in images()]
    assert found == pytest.approx([float(logits(classes, image).softmax(-1)[1]) for image in images()], abs=1e-5)
    other = [Aesthetic(model=classes, label="not_aesthetic").measure(image)["score"] for image in images()]
    assert [a + b for a, b in zip(found, other, strict=True)] == pytest.approx([1, 1, 1], abs=1e-6)


def test_a_batch_gives_what_single_images_give(rating: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "BATCH", 2)  # three pictures are two passes
    filter = Aesthetic(model=rating)
    single = [filter.measure(image)["score"] for image in images()]
    batch = filter.measure_batch([filter.prepare(image) for image in images()])
    assert [row["score"] for row in batch] == pytest.approx(single, abs=1e-6)
    assert filter.measure_batch([]) == []


def test_the_threshold_decides(rating: str) -> None:
    low, *_, high = sorted((Aesthetic(model=rating).measure(image)["score"], image.sha256) for image in images())
    filter = Aesthetic(model=rating, min_score=(low[0] + high[0]) / 2)
    verdicts = {image.sha256: filter.verdict(filter.measure(image)) for image in images()}
    assert verdicts[low[1]] is not None
    assert verdicts[high[1]] is None


def test_verdict_states_number_and_threshold() -> None:
    reason = Aesthetic(min_score=3.5).verdict({"score": 2.25})
    assert reason == "score 2.25 is below min_score 3.5: it is rated less beautiful than asked for"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("", "has classes: set label to one of them; it has not_aesthetic, aesthetic"),
        ("hq", "has no label hq; it has not_aesthetic, aesthetic"),
    ],
)
def test_a_class_must_be_named(classes: str, label: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Aesthetic(model=classes, label=label).measure(images()[0])


def test_a_label_where_there_are_no_classes_is_refused(rating: str) -> None:
    with pytest.raises(ValueError, match=r"leave label out: .* has one output"):
        Aesthetic(model=rating, label="aesthetic").measure(images()[0])


def test_a_bare_encoder_is_refused(tmp_path: Path) -> None:
    """transformers would give it a head of chance, and scores that mean nothing."""
    vision = SMALL | {"image_size": 32, "patch_size": 8}
    text = SMALL | {"vocab_size": 9, "projection_size": 16}
    config = transformers.SiglipConfig(vision_config=vision, text_config=text)
    model = save(transformers.SiglipModel(config), "SiglipImageProcessor", tmp_path)
    with pytest.raises(ValueError, match=r"cannot be used: its weights have no classifier\.bias and 1 more"):
        Aesthetic(model=model).prepare(images()[0])


def test_a_head_of_a_foreign_class_is_refused(tmp_path: Path) -> None:
    """LAION's predictors say so in their configuration; transformers knows CLIP's encoder but no such head."""
    config = transformers.CLIPVisionConfig(**SMALL, image_size=32, patch_size=8)
    model = save(transformers.CLIPVisionModelWithProjection(config), "ViTImageProcessor", tmp_path)
    with pytest.raises(ValueError, match=r"the aesthetic model .* cannot be loaded: ") as caught:
        Aesthetic(model=model).prepare(images()[0])
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the aesthetic model .* cannot be loaded: ") as caught:
        Aesthetic(model=str(tmp_path)).prepare(images()[0])
    assert "\n" not in str(caught.value)


def test_broken_weights_are_refused(rating: str, tmp_path: Path) -> None:
    for path in Path(rating).iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:400])
    (tmp_path / "config.json").write_bytes(Path(rating, "config.json").read_bytes())
    with pytest.raises(ValueError, match=r"the aesthetic model .* cannot be loaded: ") as caught:
        Aesthetic(model=str(tmp_path)).prepare(images()[0])
    assert "\n" not in str(caught.value)


def test_missing_transformers_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    aesthetic.loaded.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "transformers", None)
    with pytest.raises(ImportError, match=r'aesthetic filter needs transformers: pip install "qwen-curation\[hub\]"'):
        Aesthetic().prepare(images()[0])


def test_a_hub_name_without_a_network_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # after the import, as `curation profile` does
    with pytest.raises(
        ValueError, match=r"the aesthetic model 'some/model' cannot be loaded: .* cached files"
    ) as caught:
        Aesthetic(model="some/model").prepare(images()[0])
    assert "\n" not in str(caught.value)
