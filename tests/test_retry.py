"""What follows from an answer, or from none."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest
from botocore import exceptions as botocore_errors
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.errors import BY_CATEGORY
from botoses_guard.retry import (
    LONGEST_DELAY,
    Decision,
    after_refusal,
    is_unknown_failure,
    is_unknown_status,
)

RETRYABLE = ("send_rate", "systemic_throttle", "service_unavailable")
LEFT = ("expired_credentials",)


def longest() -> float:
    """The largest random number, nearly."""
    return 1.0


@pytest.mark.parametrize(
    ("category", "attempts", "decision"),
    [
        ("send_rate", 1, Decision("retry", 0.25)),
        ("send_rate", 2, Decision("retry", 0.5)),
        ("send_rate", 4, Decision("retry", 2.0)),
        ("send_rate", 5, Decision("raise")),
        ("send_rate", 9, Decision("raise")),
        ("systemic_throttle", 1, Decision("retry", 1.0)),
        ("systemic_throttle", 3, Decision("retry", 4.0)),
        ("service_unavailable", 1, Decision("retry", 1.0)),
        ("service_unavailable", 5, Decision("raise")),
        ("expired_credentials", 1, Decision("leave")),
        ("expired_credentials", 9, Decision("leave")),
        ("daily_quota", 1, Decision("raise")),
        ("unverified_identity", 1, Decision("raise")),
        ("other", 1, Decision("raise")),
        ("no such category", 1, Decision("raise")),
    ],
)
def test_what_follows_a_refusal(category: str, attempts: int, decision: Decision) -> None:
    assert after_refusal(category, attempts, 5, 60.0, longest) == decision


@pytest.mark.parametrize("category", sorted(set(BY_CATEGORY) - set(RETRYABLE) - set(LEFT)))
def test_everything_else_is_raised_at_once(category: str) -> None:
    """Never retryable within a call: the daily quota and all the rest."""
    assert after_refusal(category, 1, 100, 240.0, longest) == Decision("raise")


def test_the_categories_that_are_sent_again_are_the_retryable_ones() -> None:
    retryable = {name for name, error in BY_CATEGORY.items() if error.retryable}
    # Without its store a send ends before there is an answer; the caller may send it again.
    assert retryable == {*RETRYABLE, "store_unavailable"}


@pytest.mark.parametrize(
    ("remaining", "action"), [(0.25, "retry"), (0.2499, "raise"), (0.0, "raise"), (-1.0, "raise")]
)
def test_a_delay_that_would_pass_the_longest_wait_is_not_begun(
    remaining: float, action: str
) -> None:
    assert after_refusal("send_rate", 1, 5, remaining, longest).action == action


@pytest.mark.parametrize("category", RETRYABLE)
def test_one_attempt_means_one(category: str) -> None:
    assert after_refusal(category, 1, 1, 60.0, longest) == Decision("raise")


@given(
    st.sampled_from(RETRYABLE),
    st.integers(1, 10_000),
    st.floats(0, 1, exclude_max=True),
)
def test_the_jitter_takes_at_most_half_of_the_delay(
    category: str, attempts: int, random: float
) -> None:
    """Between half of the nominal delay and all of it, and never above the cap."""
    nominal = after_refusal(category, attempts, 10**6, 1e6, longest).delay
    delay = after_refusal(category, attempts, 10**6, 1e6, lambda: random).delay
    assert nominal / 2 <= delay <= nominal <= LONGEST_DELAY


@given(st.sampled_from(RETRYABLE), st.integers(1, 100))
def test_delays_double_up_to_the_cap(category: str, attempts: int) -> None:
    first = after_refusal(category, 1, 10**6, 1e6, longest).delay
    delay = after_refusal(category, attempts, 10**6, 1e6, longest).delay
    assert delay == min(LONGEST_DELAY, first * 2 ** (attempts - 1))


@pytest.mark.parametrize(
    ("http_status", "code", "unknown"),
    [
        (500, "", True),
        (500, "500", True),
        (500, "InternalFailure", False),
        (500, "InternalServiceErrorException", False),
        (501, "501", True),
        (502, "502", True),
        (502, "BadGateway", True),
        (503, "503", False),
        (503, "", False),
        (503, "ServiceUnavailable", False),
        (504, "504", True),
        (504, "GatewayTimeout", True),
        (599, "599", True),
        (400, "400", False),
        (400, "Throttling", False),
        (403, "", False),
        (404, "404", False),
        (429, "TooManyRequestsException", False),
    ],
)
def test_which_statuses_leave_open_if_the_message_was_accepted(
    http_status: int, code: str, unknown: bool
) -> None:
    """A gateway knows nothing of what SES did, and a server error that has no words of SES may
    have come after it; 503 says that nobody served."""
    assert is_unknown_status(http_status, code) is unknown


URL = "https://email.us-east-1.amazonaws.com"


def ssl_failure(cause: Exception, chain: str) -> Exception:
    """botocore's SSLError, as it comes out of urllib3's own."""
    failure = botocore_errors.SSLError(endpoint_url=URL, error=cause)
    between = OSError("urllib3's")
    setattr(between, chain, cause)
    failure.__context__ = between
    return failure


def openssl(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("failure", "unknown"),
    [
        (botocore_errors.ReadTimeoutError(endpoint_url=URL), True),
        (botocore_errors.ConnectionClosedError(endpoint_url=URL), True),
        (botocore_errors.HTTPClientError(error="anything"), True),
        (botocore_errors.ResponseStreamingError(error="cut"), True),
        (botocore_errors.EndpointConnectionError(endpoint_url=URL), False),
        (botocore_errors.ConnectTimeoutError(endpoint_url=URL), False),
        (botocore_errors.ProxyConnectionError(proxy_url=URL), False),
        (botocore_errors.SSLError(endpoint_url=URL, error=OSError("bare")), False),
        (botocore_errors.NoCredentialsError(), False),
        (botocore_errors.ParamValidationError(report="bad"), False),
        (ValueError("the user's own hook"), False),
        (OSError("the user's own hook"), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_which_failures_leave_open_if_the_message_was_accepted(
    failure: Exception, unknown: bool
) -> None:
    """What fails before the request is written is botocore's to send again."""
    assert is_unknown_failure(failure) is unknown


@pytest.mark.parametrize("chain", ["__cause__", "__context__"])
@pytest.mark.parametrize(
    ("cause", "unknown"),
    [
        (lambda: ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), True),
        (lambda: ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed"), True),
        (lambda: openssl("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), True),
        (lambda: openssl("BAD_RECORD_TYPE"), True),
        (lambda: openssl("CERTIFICATE_VERIFY_FAILED"), False),
        (lambda: ssl.SSLCertVerificationError(1, "unable to get local issuer"), False),
        (lambda: openssl("TLSV1_ALERT_PROTOCOL_VERSION"), False),
        (lambda: openssl("WRONG_VERSION_NUMBER"), False),
        (lambda: OSError("no TLS at all"), False),
    ],
)
def test_tls_that_never_stood_differs_from_tls_that_broke(
    cause: Callable[[], Exception], unknown: bool, chain: str
) -> None:
    """A certificate is refused before the request is written; a broken record comes after it."""
    assert is_unknown_failure(ssl_failure(cause(), chain)) is unknown
