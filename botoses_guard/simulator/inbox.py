"""What was accepted, and what was counted."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .message import Message


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that was accepted."""

    message_id: str
    time: float
    """Seconds of the simulator's clock."""

    service: str
    operation: str
    region: str
    source: str | None
    """The sender as it stood in the request."""

    recipients: tuple[str, ...]
    """Addresses, without names."""

    raw: bytes | None
    """The raw message; ``None`` when SES composes it."""

    parameters: Mapping[str, Any]
    """The request's parameters; those of the entry for one of a bulk call."""

    shared: Mapping[str, Any] = field(default_factory=dict)
    """Of a bulk call: the parameters that hold for every entry."""

    @property
    def subject(self) -> str | None:
        """The subject, of a raw message as it stands in its header."""
        if self.raw is not None:
            return Message(self.raw).subject
        return _text(self._composed, "Subject", "Data")

    @property
    def body(self) -> str | None:
        """The text that SES composes a message of, else its HTML; ``None`` for another message."""
        text = _text(self._composed, "Body", "Text", "Data")
        return _text(self._composed, "Body", "Html", "Data") if text is None else text

    @property
    def template(self) -> str | None:
        """The name or ARN of the template, of a bulk message that of its call."""
        for parameters in (self.parameters, self.shared):
            for content in ("Content", "DefaultContent"):
                for member in ("TemplateName", "TemplateArn"):
                    name = _text(parameters, content, "Template", member)
                    if name is not None:
                        return name
            for member in ("Template", "TemplateArn", "TemplateName"):
                name = _text(parameters, member)
                if name is not None:
                    return name
        return None

    @property
    def content_key(self) -> str:
        """The same for messages of the same content to the same recipients."""
        content = json.dumps([self.parameters, self.shared], sort_keys=True, default=repr)
        text = f"{self.operation}\0{self.recipients}\0{content}"
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def _composed(self) -> Any:
        """What SES composes the message of: ``Message`` of v1, ``Content.Simple`` of v2."""
        content = self.parameters.get("Content")
        simple = content.get("Simple") if isinstance(content, Mapping) else None
        return self.parameters.get("Message", simple)


def _text(node: Any, *path: str) -> str | None:
    """The text at ``path``; ``None`` when there is none."""
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node if isinstance(node, str) else None


class Inbox:
    """The accepted messages, in the order in which they were accepted."""

    def __init__(self) -> None:
        self._messages: list[Accepted] = []

    def add(self, message: Accepted) -> None:
        self._messages.append(message)

    def clear(self) -> None:
        self._messages.clear()

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Accepted]:
        return iter(self._messages[:])

    def __getitem__(self, index: int) -> Accepted:
        return self._messages[index]

    @property
    def duplicates(self) -> list[Accepted]:
        """Every message that was accepted before with the same content for the same recipients."""
        seen: set[str] = set()
        again = []
        for message in self:
            key = message.content_key
            if key in seen:
                again.append(message)
            seen.add(key)
        return again


@dataclass(slots=True)
class Counters:
    """What came in, since the start or the last reset."""

    requests: int = 0
    """HTTP requests, those for the account's state included."""

    sends: int = 0
    """HTTP requests for a send operation."""

    accepted: int = 0
    """Messages."""

    recipients: int = 0
    """Of accepted messages."""

    operations: Counter[str] = field(default_factory=Counter)
    """Requests by operation, ``ses.SendEmail``."""

    refused: Counter[str] = field(default_factory=Counter)
    """Error answers by code."""

    throttled: int = 0
    """Error answers for the sending rate."""

    @property
    def refused_total(self) -> int:
        return sum(self.refused.values())
