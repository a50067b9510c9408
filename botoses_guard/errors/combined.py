"""Classes that are ours and a client's or the transport's own as well."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from .base import SESError

_Error = TypeVar("_Error", bound="SESError")

_modelled: WeakKeyDictionary[Any, dict[tuple[type, type], type[Any]]] = WeakKeyDictionary()
"""Made classes by the ``exceptions`` of a client, which the clients of a session share."""


def of_client(ours: type[_Error], exceptions: Any, code: object) -> type[_Error]:
    """``ours``, which ``except client.exceptions.X`` catches as well.

    Args:
        ours: a class of this package.
        exceptions: the ``exceptions`` of a client.
        code: the code of the answer, which tells the client's own class ``X``; a gateway's may be
            of any type.

    Returns:
        ``ours`` itself when the client models no class for ``code``; else a class below both,
        made once for each client class.
    """
    theirs = exceptions.from_code(code) if isinstance(code, str) else ClientError
    if theirs is ClientError:
        return ours
    classes = _modelled.setdefault(exceptions, {})
    made: type[_Error] | None = classes.get((ours, theirs))
    if made is None:
        # Of two threads that come here together both get the class of the first.
        made = classes.setdefault((ours, theirs), _below(ours, theirs))
    return made


_transported: dict[tuple[type, type], type[Any]] = {}


def of_transport(ours: type[_Error], theirs: type[Exception]) -> type[_Error]:
    """``ours``, which ``except`` clauses for the transport's class ``theirs`` catch as well.

    Returns:
        A class below both, made once; ``ours`` itself where no class can be.
    """
    made: type[_Error] | None = _transported.get((ours, theirs))
    if made is None:
        # What code for botocore's own errors reads of an instance.
        attributes = {"_transport": theirs, "kwargs": MappingProxyType({}), "request": None}
        made = _transported.setdefault((ours, theirs), _below(ours, theirs, **attributes))
    return made


def _below(ours: type[_Error], theirs: type[Exception], **attributes: Any) -> type[_Error]:
    if issubclass(ours, theirs):
        return ours
    attributes.update(_ours=ours, __doc__=ours.__doc__, __module__=ours.__module__)
    try:
        made: Any = type(ours.__name__, (ours, theirs), attributes)
        made.__new__(made)
    except TypeError:
        # It is final, wants more of a class or an instance below it, or is no equal of ours.
        return ours
    below: type[_Error] = made
    return below


def importable(theirs: type[Exception]) -> type[Exception]:
    """``theirs``, or the nearest class above it that another process can import by its name."""
    return next(filter(_is_importable, theirs.__mro__))


def _is_importable(class_: type[Any]) -> bool:
    found: Any = sys.modules.get(class_.__module__)
    for name in class_.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is class_
