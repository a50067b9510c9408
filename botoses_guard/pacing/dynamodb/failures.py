"""What kind of failure it is when DynamoDB does not do what was asked."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ReadTimeoutError,
    SSOError,
    TokenRetrievalError,
)

from ..backend import BackendFailure, BackendMistake

REFUSED_CONDITION = "ConditionalCheckFailedException"

_BY_CODE = {
    "ResourceNotFoundException": "no table",
    "AccessDeniedException": "no permission",
    "KMSAccessDeniedException": "no permission",
    "UnrecognizedClientException": "credentials refused",
    "InvalidSignatureException": "credentials refused",
    "InvalidClientTokenId": "credentials refused",
    "IncompleteSignatureException": "credentials refused",
    "MissingAuthenticationTokenException": "credentials refused",
    "ExpiredTokenException": "credentials expired",
    "ProvisionedThroughputExceededException": "throttled",
    "RequestLimitExceeded": "throttled",
    "ThrottlingException": "throttled",
    "ValidationException": "not a table of budgets",
    "ItemCollectionSizeLimitExceededException": "no space",
}
"""DynamoDB developer guide, "Error handling", and the errors that all services share."""

_BY_TYPE: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((NoCredentialsError, PartialCredentialsError, CredentialRetrievalError), "no credentials"),
    ((TokenRetrievalError, SSOError), "no credentials"),
    ((NoRegionError,), "no region"),
    ((ConnectTimeoutError, ReadTimeoutError), "timeout"),
    ((HTTPClientError, ConnectionError, OSError), "unreachable"),
)


_MISTAKES = frozenset(
    {
        "no table",
        "no permission",
        "credentials refused",
        "no credentials",
        "no region",
        "not a table of budgets",
    }
)


def failure_of(error: Exception) -> BackendFailure:
    """The failure that an error of boto3 is."""
    kind = kind_of(error)
    return BackendMistake(kind) if kind in _MISTAKES else BackendFailure(kind)


def kind_of(error: Exception) -> str:
    """A few words that hold no address, no name and no text of the other side."""
    if isinstance(error, ClientError):
        return _kind_of_answer(error)
    for types, kind in _BY_TYPE:
        if isinstance(error, types):
            return kind
    # Its class and not its text, which may hold anything.
    known = "not usable" if isinstance(error, BotoCoreError) else "not understood"
    return f"{known}: {type(error).__name__}"


def _kind_of_answer(error: ClientError) -> str:
    kind = _BY_CODE.get(str(error.response.get("Error", {}).get("Code")))
    if kind is not None:
        return kind
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return "unavailable" if status >= 500 else "refused"
