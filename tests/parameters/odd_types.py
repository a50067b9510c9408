"""Types that hold what a list, a structure or a string holds, and what botocore makes of them."""

from __future__ import annotations

import enum
import json
from collections import OrderedDict, UserDict, UserList, deque
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

from botoses_guard.operations import Operation

from .sends import RAW, RECIPIENT


class Text(str):
    """A string that says something else than it is."""

    def __str__(self) -> str:
        return "x@example.com\nBcc: y@example.com"

    def encode(self, *_: Any) -> bytes:
        return str(self).encode()

    def __iter__(self) -> Iterator[str]:
        return iter(str(self))


class Mailbox(str, enum.Enum):
    ADA = RECIPIENT


class Elements(list[Any]):
    """A list that shows its elements once."""

    def __init__(self, elements: Any) -> None:
        super().__init__()
        self._once: Iterator[Any] = iter(elements)

    def __iter__(self) -> Iterator[Any]:
        return self._once


class Members(dict[str, Any]):
    """A dictionary that answers differently by index."""

    def __getitem__(self, name: str) -> Any:
        return [f"{name}\nBcc: y@example.com"]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


class Octets(bytes):
    """Bytes whose class makes no copy of them."""

    def __new__(cls) -> Octets:
        return super().__new__(cls, RAW)


@lru_cache
def model_of(service: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(service)


def serialised(
    operation: Operation, parameters: Mapping[str, Any], *, validated: bool = False
) -> dict[str, Any]:
    """What botocore puts on the wire."""
    model = model_of(operation.service.name)
    serializer = create_serializer(model.resolved_protocol, include_validation=validated)
    request = serializer.serialize_to_request(parameters, model.operation_model(operation.name))
    prepared = AWSRequest(method="POST", url="https://x.example", data=request["body"]).prepare()
    body: Any = prepared.body
    text = body if isinstance(body, str) else body.decode()
    if operation.service.name == "ses":
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
    found: dict[str, Any] = json.loads(text)
    return found


def strings_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for below in node.values():
            yield from strings_in(below)
    elif isinstance(node, list):
        for below in node:
            yield from strings_in(below)
    elif isinstance(node, str):
        yield node


LISTS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "generator": lambda elements: (element for element in elements),
    "iterator": iter,
    "deque": deque,
    "set": set,
    "frozenset": frozenset,
    "keys": lambda elements: dict.fromkeys(elements).keys(),
    "values": lambda elements: dict(enumerate(elements)).values(),
    "map": lambda elements: map(lambda element: element, elements),
    "UserList": UserList,
    "subclass": Elements,
}
HASHING = {"set", "frozenset", "keys"}
"""Those that a structure cannot be in."""

STRUCTURES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "proxy": MappingProxyType,
    "UserDict": UserDict,
    "OrderedDict": OrderedDict,
    "subclass": Members,
}
