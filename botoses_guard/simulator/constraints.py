"""What SES's front end refuses before SES looks at a request: the constraints of the model.

Source: ``required``, ``min``, ``max`` and ``pattern`` in botocore's service models. The sentences
are those of AWS's validation errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from botocore.model import Shape, StructureShape

from .answers import Refused

_compiled = lru_cache(maxsize=256)(re.compile)


def check(shape: Shape, value: Any) -> None:
    """Refuse the first value that does not meet its constraint.

    Raises:
        Refused: naming the member and the constraint.
    """
    for path, constraint in _violations(shape, value, ()):
        raise Refused(
            "constraint",
            f"1 validation error detected: Value at '{'.'.join(path)}' failed to satisfy "
            f"constraint: Member must {constraint}",
        )


def _violations(
    shape: Shape, value: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            if name not in value:
                yield (*path, _in_path(name)), "not be null"
        for name, member in value.items():
            yield from _violations(shape.members[name], member, (*path, _in_path(name)))
        return
    if shape.type_name == "list":
        for number, element in enumerate(value, 1):
            inner = shape.member  # type: ignore[attr-defined]
            yield from _violations(inner, element, (*path, str(number), "member"))
    if shape.metadata and isinstance(value, (str, list, dict)):
        for constraint in _of_one_value(shape, value):
            yield path, constraint


def _of_one_value(shape: Shape, value: str | list[Any] | dict[str, Any]) -> Iterator[str]:
    shortest, longest = shape.metadata.get("min", 0), shape.metadata.get("max")
    if len(value) < shortest:
        yield f"have length greater than or equal to {shortest}"
    if longest is not None and len(value) > longest:
        yield f"have length less than or equal to {longest}"
    pattern = shape.metadata.get("pattern")
    if pattern is not None and isinstance(value, str) and not _compiled(pattern).fullmatch(value):
        yield f"satisfy regular expression pattern: {pattern}"


def _in_path(name: str) -> str:
    return name[0].lower() + name[1:]
