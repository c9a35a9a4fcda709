"""What the docstrings of a filter say, sorted for its page: the text is taken from there as it is, never typed anew."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from types import ModuleType
from typing import Any

import yaml

from filters.base import Filter

LABELLED = re.compile(r"^(Source|Cost|Raises)\b:?")
MEASURED = re.compile(
    r"\bmeasured\b|\brecall\b|\bfound of\b|\bfalse alarms?\b|\bclean images\b|\bset on\b"
    r"|\bof (?:all |the |these )?\d[\d,]* (?:\w+ )?(?:images|photographs|pieces|lines|demo|with)\b",
    re.I,
)
LIMITS = re.compile(
    r"\bweak spots?\b|\bnot found\b|\bnot told apart\b|\b(is|are)( often)? missed\b|\bfor want of\b|\bnot looked for\b"
    r"|\bare not seen\b|\bdoes not count\b|\bknows no\b|\bno default would be honest\b|\bcannot tell\b|\bno real\b",
    re.I,
)
COSTS = re.compile(r"^(Cost|One thread)\b")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"“])")
NAMED = re.compile(r"\b[A-Z][A-Z_]{2,}\b")


@dataclass
class Prose:
    """Paragraphs in Markdown. `purpose`: one sentence; `measured`: those of `how` that say how right the filter is."""

    purpose: str
    how: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    cost: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    raises: list[str] = field(default_factory=list)

    @property
    def measured(self) -> list[str]:
        return [text for text in self.how if MEASURED.search(text)]


def read(filter: type[Filter]) -> Prose:
    module, own = (paragraphs(inspect.getdoc(of) or "") for of in (module_of(filter), filter))
    if module[0].startswith("Drops"):
        prose, rest = Prose(module[0]), [*module[1:], *own]
    else:
        first, *more = SENTENCE.split(own[0])
        prose, rest = Prose(first), [*module, " ".join(more), *own[1:]]
    for paragraph in not_empty(rest):
        sort(paragraph, prose)
    return prose


def sort(paragraph: str, prose: Prose) -> None:
    """Puts a paragraph where it belongs; sentences about weak spots and costs apart from the others."""
    if found := LABELLED.match(paragraph):
        text = paragraph.removeprefix(f"{found[1]}: ")
        {"Source": prose.source, "Cost": prose.cost, "Raises": prose.raises}[found[1]].append(
            text[0].upper() + text[1:]
        )
    elif "\n" in paragraph:
        prose.how.append(paragraph)
    else:
        sentences = SENTENCE.split(paragraph)
        prose.limits += [each for each in sentences if LIMITS.search(each)]
        prose.cost += [each for each in sentences if COSTS.match(each)]
        rest = [each for each in sentences if not LIMITS.search(each) and not COSTS.match(each)]
        prose.how += [" ".join(rest)] if rest else []


def paragraphs(text: str) -> list[str]:
    """Blocks between empty lines, each on one line; tables, lists and code keep their lines and what introduces them.

    A line that begins with "Source:" or the like begins a block too.
    """
    text = re.sub(r"\n(?=(Source|Cost|Raises)\b)", "\n\n", text)
    blocks: list[str] = []
    for block in not_empty(text.split("\n\n")):
        if block.startswith(("    ", "```")) and blocks:
            blocks[-1] += f"\n\n{block}"
        elif re.match(r"(- |\d\. )", block):
            blocks.append(block)
        else:
            blocks.append(" ".join(block.split()))
    return blocks


def not_empty(texts: list[str]) -> list[str]:
    return [text for text in texts if text.strip()]


def module_of(filter: type[Filter]) -> ModuleType:
    return sys.modules[filter.__module__]


def constants(filter: type[Filter], texts: list[str]) -> list[tuple[str, str, str]]:
    """Name, value and docstring of the module's constants that the texts name."""
    named = set(NAMED.findall(" ".join(texts)))
    module = module_of(filter)
    found = ((name, getattr(module, name, None), about) for name, about in documented(module) if name in named)
    return [(name, repr(value), about) for name, value, about in found if isinstance(value, (int, float, str, tuple))]


def documented(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Names that are assigned at the top of a module, and the string that follows."""
    body = ast.parse(inspect.getsource(module)).body
    for one, after in pairwise(body):
        if isinstance(one, ast.Assign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            names = [name.id for target in one.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            yield from ((name, " ".join(str(after.value.value).split())) for name in names)


def recipes(filter: type[Filter]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The recipe lines for this stage that its docstring names, and the options in them."""
    for line in re.findall(rf"\b{filter.name}: \{{[^}}…]*\}}", inspect.getdoc(filter) or ""):
        yield line, yaml.safe_load(line)[filter.name]
