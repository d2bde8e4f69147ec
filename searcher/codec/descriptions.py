"""Objects of Whoosh's classes as plain data, and back: what the table of contents holds instead of a pickle.

An object is the name of its class and its attributes, if the class is known: Whoosh's own fields, formats, columns,
tokenizers and filters are, and what `register` was given. Reading makes objects of these classes only, calls nothing
but their `__setstate__`, and lets no attribute hide a method.
"""

from __future__ import annotations

import binascii
import importlib
import inspect
import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import Any, Final

_MAX_DEPTH: Final = 40
_MODULES: Final = ("whoosh.fields", "whoosh.formats", "whoosh.columns")
_PACKAGES: Final = ("whoosh.analysis", "whoosh.lang")
_BUILT_IN: Final[dict[str, Any]] = {"int": int, "float": float, "str": str, "Decimal": Decimal}
_registered: dict[str, Any] = {}


def register(thing: Any, name: str = "") -> Any:
    """Let schemas hold objects of a class, or a function, of one's own; returns it, so that it is a decorator.

    It has to be registered under the same name, which is its module and own name unless given, before an index whose
    schema holds it is opened. Objects are kept by their attributes, or what `__getstate__` gives of them. Raises
    ValueError for a name that something else has.
    """
    name = name or f"{thing.__module__}.{thing.__qualname__}"
    # What Whoosh has is not looked up for it: that takes longer than a query.
    if name.startswith("whoosh.") or name in _BUILT_IN or _registered.get(name, thing) is not thing:
        raise ValueError(f"{name!r} is registered already")
    _registered[name] = thing
    return thing


@cache
def _known() -> dict[str, Any]:
    """What is known by its name: Whoosh's own classes, and its functions that stem."""
    import pkgutil  # readers of usual schemas need none of this

    names = list(_MODULES)
    for package in map(importlib.import_module, _PACKAGES):
        names += [found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    found = dict(_BUILT_IN)
    for name in names:
        module = importlib.import_module(name)
        for thing in vars(module).values():
            is_own = getattr(thing, "__module__", None) == name
            if is_own and (inspect.isclass(thing) or (inspect.isfunction(thing) and name.startswith("whoosh.lang"))):
                found[f"{name}.{thing.__qualname__}"] = thing
    return found


def _find(name: str) -> Any:
    if name in _registered:
        return _registered[name]
    if name in _known():
        return _known()[name]
    raise ValueError(f"{name!r} is not known; register it with searcher.codec.register")


def _name_of(thing: Any) -> str | None:
    name = f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}"
    for known in (_registered, _known()):
        if known.get(name) is thing:
            return name
    return next((name for named in (_registered, _BUILT_IN) for name, one in named.items() if one is thing), None)


def describe(value: Any, path: str = "", depth: int = 0) -> Any:
    """Return a value as what JSON can say; raises ValueError, with the path to it, for what can't be said."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"{path} is too deep")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if -(1 << 63) <= value < 1 << 63 else {"int": hex(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, bytes):
        return {"bytes": binascii.b2a_base64(value, newline=False).decode("ascii")}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, re.Pattern):
        return {"pattern": [describe(value.pattern, path), value.flags]}

    def parts(items: Iterable[Any]) -> list[Any]:
        return [describe(item, f"{path}[{number}]", depth + 1) for number, item in enumerate(items)]

    if type(value) is list:
        return parts(value)
    if type(value) is tuple:
        return {"tuple": parts(value)}
    if type(value) in (set, frozenset):
        return {type(value).__name__: sorted(parts(value), key=repr)}
    if type(value) is dict:
        return {"dict": parts(item for pair in value.items() for item in pair)}
    if inspect.isclass(value) or inspect.isroutine(value):
        if (name := _name_of(value)) is None:
            raise ValueError(f"{path} is {value!r}, which is not known; register it with searcher.codec.register")
        return {"name": name}
    return _describe_object(value, path, depth)


def _describe_object(value: Any, path: str, depth: int) -> Any:
    kind = type(value)
    if (name := _name_of(kind)) is None:
        raise ValueError(
            f"{path} is of the class {kind.__qualname__}, which is not known; register it with searcher.codec.register"
        )
    state = value.__getstate__() if hasattr(value, "__getstate__") else vars(value)
    if state is None:
        state = {}
    if not isinstance(state, dict):
        raise ValueError(f"{path} is of the class {kind.__qualname__}, whose objects don't say what they are made of")
    return {
        "class": name,
        "state": {key: describe(item, f"{path}.{key}" if path else key, depth + 1) for key, item in state.items()},
    }


def rebuild(data: Any, depth: int = 0) -> Any:
    """Return the value that was described; raises ValueError for what describes none."""
    if depth > 3 * _MAX_DEPTH:
        raise ValueError("too deep")
    if isinstance(data, list):
        return [rebuild(item, depth + 1) for item in data]
    if not isinstance(data, dict):
        return data
    if data.keys() == {"class", "state"}:
        return _rebuild_object(data["class"], data["state"], depth)
    if len(data) != 1:
        raise ValueError("no description")
    ((how, what),) = data.items()
    if how not in _REBUILD:
        raise ValueError(f"no description: {how!r}")
    return _REBUILD[how](rebuild(what, depth + 1) if isinstance(what, list) else what)


def _rebuild_object(name: Any, state: Any, depth: int) -> Any:
    kind = _find(name) if isinstance(name, str) else None
    if not inspect.isclass(kind) or not isinstance(state, dict):
        raise ValueError("no description of an object")
    if any(key.startswith("__") or callable(getattr(kind, key, None)) for key in state):
        raise ValueError(f"attributes that {name} does not have")
    made: Any = kind.__new__(kind)
    rebuilt = {key: rebuild(item, depth + 1) for key, item in state.items()}
    if hasattr(kind, "__setstate__"):
        made.__setstate__(rebuilt)
    else:
        vars(made).update(rebuilt)
    return made


def _pattern(parts: Any) -> re.Pattern[Any]:
    expression, flags = parts
    if not isinstance(expression, str | bytes) or not isinstance(flags, int):
        raise ValueError("no pattern")
    try:
        return re.compile(expression, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from None


_REBUILD: Final[dict[str, Callable[[Any], Any]]] = {
    "int": lambda text: int(text, 16),
    "float": float,
    "bytes": lambda text: binascii.a2b_base64(text, strict_mode=True),
    "decimal": Decimal,
    "pattern": _pattern,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict": lambda items: dict(zip(items[::2], items[1::2], strict=True)),
    "name": _find,
}
