"""botocore's own errors: what came before an answer, or instead of one."""

from __future__ import annotations

import pickle
import socket
import string
import threading
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import boto3
import botocore.exceptions
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import NewConnectionError, ProtocolError

from botoses_guard import errors
from botoses_guard.diagnosis import diagnose
from botoses_guard.errors.wording import LANGUAGES

CLOSED = "http://user:secret@127.0.0.1:9"
"""The discard port, on which nothing listens; the credentials may not be shown."""


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")


def client(
    region: str | None = "eu-west-1", *, service: str = "sesv2", keys: bool = True, **options: Any
) -> Any:
    key = "test" if keys else None
    config = Config(retries={"total_max_attempts": 1}, **options.pop("config", {}))
    session: Any = boto3.Session(aws_access_key_id=key, aws_secret_access_key=key)
    return session.client(service, region_name=region, config=config, **options)


def account(**options: Any) -> None:
    client(**options).get_account()


def with_half_a_key() -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "test")
        environment.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
        account(keys=False)


def ask_in_tls_where_nobody_speaks_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with server.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(65536)

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            account(endpoint_url=f"https://127.0.0.1:{server.getsockname()[1]}")
        finally:
            accepting.join()


RAISED: list[tuple[str, Callable[[], object], str, bool, str]] = [
    (
        "NoCredentialsError",
        lambda: account(keys=False),
        "expired_credentials",
        False,
        "AWS_PROFILE",
    ),
    (
        "PartialCredentialsError",
        with_half_a_key,
        "expired_credentials",
        False,
        "AWS_SECRET_ACCESS_KEY",
    ),
    ("NoRegionError", lambda: client(None), "other", False, "AWS_DEFAULT_REGION"),
    ("InvalidRegionError", lambda: client("eu west 1"), "other", False, "eu west 1"),
    (
        "ProfileNotFound",
        lambda: boto3.Session(profile_name="mailing"),
        "other",
        False,
        "mailing",
    ),
    ("UnknownServiceError", lambda: client(service="sesv3"), "other", False, "Update boto3"),
    (
        "ParamValidationError",
        lambda: client().send_email(Destination="x", Content={}),
        "other",
        False,
        "boto3",
    ),
    (
        "EndpointConnectionError",
        lambda: account(endpoint_url=CLOSED),
        "service_unavailable",
        True,
        "127.0.0.1:9",
    ),
    (
        "ProxyConnectionError",
        lambda: account(config={"proxies": {"https": CLOSED}}),
        "other",
        False,
        "127.0.0.1:9",
    ),
    ("SSLError", ask_in_tls_where_nobody_speaks_it, "other", False, "AWS_CA_BUNDLE"),
]
"""What a newcomer meets first, raised by boto3 itself."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "raises", "category", "retryable", "words"), RAISED, ids=[row[0] for row in RAISED]
)
def test_a_trouble_on_this_side_is_explained(
    name: str,
    raises: Callable[[], object],
    category: str,
    retryable: bool,
    words: str,
    language: str,
) -> None:
    with pytest.raises(BotoCoreError) as caught:
        raises()
    assert type(caught.value).__name__ == name
    found = diagnose(caught.value, language=language)
    assert (found.category, found.retryable) == (category, retryable)
    assert (found.code, found.message) == (name, str(caught.value))
    if language == "en" or words.isascii() and " " not in words:
        assert words in found.advice
    assert "secret" not in found.advice and "user" not in found.advice.replace("users", "")
    assert found.documentation_url.startswith("https://")


def every_class(of: type[BaseException] = BotoCoreError) -> Iterator[type[Any]]:
    for below in of.__subclasses__():
        if below.__module__ == "botocore.exceptions":
            yield below
            yield from every_class(below)


def made(of: type[Any]) -> BotoCoreError:
    """An error of a class, with a word for everything that its text names."""
    names = {name for _, name, _, _ in string.Formatter().parse(of.fmt) if name}
    if of is botocore.exceptions.WaiterError:
        names.add("last_response")
    error: BotoCoreError = of(**{name: f"<{name}>" for name in names})
    return error


@pytest.mark.parametrize("of", list(every_class()), ids=lambda of: of.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_botocore_has_a_category_and_advice(of: type[Any], language: str) -> None:
    error = made(of)
    found = diagnose(error, language=language)
    assert found.category in errors.BY_CATEGORY
    assert (found.code, found.message) == (of.__name__, str(error))
    assert found.advice and "None" not in found.advice
    assert found.retryable is (found.category in errors.RETRYABLE)


def test_an_error_that_came_from_another_process_is_told_alike() -> None:
    error = botocore.exceptions.ProfileNotFound(profile="mailing")
    assert diagnose(pickle.loads(pickle.dumps(error))) == diagnose(error)


@pytest.mark.parametrize(
    ("line", "category", "words"),
    [
        (
            "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
            "expired_credentials",
            "found no AWS credentials",
        ),
        (
            "E   botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint "
            'URL: "https://email.us-east-9.amazonaws.com/"',
            "service_unavailable",
            "the region",
        ),
        (
            'botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL: "https://x"',
            "outcome_unknown",
            "may have accepted",
        ),
        ("botocore.exceptions.NoSuchClass: x", "other", "SES refused"),
        ("botocore.exceptions.ClientError: x", "other", "SES refused"),
        ("botocore.exceptions.sys: x", "other", "SES refused"),
    ],
)
def test_the_last_line_of_a_traceback_is_told_like_the_error(
    line: str, category: str, words: str
) -> None:
    found = diagnose(line)
    assert found.category == category
    assert words in found.advice


UNKNOWN: list[Exception] = [
    botocore.exceptions.ReadTimeoutError(endpoint_url="https://x"),
    botocore.exceptions.ConnectionClosedError(endpoint_url="https://x", error=ProtocolError("x")),
    botocore.exceptions.HTTPClientError(error=OSError(104, "reset")),
    botocore.exceptions.ResponseStreamingError(error=OSError(104, "reset")),
    botocore.exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ResponseParserError("Unable to parse response, invalid XML received"),
]


@pytest.mark.parametrize("error", UNKNOWN, ids=lambda error: type(error).__name__)
def test_what_came_after_the_request_may_have_gone_leaves_the_outcome_unknown(
    error: Exception,
) -> None:
    found = diagnose(error)
    assert (found.category, found.retryable) == ("outcome_unknown", False)
    assert "may have accepted" in found.advice


@pytest.mark.parametrize(
    ("cause", "category"),
    [
        (None, "service_unavailable"),
        (NewConnectionError(None, "refused"), "service_unavailable"),  # type: ignore[arg-type]
        (socket.gaierror(-2, "Name or service not known"), "service_unavailable"),
        (ConnectionRefusedError(111, "refused"), "service_unavailable"),
        (
            aiohttp.ClientConnectorError(None, OSError(111, "refused")),  # type: ignore[arg-type]
            "service_unavailable",
        ),
        (aiohttp.ClientOSError(104, "reset by peer"), "outcome_unknown"),
        (aiohttp.ServerDisconnectedError(), "outcome_unknown"),
        (OSError("something else"), "outcome_unknown"),
    ],
    ids=lambda row: type(row).__name__,
)
def test_a_connection_surely_failed_only_where_its_cause_says_so(
    cause: Exception | None, category: str
) -> None:
    """botocore's asynchronous sibling raises the same class for aiohttp's reset after a request."""
    names = {"error": cause} if cause else {}
    error = botocore.exceptions.EndpointConnectionError(endpoint_url="https://x", **names)
    assert diagnose(error).category == category


@pytest.mark.parametrize(
    "error",
    [
        botocore.exceptions.UnauthorizedSSOTokenError(),
        botocore.exceptions.TokenRetrievalError(provider="sso", error_msg="expired"),
        botocore.exceptions.SSOTokenLoadError(error_msg="no file"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_expired_session_is_told_how_to_sign_in(error: BotoCoreError) -> None:
    found = diagnose(error)
    assert found.category == "expired_credentials"
    assert "aws sso login" in found.advice
    assert "aws sso login" in diagnose(error, language="zh-TW").advice


@pytest.mark.parametrize("url", ["", "https://[::1", "x", "https://u:p@[::1]:8000/", None, 7])
def test_an_odd_address_of_an_endpoint_does_not_disturb(url: Any) -> None:
    error = botocore.exceptions.ConnectTimeoutError(endpoint_url=url)
    found = diagnose(error)
    assert found.category == "service_unavailable"
    assert "u:p" not in found.advice


def test_a_users_class_below_botocores_is_told_like_it() -> None:
    class Offline(botocore.exceptions.EndpointConnectionError):
        """A user's own."""

    found = diagnose(Offline(endpoint_url="https://x"))
    assert (found.category, found.code) == ("service_unavailable", "Offline")
