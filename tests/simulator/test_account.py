"""How much the local SES lets through, and what it says of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botoses_guard.simulator.rate import DAY, Bucket, RollingCount
from tests.simulator.local import ACCEPTED, LocalSES, raw, send_email

BOTH = ("ses", "sesv2")
THROTTLED = {
    "ses": (400, "Throttling", "Maximum sending rate exceeded."),
    "sesv2": (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
}
EXHAUSTED = {
    "ses": (400, "Throttling", "Daily message quota exceeded."),
    "sesv2": (400, "LimitExceededException", "Daily message quota exceeded."),
}


@pytest.mark.parametrize("service", BOTH)
def test_a_message_larger_than_the_bucket_passes_whole_and_leaves_a_debt(
    ses: LocalSES, service: str
) -> None:
    """At 1/s a message to five is accepted, and then nothing for five seconds."""
    ses.set_up(rate=1, burst=1)
    assert ses.send(service, recipients=5) == ACCEPTED
    for _ in range(4):
        ses.clock.now += 1
        assert ses.send(service) == THROTTLED[service]
    ses.clock.now += 1
    assert ses.send(service) == ACCEPTED


def test_a_refused_send_costs_nothing(ses: LocalSES) -> None:
    ses.set_up(rate=1, burst=1)
    assert ses.send("ses") == ACCEPTED
    for _ in range(50):
        assert ses.send("ses", recipients=50) == THROTTLED["ses"]
    ses.clock.now += 1
    assert ses.send("ses") == ACCEPTED
    assert (ses.simulator.counters.accepted, ses.simulator.counters.throttled) == (2, 50)


@pytest.mark.parametrize(("rate", "burst"), [(1, 2), (8, 2), (14, 3), (40, 10)])
def test_the_burst_is_a_quarter_of_the_rate_and_two_at_least(
    ses: LocalSES, rate: float, burst: int
) -> None:
    ses.set_up(rate=rate)
    answers = [ses.send("sesv2") for _ in range(burst + 2)]
    assert answers.count(ACCEPTED) in (burst, burst + (rate / 4 > burst))


def test_a_new_rate_holds_from_the_next_send_on(ses: LocalSES) -> None:
    ses.set_up(rate=1, burst=1)
    assert [ses.send("ses"), ses.send("ses")] == [ACCEPTED, THROTTLED["ses"]]
    ses.simulator.account.burst = 3
    assert [ses.send("ses") for _ in range(4)] == [ACCEPTED] * 3 + [THROTTLED["ses"]]


def test_regions_have_rates_of_their_own(ses: LocalSES) -> None:
    ses.set_up(rate=1, burst=1)
    for region in ("us-east-1", "eu-west-1"):
        assert ses.answer("ses", "SendEmail", region, **send_email("ses")) == ACCEPTED
        assert ses.answer("ses", "SendEmail", region, **send_email("ses")) == THROTTLED["ses"]


@pytest.mark.parametrize("service", BOTH)
def test_the_quota_comes_back_a_day_after_each_message(ses: LocalSES, service: str) -> None:
    """ "This limit is on a rolling 24-hour period" (developer guide, "Service quotas")."""
    ses.set_up(quota=3)
    assert ses.send(service, recipients=2) == ACCEPTED
    ses.clock.now += DAY / 2
    assert ses.send(service) == ACCEPTED
    assert ses.send(service) == EXHAUSTED[service]
    ses.clock.now += DAY / 2
    assert ses.send(service, recipients=50) == ACCEPTED
    assert ses.send(service) == EXHAUSTED[service]


def test_the_mailbox_simulator_counts_to_the_rate_and_not_to_the_quota(ses: LocalSES) -> None:
    ses.set_up(rate=1, burst=1, quota=1)
    to = {"ToAddresses": ["bounce+one@simulator.amazonses.com"]}
    assert ses.send("ses", Destination=to) == ACCEPTED
    assert ses.send("ses", Destination=to) == THROTTLED["ses"]
    assert ses.call("ses", "GetSendQuota")["SentLast24Hours"] == 0
    ses.clock.now += 1
    assert ses.send("ses") == ACCEPTED
    assert ses.call("ses", "GetSendQuota")["SentLast24Hours"] == 1


def test_what_is_left_of_the_quota_is_told_alike_by_v1_and_v2(ses: LocalSES) -> None:
    ses.set_up(rate=7.5, quota=200)
    ses.send("ses", recipients=3)
    quota = {"Max24HourSend": 200.0, "MaxSendRate": 7.5, "SentLast24Hours": 3.0}
    assert ses.call("ses", "GetSendQuota") == quota
    assert ses.call("sesv2", "GetAccount") == {
        "SendQuota": quota,
        "SendingEnabled": True,
        "ProductionAccessEnabled": True,
        "EnforcementStatus": "HEALTHY",
    }
    [point] = ses.call("ses", "GetSendStatistics")["SendDataPoints"]
    assert point.pop("Timestamp").tzinfo is not None
    assert point == {"DeliveryAttempts": 3, "Bounces": 0, "Complaints": 0, "Rejects": 0}


def test_nothing_sent_has_no_statistics(ses: LocalSES) -> None:
    assert ses.call("ses", "GetSendStatistics") == {"SendDataPoints": []}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"quota": -1}, {"quota": -1.0}),
        ({"sandbox": True}, {"ProductionAccessEnabled": False}),
        ({"paused": True}, {"SendingEnabled": False}),
        ({"paused_by_aws": True}, {"SendingEnabled": False, "EnforcementStatus": "SHUTDOWN"}),
    ],
)
def test_the_account_tells_its_state(
    ses: LocalSES, settings: dict[str, Any], told: dict[str, Any]
) -> None:
    ses.set_up(**settings)
    account = ses.call("sesv2", "GetAccount")
    account["quota"] = account["SendQuota"]["Max24HourSend"]
    assert {name: account[name] for name in told} == told


def test_the_inbox_holds_what_was_accepted(ses: LocalSES) -> None:
    ses.send("ses", recipients=2, Source="Shop <shop@example.com>")
    ses.clock.now += 5
    ses.answer("sesv2", "SendEmail", **raw("sesv2"))
    first, second = ses.simulator.inbox
    assert (first.service, first.operation, first.region) == ("ses", "SendEmail", "us-east-1")
    assert first.source == "Shop <shop@example.com>"
    assert first.recipients == ("ada+0@example.org", "ada+1@example.org")
    assert (first.subject, first.raw) == ("Your order", None)
    assert second.time - first.time == 5
    assert second.source == "shop@example.com"
    assert second.raw is not None and second.raw.startswith(b"From: shop@example.com")
    assert ses.simulator.inbox[1] is second
    assert ses.simulator.counters.recipients == 3
    assert ses.simulator.counters.operations == {"ses.SendEmail": 1, "sesv2.SendEmail": 1}


def test_the_subject_is_told_alike_for_v1_and_v2(ses: LocalSES) -> None:
    for service in BOTH:
        ses.send(service)
    assert [message.subject for message in ses.simulator.inbox] == ["Your order"] * 2


def test_a_duplicate_is_the_same_content_to_the_same_recipients(ses: LocalSES) -> None:
    ses.send("ses")
    ses.send("ses", recipients=2)
    ses.send("sesv2")
    ses.send("ses")
    ses.send("ses")
    messages = list(ses.simulator.inbox)
    assert ses.simulator.inbox.duplicates == messages[3:]


recipients = st.integers(min_value=1, max_value=50)


@given(
    rate=st.floats(min_value=0.5, max_value=100),
    burst=st.floats(min_value=1, max_value=50),
    sends=st.lists(st.tuples(st.floats(min_value=0, max_value=5), recipients), max_size=50),
)
def test_no_interval_sees_more_than_burst_rate_and_the_last_message(
    rate: float, burst: float, sends: list[tuple[float, int]]
) -> None:
    """ "Short bursts above the rate are allowed, not sustained"."""
    bucket, now, accepted = Bucket(rate, burst, 0.0), 0.0, 0
    for pause, count in sends:
        now += pause
        if bucket.level(now) >= 1:
            assert accepted < burst + rate * now + 1e-6
            bucket.take(count)
            accepted += count


@given(st.lists(st.tuples(st.floats(min_value=0, max_value=DAY), recipients), max_size=50))
def test_the_rolling_count_is_the_sum_of_a_day(sends: list[tuple[float, int]]) -> None:
    count, now, log = RollingCount(), 0.0, []
    for pause, sent in sends:
        now += pause
        count.add(sent, now)
        log.append((now, sent))
        assert count.total(now) == sum(number for at, number in log if at > now - DAY)
