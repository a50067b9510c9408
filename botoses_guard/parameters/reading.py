"""Values that are no plain dictionary, list, string or bytes: read once, or refused.

What botocore would make of them may be another thing than what was looked at: an iterator is used
up, and a subclass may answer differently the second time. So what was read goes on in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Violation
from ..operations import Place, Step
from .draft import Draft
from .roles import Kind

_WANTED: Mapping[Kind | type, str] = {
    dict: "a structure (a dict)",
    list: "a list",
    "text": "a string",
    "texts": "a list of strings",
    "blob": "bytes or a string",
}

_NO_LISTS = (str, bytes, bytearray, memoryview, Mapping)
"""What can be iterated over, and is meant otherwise."""


class Reading:
    """Reads the values of one draft, and notes what it read and what it could not read."""

    def __init__(self, draft: Draft, validated: bool) -> None:
        """
        Args:
            draft: the parameters.
            validated: whether botocore checks types afterwards, as it does unless
                ``Config(parameter_validation=False)`` forbids it. Then no more is read than it
                takes, and the rest is left to it, which refuses it in its own words.
        """
        self._draft = draft
        self._validated = validated

    def container(self, step: Step, indices: tuple[int, ...], node: Any) -> Any:
        """The plain dictionary or list of what stands at an inner step; ``None`` for neither."""
        plain = self._structure(node) if step.plain is dict else self._list(node)
        if plain is not None and plain is not node:
            self._draft.change(step.place(indices), plain)
        return plain

    def value(self, kind: Kind, place: Place, value: Any) -> Any:
        """The plain value at the end of a path.

        Returns:
            For ``text`` a string; for ``texts`` a list of strings, with ``None`` for what is none;
            for ``blob`` bytes or a string. ``None`` for a value of a wrong type, which is noted as
            such.
        """
        plain = self._plain(kind, value)
        if plain is None:
            self.wrong(kind, place, value)
        elif plain is not value:
            self._draft.change(place, plain)
        if kind != "texts" or plain is None or {*map(type, plain)} == {str}:
            return plain
        return [self.value("text", (*place, index), element) for index, element in enumerate(plain)]

    def wrong(self, wanted: Kind | type, place: Place, value: Any) -> None:
        """Note that ``value`` has a wrong type."""
        draft = self._draft
        if self._validated:
            draft.unread.append(())
        elif value is None and place and isinstance(place[-1], str):
            # botocore takes it for absent in some places and writes "None" or fails in others.
            draft.drop(place)
        else:
            draft.unread.append(place)
            draft.fault(place, _wrong_type(wanted, type(value)))

    def _plain(self, kind: Kind, value: Any) -> Any:
        if kind == "texts":
            return self._list(value)
        return self._text(value) if kind == "text" else self._blob(value)

    def _structure(self, node: Any) -> dict[str, Any] | None:
        if isinstance(node, dict) or not self._validated and isinstance(node, Mapping):
            return dict(node.items())
        return None

    def _list(self, node: Any) -> list[Any] | tuple[Any, ...] | None:
        if type(node) in (list, tuple):
            return node  # type: ignore[no-any-return]
        if isinstance(node, (list, tuple)):
            return list(node)
        if self._validated or isinstance(node, _NO_LISTS) or hasattr(node, "read"):
            return None
        try:
            elements = iter(node)
        except TypeError:
            return None
        return list(elements)

    def _text(self, value: Any) -> str | None:
        if isinstance(value, str):
            return value if type(value) is str else str.__str__(value)
        # As v1 writes it: v2 fails, or writes a number, which SES does not take for a string.
        return str.__str__(str(value)) if not self._validated and _has_a_text(value) else None

    def _blob(self, value: Any) -> bytes | bytearray | str | None:
        if isinstance(value, str):
            return self._text(value)
        if type(value) in (bytes, bytearray):
            return value  # type: ignore[no-any-return]
        is_file = hasattr(value, "read")
        if self._validated and not is_file and not isinstance(value, (bytes, bytearray)):
            return None
        octets = _octets(value)
        if octets is not None or not is_file:
            return octets
        # A file cannot be read again: what is read now goes on.
        read = value.read()
        return self._text(read) if isinstance(read, str) else _octets(read)


def _octets(value: Any) -> bytes | None:
    try:
        return memoryview(value).tobytes()
    except TypeError:
        return None


def _has_a_text(value: Any) -> bool:
    """Whether the type of ``value`` says what its text is: a lazy string, a UUID, a number."""
    kind: Any = type(value)
    if kind is bool or issubclass(kind, (bytes, bytearray)):
        return False
    return issubclass(kind, (int, float)) or kind.__str__ is not object.__str__


def _wrong_type(wanted: Kind | type, found: type) -> Violation:
    return Violation(
        path="",
        value=f"<{found.__name__}>",
        rule=f"the value must be {_WANTED[wanted]}, and its type is {found.__name__}",
        reference="SES API reference; botocore checks types unless parameter_validation is False",
        category="other",
        message="Invalid parameter type.",
    )
