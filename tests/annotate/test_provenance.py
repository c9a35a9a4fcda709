import hashlib
from itertools import product

from jsonschema import Draft202012Validator

from annotate.prompt import LANGUAGES, load, stored_schema
from annotate.provenance import cache_key, stored
from tests.annotate.replies import CAFE


def test_stored_annotations_are_valid():
    validator = Draft202012Validator(stored_schema())
    for language, seed, fused in product(LANGUAGES, (0, 2**31), ({}, {"fused_caption": "A small café in Trieste."})):
        annotation = stored(CAFE | fused, "m" * 500, load(language), seed)
        validator.validate(annotation)
        assert annotation | CAFE == annotation
        assert annotation["prompt"] == load(language).digest
        assert (annotation["language"], annotation["seed"], annotation["model"]) == (language, seed, "m" * 200)


def test_cache_key_tells_everything_apart_that_a_model_is_asked():
    images = [hashlib.sha256(bytes([i])).hexdigest() for i in range(2)]
    raws = [None, "a cat", "a dog"]
    asked = list(product(images, map(load, LANGUAGES), raws, ["one", "two"]))
    assert len({cache_key(*question) for question in asked}) == len(asked)


def test_synthesis_is_ours_and_optional():
    line = {"text": "Ox", "language": "en", "role": "title", "direction": "horizontal", "font": "Inter", "size": 20.5}
    line |= {"quad": [0] * 8, "characters": ["O", "x"], "quads": [[0.5] * 8] * 2, "levels": "00"}
    made = {"tier": "pure", "layout": "page", "grade": "word", "seed": 1, "index": 2, "scene": "", "fonts": ["Inter"]}
    annotation = stored(CAFE, "synth", load("en"), 1) | {"synthesis": made | {"lines": [line]}}
    validator = Draft202012Validator(stored_schema())
    assert validator.is_valid(annotation)
    for wrong in ({"tier": "four"}, {"lines": [line | {"quad": [0] * 7}]}, {"lines": [line | {"levels": "4"}]}):
        assert not validator.is_valid(annotation | {"synthesis": made | {"lines": [line]} | wrong})


def test_known_text_brings_the_whole_raw_caption_into_the_question():
    raw = "A wall reads " + " ".join(map(str, range(300)))
    asked = load("en").after_image(raw, in_full=True)
    assert raw in asked
    assert raw not in load("en").after_image(raw)
    assert cache_key("00", load("en"), raw, "m", ["0 1"]) != cache_key("00", load("en"), raw, "m")
    assert cache_key("00", load("en"), "a cat", "m", ["cat"]) == cache_key("00", load("en"), "a cat", "m")


def test_raw_captions_that_render_alike_share_a_key():
    keys = {cache_key("00", load("en"), raw, "m") for raw in ("a cat", " a\ncat\x00 ", "a cat\ud800")}
    assert len(keys) == 1
    assert cache_key("00", load("en"), "", "m") == cache_key("00", load("en"), None, "m")
