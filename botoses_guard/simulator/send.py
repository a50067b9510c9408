"""A send as the judge sees it, whichever operation it came by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..operations import EACH, Operation, ParameterPath


def values_at(node: Any, path: ParameterPath) -> Iterator[Any]:
    """The values at ``path``."""
    if not path:
        yield node
    elif path[0] == EACH:
        for element in node if isinstance(node, list) else ():
            yield from values_at(element, path[1:])
    elif isinstance(node, Mapping) and path[0] in node:
        yield from values_at(node[path[0]], path[1:])


def value_at(node: Any, path: ParameterPath | None) -> Any:
    """The one value at ``path``; ``None`` when it is absent."""
    return None if path is None else next(values_at(node, path), None)


@dataclass(slots=True)
class Send:
    """The parameters of one send operation."""

    operation: Operation
    parameters: dict[str, Any]
    region: str

    @property
    def sender(self) -> str | None:
        return self._one(self.operation.sender)

    @property
    def return_path(self) -> str | None:
        return self._one(self.operation.return_path)

    @property
    def reply_to(self) -> list[str]:
        path = self.operation.reply_to
        return [] if path is None else list(values_at(self.parameters, path))

    @property
    def recipients(self) -> list[str]:
        """Those in parameters, To before Cc before Bcc."""
        return self.recipients_in(self.parameters, self.operation.recipients)

    @property
    def raw(self) -> bytes | None:
        content = value_at(self.parameters, self.operation.raw_message)
        return content if isinstance(content, bytes) else None

    @property
    def configuration_set(self) -> str | None:
        return self._one(self.operation.configuration_set)

    @property
    def template(self) -> str | None:
        """The template's name; an ARN ends with it."""
        names = [self._one(path) for path in self.operation.templates]
        return next((name.rpartition("template/")[2] for name in names if name), None)

    @property
    def is_bounce(self) -> bool:
        return self.operation.name == "SendBounce"

    @property
    def template_data(self) -> list[str]:
        paths = self.operation.template_data
        return [text for path in paths for text in values_at(self.parameters, path)]

    @property
    def entries(self) -> list[dict[str, Any]] | None:
        """The entries of a bulk call; ``None`` for another."""
        path = self.operation.entries
        return None if path is None else list(values_at(self.parameters, (*path, EACH)))

    @property
    def shared(self) -> dict[str, Any]:
        """The parameters of a bulk call that hold for every entry."""
        entries = (self.operation.entries or ("",))[0]
        return {name: value for name, value in self.parameters.items() if name != entries}

    def recipients_of_entry(self, entry: Mapping[str, Any]) -> list[str]:
        depth = len(self.operation.entries or ()) + 1
        return self.recipients_in(entry, tuple(path[depth:] for path in self.operation.recipients))

    @staticmethod
    def recipients_in(node: Any, paths: tuple[ParameterPath, ...]) -> list[str]:
        return [address for path in paths for address in values_at(node, path)]

    def _one(self, path: ParameterPath | None) -> str | None:
        value = value_at(self.parameters, path)
        return value if isinstance(value, str) else None
