"""The control interface: another process sets faults and the account, and reads what came in."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.simulator.local import ACCEPTED, RAW, LocalSES, raw


def control(ses: LocalSES, what: str, given: Any = None, *, method: str = "") -> Any:
    """The JSON in the answer to a control request; a ``POST`` when something is given."""
    body = given if given is None or isinstance(given, bytes) else json.dumps(given).encode()
    request = urllib.request.Request(
        f"{ses.simulator.url}/_simulator/{what}",
        data=body,
        method=method or ("GET" if body is None else "POST"),
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def complaint(ses: LocalSES, what: str, given: Any = None, *, method: str = "") -> str:
    """The reason in a 400."""
    with pytest.raises(HTTPError) as caught:
        control(ses, what, given, method=method)
    with caught.value as answer:
        assert answer.code == 400
        reason = json.load(answer)["error"]
    assert isinstance(reason, str)
    return reason


def test_the_state_counts_what_came_in(ses: LocalSES) -> None:
    ses.simulator.faults.throttle(times=2)
    ses.send("ses")
    ses.send("sesv2", recipients=2)
    ses.send("ses")
    ses.send("ses")
    ses.simulator.faults.throttle()
    state = control(ses, "state")
    assert state["counters"] == {
        "requests": 4,
        "sends": 4,
        "accepted": 2,
        "recipients": 2,
        "operations": {"ses.SendEmail": 3, "sesv2.SendEmail": 1},
        "refused": {"Throttling": 1, "TooManyRequestsException": 1},
        "throttled": 2,
        "refused_total": 2,
    }
    assert (state["messages"], state["duplicates"], state["faults"]) == (2, 1, 1)
    assert state["account"]["rate"] == 1_000.0


def test_the_inbox_is_read_in_pages(ses: LocalSES) -> None:
    ses.answer("ses", "SendRawEmail", **raw("ses"))
    ses.send("sesv2", recipients=2)
    page = control(ses, "inbox")
    first, second = page["messages"]
    assert page["total"] == 2
    assert base64.b64decode(first["raw"]) == RAW
    assert (second["raw"], second["subject"]) == (None, "Your order")
    assert second["recipients"] == ["ada+0@example.org", "ada+1@example.org"]
    assert control(ses, "inbox?start=1")["messages"] == [second]
    assert control(ses, "inbox?start=2")["messages"] == []


def test_settings_hold_from_the_next_send_on(ses: LocalSES) -> None:
    given = {
        "rate": 7,
        "burst": None,
        "quota": -1,
        "sandbox": True,
        "verified": ["example.com"],
        "paused_by_aws": False,
        "mail_from_failed": ["example.net"],
        "configuration_sets": ["known"],
        "templates": ["welcome"],
        "latency": 0,
    }
    assert control(ses, "account", given) == {}
    account = control(ses, "state")["account"]
    assert {name: account[name] for name in given} == given
    assert ses.send("ses")[1] == "MessageRejected"
    control(ses, "account", {"verified": None, "sandbox": False})
    assert ses.send("ses", ConfigurationSetName="known") == ACCEPTED
    control(ses, "account", {"paused": True})
    assert ses.send("ses")[1] == "AccountSendingPausedException"


def test_faults_wait_in_the_order_in_which_they_are_given(ses: LocalSES) -> None:
    control(ses, "faults", {"throttle": 2, "respond": {"status": 503}})
    control(ses, "faults", {"error": {"code": "Odd", "message": "Why?", "status": 418}})
    answers = [ses.send("ses") for _ in range(5)]
    throttled = (400, "Throttling", "Maximum sending rate exceeded.")
    gone = (503, "ServiceUnavailable", "Service is temporarily unavailable.")
    assert answers == [throttled, throttled, gone, (418, "Odd", "Why?"), ACCEPTED]


def test_a_reset_begins_anew(ses: LocalSES) -> None:
    ses.send("ses")
    control(ses, "faults", {"throttle": 1})
    assert control(ses, "reset", b"") == {}
    state = control(ses, "state")
    assert (state["messages"], state["faults"], state["counters"]["sends"]) == (0, 0, 0)


HUGE = 10**400
WRONG: list[tuple[str, Any, str]] = [
    ("faults", b"{", "Expecting property name"),
    ("faults", b"\xff", "decode"),
    ("faults", b"[" * 100_000, "recursion"),
    ("faults", [], "the body is a JSON object"),
    ("faults", b"", "the body is a JSON object"),
    ("faults", {"burn": 1}, "'burn' is no fault; there are throttle, "),
    ("faults", {"add": 1}, "'add' is no fault"),
    ("faults", {"throttle": 0}, "throttle.times is a number from 1 to 1,000,000; not 0"),
    ("faults", {"throttle": True}, "throttle.times is a number"),
    ("faults", {"throttle": 1.5}, "throttle.times is a number"),
    ("faults", {"throttle": "3"}, "throttle.times is a number from 1 to 1,000,000; not '3'"),
    ("faults", {"throttle": None}, "throttle.times is a number"),
    ("faults", {"throttle": HUGE}, "throttle.times is a number"),
    ("faults", {"throttle": {"times": 2, "often": 3}}, "throttle: got an unexpected keyword"),
    ("faults", {"throttle": {"message": 5}}, "throttle.message is a text; not 5"),
    ("faults", {"respond": 2}, "respond: missing a required argument: 'status'"),
    ("faults", {"respond": {"status": 200}}, "respond.status is from 300 to 599; not 200"),
    ("faults", {"respond": {"status": 503.5}}, "respond.status is from 300 to 599"),
    ("faults", {"respond": {"status": 503, "body": 1}}, "respond.body is true or false; not 1"),
    ("faults", {"delay": {"seconds": -1}}, "delay.seconds is from 0 to 86400; not -1"),
    ("faults", {"delay": {"seconds": float("nan")}}, "delay.seconds is from 0 to 86400; not nan"),
    ("faults", {"delay": {"seconds": True}}, "delay.seconds is from 0 to 86400; not True"),
    ("faults", {"error": {"code": "a\r\nb", "message": "x"}}, "error.code is a word; not "),
    ("faults", {"error": {"code": "A"}}, "error: missing a required argument: 'message'"),
    ("account", {"rat": 1}, "'rat' is no setting; there are rate, burst, "),
    ("account", {"regions": {}}, "'regions' is no setting"),
    ("account", {"rate": -1}, "rate is a number from 0 to 1,000,000,000; not -1"),
    ("account", {"rate": True}, "rate is int or float; not True"),
    ("account", {"rate": float("inf")}, "rate is a number from 0 to 1,000,000,000; not inf"),
    ("account", {"rate": HUGE}, "rate is a number from 0"),
    ("account", {"quota": -2}, "quota is a number from -1"),
    ("account", {"quota": None}, "quota is int or float; not None"),
    ("account", {"paused": 1}, "paused is bool; not 1"),
    ("account", {"verified": "example.com"}, "verified is list or null; not 'example.com'"),
    ("account", {"verified": [1]}, "verified is a list of texts; not [1]"),
    ("account", {"templates": [[]]}, "templates is a list of texts; not [[]]"),
    ("account", {"rate": 5, "paused": "no"}, "paused is bool; not 'no'"),
    ("account", "rate", "the body is a JSON object"),
    ("nothing", {}, "POST nothing is no request of the simulator; it has GET state, "),
]


@pytest.mark.parametrize(("what", "given", "reason"), WRONG)
def test_what_is_not_understood_says_why_and_changes_nothing(
    ses: LocalSES, what: str, given: Any, reason: str
) -> None:
    before = control(ses, "state")
    assert reason in complaint(ses, what, given)
    assert control(ses, "state") == before
    assert ses.send("ses") == ACCEPTED


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_another_method_is_not_understood(ses: LocalSES, method: str) -> None:
    assert "is no request of the simulator" in complaint(ses, "state", b"{}", method=method)


@pytest.mark.parametrize("start", ["-1", "x", "", "9" * 5_000])
def test_a_page_begins_at_a_number(ses: LocalSES, start: str) -> None:
    assert complaint(ses, f"inbox?start={start}")


def test_a_page_beyond_the_end_is_empty(ses: LocalSES) -> None:
    assert control(ses, f"inbox?start={'9' * 30}")["messages"] == []
