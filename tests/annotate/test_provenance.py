import hashlib
from itertools import product

from jsonschema import Draft202012Validator

from annotate.prompt import LANGUAGES, load, stored_schema
from annotate.provenance import cache_key, stored
from tests.annotate.replies import CAFE


def test_stored_annotations_are_valid():
    validator = Draft202012Validator(stored_schema())
    for language, seed, fused in product(LANGUAGES, (0, 2**31), ({}, {"fused_caption": "A café in Trieste."})):
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


def test_raw_captions_that_render_alike_share_a_key():
    keys = {cache_key("00", load("en"), raw, "m") for raw in ("a cat", " a\ncat\x00 ", "a cat\ud800")}
    assert len(keys) == 1
    assert cache_key("00", load("en"), "", "m") == cache_key("00", load("en"), None, "m")
