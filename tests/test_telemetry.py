"""What is counted, and what is logged of it."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import pytest

from botoses_guard.errors import BY_CATEGORY
from botoses_guard.telemetry import Telemetry

CODE = "Throttling"


@dataclass
class Ended:
    """A send that came to an end."""

    operation: str = "SendEmail"
    made: int = 1
    waits: int = 2
    waited: float = 0.25


SEND = Ended()


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
    telemetry.accepted(SEND, 3)
    telemetry.refused(SEND, 1, "daily_quota", CODE)
    telemetry.refused(SEND, 1, "daily_quota", CODE)
    telemetry.refused(SEND, 1, "no_recipients", CODE)
    telemetry.unknown(SEND, 1, "ReadTimeoutError")
    counts = telemetry.counts()
    assert (counts.sends, counts.accepted, counts.recipients) == (5, 1, 3)
    assert counts.refusals == {"daily_quota": 2, "no_recipients": 1}
    assert counts.outcome_unknown == 1


def test_attempts_are_those_that_were_accepted_and_those_that_were_not() -> None:
    telemetry = Telemetry()
    telemetry.attempted()
    telemetry.throttled()
    telemetry.attempted()
    telemetry.throttled()
    telemetry.accepted(SEND, 1)
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
    telemetry.refused(SEND, 1, "other", CODE)
    assert before.refusals == {}


def test_no_count_is_lost_between_threads() -> None:
    telemetry = Telemetry()

    def work() -> None:
        for _ in range(500):
            telemetry.attempted()
            telemetry.accepted(SEND, 2)
            telemetry.waited(0.5)

    threads = [threading.Thread(target=work) for _ in range(8)]
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
    "store_unavailable": "WARNING",
    "send_rate": "INFO",
    "systemic_throttle": "INFO",
}


@pytest.mark.parametrize("category", sorted(BY_CATEGORY))
def test_the_level_fits_the_trouble(category: str, caplog: pytest.LogCaptureFixture) -> None:
    """What comes to the caller as an error is the caller's to log."""
    Telemetry().refused(SEND, 1, category, CODE)
    level = LEVELS.get(category, "DEBUG")
    assert told(caplog) == [(level, f"SendEmail refused: {category} (Throttling)")]


@pytest.mark.parametrize("category", [name for name, level in LEVELS.items() if level != "INFO"])
def test_a_lasting_trouble_is_loud_once_and_again_after_a_success(
    category: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not per send: a full quota would fill the log."""
    telemetry = Telemetry()
    for _ in range(100):
        telemetry.refused(SEND, 1, category, CODE)
    assert [level for level, _ in told(caplog)] == [LEVELS[category]] + ["DEBUG"] * 99
    caplog.clear()
    telemetry.accepted(SEND, 1)
    telemetry.refused(SEND, 1, category, CODE)
    assert [level for level, _ in told(caplog)] == ["DEBUG", LEVELS[category]]


def test_two_troubles_are_both_loud(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = Telemetry()
    telemetry.refused(SEND, 1, "daily_quota", CODE)
    telemetry.refused(SEND, 1, "account_paused", CODE)
    telemetry.refused(SEND, 1, "daily_quota", CODE)
    assert [level for level, _ in told(caplog)] == ["ERROR", "ERROR", "DEBUG"]


EXTRA = {"ses_operation": "SendEmail", "ses_waits": 2, "ses_waited": 0.25}


def test_each_send_leaves_one_record_whichever_way_it_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The names of events and fields are public: users search and alarm by them."""
    telemetry = Telemetry()
    telemetry.accepted(SEND, 3)
    telemetry.refused(Ended(made=5), 1, "send_rate", CODE)
    telemetry.unknown(SEND, 1, "ReadTimeoutError")
    fields = [
        {name: value for name, value in vars(record).items() if name.startswith("ses_")}
        for record in caplog.records
    ]
    assert fields == [
        {
            **EXTRA,
            "ses_event": "send.accepted",
            "ses_category": "",
            "ses_code": "",
            "ses_recipients": 3,
            "ses_attempts": 1,
        },
        {
            **EXTRA,
            "ses_event": "send.refused",
            "ses_category": "send_rate",
            "ses_code": CODE,
            "ses_recipients": 1,
            "ses_attempts": 5,
        },
        {
            **EXTRA,
            "ses_event": "send.outcome_unknown",
            "ses_category": "service_unavailable",
            "ses_code": "ReadTimeoutError",
            "ses_recipients": 1,
            "ses_attempts": 1,
        },
    ]


def test_entries_of_bulk_calls_are_counted_beside_the_sends() -> None:
    telemetry = Telemetry()
    telemetry.accepted(SEND, 40)
    telemetry.resent(9)
    telemetry.failed(1)
    counts = telemetry.counts()
    assert (counts.sends, counts.recipients, counts.attempts) == (1, 49, 2)
    assert counts.failed_entries == 1


def test_each_unknown_outcome_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody has to find out about each of them."""
    telemetry = Telemetry()
    for _ in range(2):
        telemetry.unknown(SEND, 1, "ReadTimeoutError")
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
