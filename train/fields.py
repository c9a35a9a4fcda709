"""Plain values, as YAML gives them, to frozen dataclasses: every mistake is one line.

The fields of a dataclass are the keys, their types what is allowed: bool, int, float, str, one of several words
(`Literal`), a mapping (`Mapping[str, float]`), a tuple (`tuple[int, int]`, `tuple[Source, ...]`), another dataclass,
or one of these or None.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

from curation.mistake import hint

T = TypeVar("T")

NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "text", Mapping: "a mapping"}


class ConfigError(ValueError):
    """The config is wrong. One line: what, and what to do."""


def build(cls: type[T], content: Any, where: str = "") -> T:
    """The dataclass `cls` from the mapping `content`, which stands at `where` in the config. Raises ConfigError."""
    if not isinstance(content, Mapping):
        raise ConfigError(f"{where or 'the config'} must be a mapping, not {content!r}")
    wanted = typing.get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for name in content:
        if name not in fields:
            raise ConfigError(f"{where or 'the config'} has no {name!r}; {hint(str(name), fields)}")
    for name, field in fields.items():
        if name not in content and field.default is field.default_factory is dataclasses.MISSING:
            raise ConfigError(f"{_below(where, name)} is missing")
    values = {name: convert(value, wanted[name], _below(where, str(name))) for name, value in content.items()}
    try:
        return cls(**values)
    except ConfigError:
        raise
    except ValueError as error:
        raise ConfigError(f"{where}: {error}" if where else str(error)) from error


def convert(value: Any, wanted: Any, where: str) -> Any:
    """`value` as the type `wanted`. Raises ConfigError."""
    if wanted is Any:
        return value
    if get_origin(wanted) in (types.UnionType, typing.Union):
        return _convert_any(value, get_args(wanted), where)
    if dataclasses.is_dataclass(wanted):
        return build(typing.cast(type, wanted), value, where)
    if get_origin(wanted) is Literal:
        if value not in get_args(wanted):
            raise ConfigError(f"{where} is {value!r}; {hint(str(value), map(str, get_args(wanted)))}")
        return value
    if get_origin(wanted) is tuple:
        return _convert_list(value, get_args(wanted), where)
    if get_origin(wanted) is Mapping and isinstance(value, Mapping):
        of_key, of_value = get_args(wanted)
        return {
            convert(key, of_key, where): convert(item, of_value, _below(where, str(key))) for key, item in value.items()
        }
    return _convert_plain(value, get_origin(wanted) or wanted, where)


def _convert_any(value: Any, kinds: tuple[Any, ...], where: str) -> Any:
    """`value` as the first of `kinds` that takes it."""
    if value is None and type(None) in kinds:
        return None
    kinds = tuple(kind for kind in kinds if kind is not type(None))
    if isinstance(value, Mapping) and (meant := [kind for kind in kinds if dataclasses.is_dataclass(kind)]):
        kinds = tuple(meant[:1])  # whose own mistakes are told
    for kind in kinds:
        try:
            return convert(value, kind, where)
        except ConfigError:
            if len(kinds) == 1:
                raise
    raise ConfigError(f"{where} must be {' or '.join(map(_spoken, kinds))}, not {value!r}")


def _spoken(kind: Any) -> str:
    if dataclasses.is_dataclass(kind):
        return NAMES[Mapping]
    return (
        " or ".join(map(repr, get_args(kind)))
        if get_origin(kind) is Literal
        else NAMES.get(get_origin(kind) or kind, str(kind))
    )


def _convert_list(value: Any, kinds: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ConfigError(f"{where} must be a list, not {value!r}")
    if kinds[-1] is ...:
        kinds = kinds[:1] * len(value)
    if len(value) != len(kinds):
        raise ConfigError(f"{where} must have {len(kinds)} entries, not {len(value)}")
    return tuple(
        convert(item, kind, _below(where, str(i))) for i, (item, kind) in enumerate(zip(value, kinds, strict=True))
    )


def _convert_plain(value: Any, wanted: type, where: str) -> Any:
    if wanted is float and isinstance(value, str):
        value = _number(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)  # so that 12 and 12.0 are one config
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool) or value != value:
        raise ConfigError(f"{where} must be {NAMES.get(wanted, wanted.__name__)}, not {value!r}")
    return value


def _number(text: str) -> float | str:
    """The number that `text` is: YAML 1.1 takes `2e-3` for text, as there is no point in it."""
    try:
        return float(text)
    except ValueError:
        return text


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def plain(value: Any) -> Any:
    """The way back: dataclasses, tuples and mappings as values that JSON and YAML hold."""
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
