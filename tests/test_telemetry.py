"""What is counted, and what is logged of it."""

from __future__ import annotations

import logging
import threading

import pytest

from botoses_guard.errors import BY_CATEGORY
from botoses_guard.telemetry import Telemetry

CODE = "Throttling"


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records]


@pytest.fixture(autouse=True)
def every_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="botoses_guard")


def test_nothing_happened_yet() -> None:
    counts = Telemetry().counts()
    assert (counts.sends, counts.attempts, counts.refusals, counts.longest_wait) == (0, 0, {}, 0.0)


def test_a_send_ends_once_whichever_way() -> None:
    """``sends`` are those that ended: accepted, refused, or without an answer."""
    telemetry = Telemetry()
    telemetry.accepted(3)
    telemetry.refused("daily_quota", "SendEmail", CODE)
    telemetry.refused("daily_quota", "SendEmail", CODE)
    telemetry.refused("no_recipients", "SendEmail", CODE)
    telemetry.unknown("SendEmail", "ReadTimeoutError")
    counts = telemetry.counts()
    assert (counts.sends, counts.accepted, counts.recipients) == (5, 1, 3)
    assert counts.refusals == {"daily_quota": 2, "no_recipients": 1}
    assert counts.outcome_unknown == 1


def test_attempts_are_those_that_were_accepted_and_those_that_were_not() -> None:
    telemetry = Telemetry()
    telemetry.attempted()
    telemetry.throttled("send_rate")
    telemetry.attempted()
    telemetry.throttled("systemic_throttle")
    telemetry.accepted(1)
    counts = telemetry.counts()
    assert (counts.attempts, counts.throttles, counts.sends) == (3, 2, 1)


def test_waits_have_a_number_a_sum_and_a_longest() -> None:
    telemetry = Telemetry()
    for seconds in (0.5, 2.0, 0.25):
        telemetry.waited(seconds)
    counts = telemetry.counts()
    assert (counts.waits, counts.waited, counts.longest_wait) == (3, 2.75, 2.0)


def test_counts_do_not_change_under_who_holds_them() -> None:
    telemetry = Telemetry()
    before = telemetry.counts()
    telemetry.refused("other", "SendEmail", CODE)
    assert before.refusals == {}


def test_no_count_is_lost_between_threads() -> None:
    telemetry = Telemetry()

    def send() -> None:
        for _ in range(500):
            telemetry.attempted()
            telemetry.accepted(2)
            telemetry.waited(0.5)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = telemetry.counts()
    assert (counts.accepted, counts.recipients, counts.attempts) == (4000, 8000, 8000)
    assert counts.waited == 2000.0


LEVELS = {
    "daily_quota": "ERROR",
    "account_paused": "ERROR",
    "config_set_paused": "ERROR",
    "not_authorized": "WARNING",
    "expired_credentials": "WARNING",
    "service_unavailable": "WARNING",
    "send_rate": "INFO",
    "systemic_throttle": "INFO",
}


@pytest.mark.parametrize("category", sorted(BY_CATEGORY))
def test_the_level_fits_the_trouble(category: str, caplog: pytest.LogCaptureFixture) -> None:
    """What comes to the caller as an error is the caller's to log."""
    Telemetry().refused(category, "SendEmail", CODE)
    level = LEVELS.get(category, "DEBUG")
    assert told(caplog) == [(level, f"SendEmail refused: {category} (Throttling)")]


@pytest.mark.parametrize("category", [name for name, level in LEVELS.items() if level != "INFO"])
def test_a_lasting_trouble_is_told_once_and_again_after_a_success(
    category: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not per send: a full quota would fill the log."""
    telemetry = Telemetry()
    for _ in range(100):
        telemetry.refused(category, "SendEmail", CODE)
    assert len(told(caplog)) == 1
    telemetry.accepted(1)
    telemetry.refused(category, "SendEmail", CODE)
    assert len(told(caplog)) == 2


def test_two_troubles_are_two_records(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = Telemetry()
    telemetry.refused("daily_quota", "SendEmail", CODE)
    telemetry.refused("account_paused", "SendEmail", CODE)
    telemetry.refused("daily_quota", "SendEmail", CODE)
    assert len(told(caplog)) == 2


def test_a_throttle_is_information(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = Telemetry()
    telemetry.throttled("send_rate")
    telemetry.throttled("systemic_throttle")
    assert told(caplog) == [
        ("INFO", "SES throttles (send_rate)"),
        ("INFO", "SES throttles (systemic_throttle)"),
    ]


def test_each_unknown_outcome_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody has to find out about each of them."""
    telemetry = Telemetry()
    for _ in range(2):
        telemetry.unknown("SendEmail", "ReadTimeoutError")
    line = "SendEmail may have been accepted: no answer came (ReadTimeoutError)"
    assert told(caplog) == [("WARNING", line)] * 2


def test_a_dropped_name_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """A campaign drops the same name in every message."""
    telemetry = Telemetry()
    for _ in range(3):
        telemetry.name_dropped()
    [(level, message)] = told(caplog)
    assert level == "WARNING"
    assert "FromEmailAddress" in message
