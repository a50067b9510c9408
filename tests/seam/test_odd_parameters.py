"""Parameters of odd types, on clients on which botocore does not check them."""

from __future__ import annotations

from collections import UserDict, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ParamValidationError

import botoses_guard
from botoses_guard import errors
from botoses_guard.simulator import Simulator

from .sends import RECIPIENT, SERVICES, client_of, message
from .test_bulk import bulk, results_of, send_of

every_service = pytest.mark.parametrize("service", SERVICES)

INJECTED = "bob@example.com\r\nBcc: mallory@example.com"

HOLDERS: list[Callable[[list[str]], Any]] = [
    iter,
    set,
    deque,
    tuple,
    lambda elements: (element for element in elements),
    lambda elements: dict.fromkeys(elements).keys(),
]


@pytest.fixture
def ses() -> Iterator[Simulator]:
    with Simulator(rate=1000, templates=["news"]) as simulator:
        yield simulator


def unvalidated(ses: Simulator, service: str, **settings: Any) -> Any:
    """A guarded client that does not check the types of parameters."""
    session = boto3.Session()
    botoses_guard.register(session, **settings)
    return ses.client(service, session=session, config=Config(parameter_validation=False))


def to(service: str, holder: Any) -> dict[str, Any]:
    return {**message(service), "Destination": MappingProxyType({"ToAddresses": holder})}


@every_service
@pytest.mark.parametrize("hold", HOLDERS)
def test_what_holds_recipients_is_read_once_and_arrives(
    ses: Simulator, service: str, hold: Callable[[list[str]], Any]
) -> None:
    unvalidated(ses, service).send_email(**to(service, hold([RECIPIENT, "bob@bücher.example"])))
    [arrived] = ses.inbox
    assert sorted(arrived.recipients) == [RECIPIENT, "bob@xn--bcher-kva.example"]


@every_service
@pytest.mark.parametrize("hold", HOLDERS)
def test_a_line_break_in_it_is_refused(
    ses: Simulator, service: str, hold: Callable[[list[str]], Any]
) -> None:
    with pytest.raises(errors.MalformedAddress):
        unvalidated(ses, service).send_email(**to(service, hold([RECIPIENT, INJECTED])))
    assert ses.counters.requests == 0


@every_service
def test_a_wrong_type_is_refused_and_named(ses: Simulator, service: str) -> None:
    with pytest.raises(errors.SESError) as caught:
        unvalidated(ses, service).send_email(**to(service, RECIPIENT))
    [violation] = caught.value.violations
    assert violation.path == "Destination.ToAddresses"
    assert violation.rule == "the value must be a list of strings, and its type is str"
    assert ses.counters.requests == 0


def test_the_config_file_may_turn_the_check_off(
    ses: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[default]\nparameter_validation = false\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    client, _ = client_of(ses, "sesv2")
    client.send_email(**to("sesv2", iter([RECIPIENT])))
    assert [arrived.recipients for arrived in ses.inbox] == [(RECIPIENT,)]


@every_service
def test_entries_are_read_once_and_a_bad_one_fails_by_itself(ses: Simulator, service: str) -> None:
    parameters = bulk(service, 3)
    name = "Destinations" if service == "ses" else "BulkEmailEntries"
    entries = parameters[name]
    entries[1] = UserDict({"Destination": {"ToAddresses": iter([INJECTED])}})
    answer = send_of(unvalidated(ses, service))(**{**parameters, name: iter(entries)})
    failures = botoses_guard.bulk_failures(answer)
    assert [failure.index for failure in failures] == [1]
    assert len(results_of(answer)) == 3
    assert len(ses.inbox) == 2


@every_service
def test_with_the_check_on_an_iterator_is_botocores_to_refuse(ses: Simulator, service: str) -> None:
    client, _ = client_of(ses, service)
    mailboxes = iter([RECIPIENT])
    with pytest.raises(ParamValidationError):
        client.send_email(**{**message(service), "Destination": {"ToAddresses": mailboxes}})
    assert list(mailboxes) == [RECIPIENT]
