"""Writes random JSON that a schema admits: what a model behind a constrained decoder does, without the model."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

_TEXT = (
    "amber awning barn bench blue brass bridge brick canal candle cart cedar chalk cliff clock cloud coat copper "
    "corner cup curtain deck door dune dusk evening fence fern field flag floor foam fog garden gate glass gold "
    "grain granite grass gravel green grey harbour hat hedge hill ivory jar kettle ladder lake lamp lantern leaf "
    "ledge lemon linen maple marble meadow metal mirror mist morning moss mountain narrow oak oar olive orange "
    "paint pale path pebble pine plank plate pond poppy porch quay rail rain red ribbon ridge river road roof rope "
    "rose rust sail salt sand scarf shadow shelf shore silver sky slate slope smoke snow sofa stair steel stone "
    "straw street sun table teal tent terrace tile timber tower trail tree tulip umbrella valley vase velvet wall "
    "water wave wheat white wide willow window winter wood wool yellow"
)
WORDS = _TEXT.split()


def write(schema: dict[str, Any], seed: int, bare_quotes: bool = False) -> str:
    """A JSON text valid against `schema`, the same for the same seed, without white space between its parts.

    Knows type, properties, items, enum, pattern (literals, sets, repeats) and the bounds of strings, arrays and
    numbers. Optional properties are written too. With `bare_quotes` strings that follow a pattern come with
    quotation marks unescaped, as some constrained decoders write them.
    """
    draw = random.Random(seed)
    if not bare_quotes:
        return json.dumps(value(schema, draw), ensure_ascii=False, separators=(",", ":"))
    fields = schema["properties"].items()
    return "{" + ",".join(f'"{name}":{_bare(field, draw)}' for name, field in fields) + "}"


def value(schema: dict[str, Any], draw: random.Random) -> Any:
    """A value that `schema` admits."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    writers: dict[str, Callable[[dict[str, Any], random.Random], Any]] = {
        "object": lambda s, d: {name: value(field, d) for name, field in s["properties"].items()},
        "array": lambda s, d: [value(s["items"], d) for _ in range(_count(s, d))],
        "string": _string,
        "integer": lambda s, d: d.randint(s.get("minimum", 0), s.get("maximum", 100)),
        "number": lambda s, d: d.uniform(s.get("minimum", 0), s.get("maximum", 1)),
        "boolean": lambda s, d: d.random() < 0.5,
        "null": lambda s, d: None,
    }
    return writers[schema["type"]](schema, draw)


def _count(schema: dict[str, Any], draw: random.Random) -> int:
    least = schema.get("minItems", 0)
    return draw.randint(least, min(schema.get("maxItems", least + 4), least + 4))


def _string(schema: dict[str, Any], draw: random.Random) -> str:
    """Words: about a fifth of the bound, so that captions are long and names short; a quoted one in long strings."""
    if "pattern" in schema:
        return _matching(re._parser.parse(schema["pattern"]), draw)
    least, most = schema.get("minLength", 0), schema.get("maxLength", 40)
    words = draw.choices(WORDS, k=max(1, most // 32))
    if len(words) > 8:
        words[5] = f'"{words[5].upper()}"'
    return " ".join(words)[:most].ljust(least, ".")


def _matching(parsed: Any, draw: random.Random) -> str:
    """A string that a parsed regular expression admits."""
    text = ""
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL":
            text += chr(argument)
        elif name == "IN":
            text += chr(draw.choice([code for part in argument for code in _codes(*part)]))
        elif name == "MAX_REPEAT":
            least, most, inner = argument
            text += "".join(_matching(inner, draw) for _ in range(draw.randint(least, min(int(most), least + 8))))
        elif name != "AT":
            raise NotImplementedError(f"{name} in a pattern")
    return text


def _codes(operation: Any, argument: Any) -> range:
    return range(argument[0], argument[1] + 1) if str(operation) == "RANGE" else range(argument, argument + 1)


def _bare(field: dict[str, Any], draw: random.Random) -> str:
    made = value(field, draw)
    return f'"{made}"' if "pattern" in field else json.dumps(made)
