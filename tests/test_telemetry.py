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
            "ses_category": "outcome_unknown",
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


def test_an_unknown_outcome_is_loud_once_and_again_after_a_success(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A handler that mails what it is told of would mail for ever. Each is told to its caller."""
    telemetry = Telemetry()
    for _ in range(3):
        telemetry.unknown(SEND, 1, "ReadTimeoutError")
    line = "SendEmail may have been accepted: no answer of SES came (ReadTimeoutError)"
    assert told(caplog) == [("WARNING", line), ("DEBUG", line), ("DEBUG", line)]
    caplog.clear()
    telemetry.accepted(SEND, 1)
    telemetry.unknown(SEND, 1, "ReadTimeoutError")
    assert told(caplog)[1:] == [("WARNING", line)]
    assert telemetry.counts().outcome_unknown == 4


def test_what_is_reported_once_does_not_grow_with_the_codes_of_gateways() -> None:
    telemetry = Telemetry()
    for number in range(100):
        telemetry.unknown(SEND, 1, f"request-{number}")
    assert len(telemetry._reported) == 1


def test_sends_that_no_event_ends_do_not_pile_up() -> None:
    """Each is told of when the next one begins."""
    telemetry = Telemetry()
    for _ in range(100):
        telemetry.begun()
        telemetry.drop(Ended(made=0), 1, under_way=False)
        assert len(telemetry._dropped) == 1
    assert telemetry.counts().not_sent == 100


def test_what_was_not_sent_is_a_send_of_its_own_kind(caplog: pytest.LogCaptureFixture) -> None:
    """Its exception tells the caller why; the log tells those who look for it."""
    telemetry = Telemetry()
    telemetry.not_sent(SEND, 1, "NoCredentialsError")
    counts = telemetry.counts()
    assert (counts.sends, counts.not_sent, counts.refusals) == (1, 1, {})
    assert told(caplog) == [("DEBUG", "SendEmail was not sent (NoCredentialsError)")]
    assert vars(caplog.records[0])["ses_event"] == "send.not_sent"


@pytest.mark.parametrize(
    ("under_way", "event", "attempts"),
    [(False, "send.not_sent", 0), (True, "send.outcome_unknown", 1)],
)
def test_a_send_that_no_event_ended_is_told_of_later(
    caplog: pytest.LogCaptureFixture, under_way: bool, event: str, attempts: int
) -> None:
    """The garbage collector finds it, where neither a lock nor a log handler may be used."""
    telemetry = Telemetry()
    with telemetry._lock:
        telemetry.drop(Ended(made=0), 1, under_way)
    assert told(caplog) == []
    counts = telemetry.counts()
    assert (counts.sends, counts.attempts) == (1, attempts)
    [record] = caplog.records
    assert (vars(record)["ses_event"], vars(record)["ses_code"]) == (event, "Interrupted")


def test_a_record_that_cannot_be_written_changes_no_outcome(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """logging tells of it on stderr, as of a handler that fails."""

    def fail(_: logging.LogRecord) -> bool:
        raise LookupError("a filter of the program")

    logger = logging.getLogger("botoses_guard")
    logger.addFilter(fail)
    try:
        Telemetry().accepted(SEND, 1)
    finally:
        logger.removeFilter(fail)
    assert "a filter of the program" in capsys.readouterr().err


def test_what_is_sent_while_a_record_is_written_writes_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A handler that mails would otherwise mail about its own mail, and so on."""
    telemetry = Telemetry()

    class Mails(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            telemetry.refused(SEND, 1, "account_paused", CODE)

    handler = Mails()
    logger = logging.getLogger("botoses_guard")
    logger.addHandler(handler)
    try:
        telemetry.unknown(SEND, 1, "ReadTimeoutError")
    finally:
        logger.removeHandler(handler)
    assert len(told(caplog)) == 1
    assert telemetry.counts().refusals == {"account_paused": 1}


def test_a_dropped_name_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """A campaign drops the same name in every message."""
    telemetry = Telemetry()
    for _ in range(3):
        telemetry.name_dropped()
    [(level, message)] = told(caplog)
    assert level == "WARNING"
    assert "FromEmailAddress" in message
