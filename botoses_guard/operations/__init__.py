"""The send operations of SES and where they keep what: ``table`` and ``paths``.

Where an operation of ``ses`` (v1) or ``sesv2`` (v2) keeps its sender, recipients, raw message and
so on, how large a message it takes, and under which codes the service refuses. Every other module
reads the table; none asks which version of the API it is talking to.
"""

from __future__ import annotations

from .paths import (
    EACH,
    Found,
    ParameterPath,
    Place,
    Step,
    path,
    paths,
    shown,
    tree,
    values_at,
    walk,
)
from .table import (
    MAX_BULK_ENTRIES,
    MAX_RECIPIENTS,
    OPERATIONS,
    SERVICES,
    SES,
    SESV2,
    Operation,
    Refusal,
    Service,
    of_service,
)

__all__ = [
    "EACH",
    "Found",
    "MAX_BULK_ENTRIES",
    "MAX_RECIPIENTS",
    "OPERATIONS",
    "SERVICES",
    "SES",
    "SESV2",
    "Operation",
    "ParameterPath",
    "Place",
    "Refusal",
    "Service",
    "Step",
    "of_service",
    "path",
    "paths",
    "shown",
    "tree",
    "values_at",
    "walk",
]
