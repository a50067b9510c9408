"""The two protocols of SES, read and written by botocore's own service models.

v1 speaks ``query`` (a form in, XML out), v2 ``rest-json``.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from . import constraints
from .answers import Answer, Refused

_NAMESPACE = "http://ses.amazonaws.com/doc/2010-12-01/"
_OTHER_ROUTES = (
    ("ListEmailIdentities", "GET", "/v2/email/identities"),
    ("ListEmailIdentities", "POST", "/v2/email/list-identities"),
    ("ListConfigurationSets", "GET", "/v2/email/configuration-sets"),
    ("ListConfigurationSets", "POST", "/v2/email/list-configuration-sets"),
)
"""Operations that moved in botocore 1.44, as clients of either age ask for them."""

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was read."""

    service: str
    operation: OperationModel
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def read_v1(query: Mapping[str, str], body: bytes) -> Call:
    """Read a form, from the query of a GET or the body of a POST.

    Raises:
        Refused: no such action, or a value that is not of its shape.
    """
    form = dict(query)
    form.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    action = form.get("Action", "")
    operation = _operations("ses").get(action)
    if operation is None:
        version = form.get("Version", "")
        raise Refused("unknown_action", f"Could not find operation {action} for version {version}")
    shape = operation.input_shape
    parameters = {}
    if shape is not None:
        parameters = _from_form(shape, _tree(form))
        constraints.check(shape, parameters)
    return Call("ses", operation, parameters)


def read_v2(method: str, path: str, query: Mapping[str, str], body: bytes) -> Call:
    """Read a REST request.

    Raises:
        Refused: no such operation, or a body that is not JSON of its shape.
    """
    for operation, pattern in _routes(method):
        found = pattern.fullmatch(path)
        if found is None:
            continue
        given = _json_object(body)
        given |= {name: unquote(value) for name, value in found.groupdict().items()}
        given |= query
        shape = operation.input_shape
        parameters = {}
        if shape is not None:
            parameters = _from_json(shape, given)
            constraints.check(shape, parameters)
        return Call("sesv2", operation, parameters)
    raise Refused("unknown_action", None)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        raise Refused("malformed_request", None) from None
    if not isinstance(given, dict):
        raise Refused("malformed_request", None)
    return given


def write(service: str, operation: OperationModel, members: Mapping[str, Any], id: str) -> Reply:
    """Write the answer to an operation that succeeded."""
    shape = operation.output_shape
    if service == "sesv2":
        written = _to_json(shape, members) if shape is not None else {}
        return _json_reply(200, written, id)
    name = operation.name
    inner = _to_xml(shape, members) if shape is not None else ""
    return _xml_reply(
        200,
        f'<{name}Response xmlns="{_NAMESPACE}"><{name}Result>{inner}</{name}Result>'
        f"<ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></{name}Response>",
        id,
    )


def write_error(service: str, answer: Answer, id: str) -> Reply:
    """Write an error answer."""
    if service == "sesv2":
        content = {"__type": answer.code, "message": answer.message}
        reply = _json_reply(answer.status, content, id)
        reply.headers["x-amzn-ErrorType"] = answer.code
        return reply
    message = "" if answer.message is None else _element("Message", answer.message)
    members = "".join(_element(name, value) for name, value in answer.members.items())
    side = "Receiver" if answer.status >= 500 else "Sender"
    return _xml_reply(
        answer.status,
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>{side}</Type>'
        f"<Code>{answer.code}</Code>{message}{members}</Error>"
        f"<RequestId>{id}</RequestId></ErrorResponse>",
        id,
    )


def _json_reply(status: int, content: Any, id: str) -> Reply:
    headers = {"Content-Type": "application/json", "x-amzn-RequestId": id}
    return Reply(status, headers, json.dumps(content).encode())


def _xml_reply(status: int, content: str, id: str) -> Reply:
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": id}
    return Reply(status, headers, content.encode())


@lru_cache(maxsize=2)
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@lru_cache(maxsize=2)
def _operations(service: str) -> dict[str, OperationModel]:
    model = _model(service)
    return {name: model.operation_model(name) for name in model.operation_names}


@lru_cache(maxsize=1)
def operation_names() -> frozenset[str]:
    """The names of every operation of v1 and v2."""
    return frozenset({*_operations("ses"), *_operations("sesv2")})


@lru_cache(maxsize=16)
def _routes(method: str) -> list[tuple[OperationModel, re.Pattern[str]]]:
    """The operations of v2 for a method; those with fewer parameters in their path go first."""
    operations = _operations("sesv2")
    known = [(one, one.http["method"], one.http["requestUri"]) for one in operations.values()]
    known += [(operations[name], verb, uri) for name, verb, uri in _OTHER_ROUTES]
    routes = []
    for operation, verb, uri in known:
        if verb == method:
            pattern = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", uri)
            routes.append((operation, re.compile(pattern + "/?"), uri.count("{")))
    routes.sort(key=lambda route: route[2])
    # Sends come first: a simulator is asked for little else.
    routes.sort(key=lambda route: not route[0].name.startswith("Send"))
    return [(operation, pattern) for operation, pattern, _ in routes]


def _tree(form: Mapping[str, str]) -> dict[str, Any]:
    """``{"A.member.1": "x"}`` → ``{"A": {"member": {"1": "x"}}}``."""
    tree: dict[str, Any] = {}
    for name, value in form.items():
        node = tree
        *above, last = name.split(".")
        for step in above:
            below = node.setdefault(step, {})
            if not isinstance(below, dict):
                raise Refused("malformed_request", f"{name} is both a value and a structure")
            node = below
        node[last] = value
    return tree


def _from_form(shape: Shape, node: Any) -> Any:
    if isinstance(shape, StructureShape):
        given = _expect(node, dict, shape)
        read = {
            name: _from_form(member, given[_wire_name(member, name)])
            for name, member in shape.members.items()
            if _wire_name(member, name) in given
        }
        for name in shape.required_members:
            # The query protocol has no way to write a structure without members.
            if name not in read and isinstance(shape.members[name], StructureShape):
                read[name] = _from_form(shape.members[name], {})
        return read
    if shape.type_name == "list":
        member = shape.member  # type: ignore[attr-defined]
        if node == "":
            # The query protocol writes an empty list like this; SES reads one empty element.
            return [_from_form(member, "")] if member.type_name == "string" else []
        numbered = _expect(_expect(node, dict, shape).get("member", {}), dict, shape)
        return [_from_form(member, numbered[key]) for key in sorted(numbered, key=_number)]
    return _scalar(shape, _expect(node, str, shape))


def _number(key: str) -> int:
    if not key.isdecimal() or len(key) > 9:
        raise Refused("malformed_request", f"{key} is no number of a list's element")
    return int(key)


def _wire_name(member: Shape, name: str) -> str:
    return str(member.serialization.get("name", name))


def _from_json(shape: Shape, node: Any) -> Any:
    if isinstance(shape, StructureShape):
        given = _expect(node, dict, shape)
        return {
            name: _from_json(member, given[_wire_name(member, name)])
            for name, member in shape.members.items()
            if given.get(_wire_name(member, name)) is not None
        }
    if shape.type_name == "list":
        member = shape.member  # type: ignore[attr-defined]
        return [_from_json(member, element) for element in _expect(node, list, shape)]
    if shape.type_name == "map":
        return _expect(node, dict, shape)
    return _scalar(shape, node)


def _expect(node: Any, kind: type, shape: Shape) -> Any:
    if not isinstance(node, kind):
        raise Refused("malformed_request", f"{shape.name} is not of the right type")
    return node


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else {"true": True, "false": False}[value]


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # JSON can write half of a surrogate pair, which is no character
    return value


_SCALARS: Mapping[str, Callable[[Any], Any]] = {
    "boolean": _boolean,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "blob": lambda value: base64.b64decode(value, validate=True),
    "string": _string,
    "timestamp": _string,
}


def _scalar(shape: Shape, value: Any) -> Any:
    try:
        return _SCALARS[shape.type_name](value)
    except (ValueError, TypeError, KeyError, OverflowError):
        raise Refused("malformed_request", f"{shape.name} is not a {shape.type_name}") from None


def _to_json(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        return {
            _wire_name(member, name): _to_json(member, value[name])
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if shape.type_name == "list":
        return [_to_json(shape.member, element) for element in value]  # type: ignore[attr-defined]
    if isinstance(value, datetime):
        return value.timestamp()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _to_xml(shape: Shape, value: Any) -> str:
    if isinstance(shape, StructureShape):
        return "".join(
            f"<{name}>{_to_xml(member, value[name])}</{name}>"
            for name, member in shape.members.items()
            if value.get(name) is not None
        )
    if shape.type_name == "list":
        member = shape.member  # type: ignore[attr-defined]
        return "".join(f"<member>{_to_xml(member, element)}</member>" for element in value)
    if shape.type_name == "map":
        held = shape.value  # type: ignore[attr-defined]
        return "".join(
            f"<entry>{_element('key', key)}<value>{_to_xml(held, element)}</value></entry>"
            for key, element in value.items()
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return _escaped(value.decode() if isinstance(value, bytes) else str(value))


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    """A CR as a reference, since a parser would read LF; U+FFFD for what XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", escape(text, {"\r": "&#13;"}))
