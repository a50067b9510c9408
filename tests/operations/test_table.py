"""The table of operations beside botocore's service models, of whichever version is installed."""

from __future__ import annotations

from collections.abc import Iterator

import botocore.session
import pytest
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape

from botoses_guard.operations import (
    EACH,
    OPERATIONS,
    SERVICES,
    Operation,
    ParameterPath,
    of_service,
)

IDS = [f"{operation.service.name}.{operation.name}" for operation in OPERATIONS]
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
every_service = pytest.mark.parametrize("service", sorted(SERVICES))

ADDRESS_MEMBERS = {
    "Source",
    "FromEmailAddress",
    "ReplyToAddresses",
    "ReturnPath",
    "FeedbackForwardingEmailAddress",
    "ToAddresses",
    "CcAddresses",
    "BccAddresses",
    "BounceSender",
    "Destinations",
    "Recipient",
    "FinalRecipient",
    "EmailAddress",
}
"""Members that the API references describe as an email address, or a list of them."""


@pytest.fixture(scope="module")
def models() -> dict[str, ServiceModel]:
    session = botocore.session.Session()
    return {service: session.get_service_model(service) for service in SERVICES}


def model_of(models: dict[str, ServiceModel], operation: Operation) -> OperationModel:
    return models[operation.service.name].operation_model(operation.name)


def shape_at(top: Shape, steps: ParameterPath) -> Shape:
    shape = top
    for step in steps:
        if step == EACH:
            assert isinstance(shape, ListShape), (steps, shape)
            shape = shape.member
        else:
            assert isinstance(shape, StructureShape), (steps, shape)
            assert step in shape.members, (steps, shape)
            shape = shape.members[step]
    return shape


def input_of(models: dict[str, ServiceModel], operation: Operation) -> Shape:
    shape = model_of(models, operation).input_shape
    assert shape is not None
    return shape


def strings_of(operation: Operation) -> Iterator[ParameterPath]:
    """Every path that leads to a string."""
    for single in (
        operation.sender,
        operation.reply_to,
        operation.return_path,
        operation.configuration_set,
    ):
        if single is not None:
            yield single
    yield from operation.recipients
    yield from operation.other_addresses
    yield from operation.templates
    yield from operation.template_data
    yield from operation.header_texts
    yield from operation.header_tokens
    yield from operation.bodies
    for fields in operation.header_fields:
        yield (*fields, EACH, "Name")
        yield (*fields, EACH, "Value")


@every_operation
def test_every_path_to_a_string_leads_to_one(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    for steps in strings_of(operation):
        assert shape_at(input_of(models, operation), steps).type_name == "string", steps


@every_operation
def test_the_table_has_every_blob(operation: Operation, models: dict[str, ServiceModel]) -> None:
    """They make the size of a message; a file or a generator may stand there."""
    blobs = {steps for steps, kind in leaves(input_of(models, operation)) if kind == "blob"}
    raw_message = operation.raw_message
    assert blobs == {*operation.attachments, *([raw_message] if raw_message else ())}


@every_operation
def test_entries_are_a_list_of_structures_below_which_all_recipients_stand(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    if operation.entries:
        shape = shape_at(input_of(models, operation), (*operation.entries, EACH))
        assert shape.type_name == "structure"
        below = (*operation.entries, EACH)
        assert all(steps[: len(below)] == below for steps in operation.recipients)


@every_service
def test_the_table_has_every_operation_that_sends_mail_and_no_other(
    service: str, models: dict[str, ServiceModel]
) -> None:
    """A new operation of a later model would pass unguarded: this test finds it."""
    sending = {name for name in models[service].operation_names if name.startswith("Send")}
    assert {operation.name for operation in of_service(service)} == sending


def test_there_are_nine() -> None:
    assert len(set(IDS)) == len(OPERATIONS) == 9


def test_a_service_that_sends_no_mail_has_none() -> None:
    assert of_service("sns") == ()


def leaves(shape: Shape, steps: ParameterPath = ()) -> Iterator[tuple[ParameterPath, str]]:
    """The paths of all values below ``shape``, with their types; no input of a send is recursive.

    A map, of which there is none today, has no path: it is a type that no table knows.
    """
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from leaves(member, (*steps, name))
    elif isinstance(shape, ListShape):
        yield from leaves(shape.member, (*steps, EACH))
    else:
        yield steps, shape.type_name


def string_paths(shape: Shape) -> Iterator[ParameterPath]:
    return (steps for steps, kind in leaves(shape) if kind == "string")


UNTOUCHED = {
    "SourceArn": "an ARN, which SES checks; it is no part of the message",
    "FromArn": "as SourceArn",
    "ReturnPathArn": "as SourceArn",
    "RecipientArn": "as SourceArn",
    "BounceSenderArn": "as SourceArn",
    "FromEmailAddressIdentityArn": "as SourceArn",
    "FeedbackForwardingEmailAddressIdentityArn": "as SourceArn",
    "EndpointId": "part of the host name, which botocore checks",
    "TenantName": "letters, digits, '-' and '_', which SES checks; no part of the message",
    "BounceType": "SES takes the values of an enumeration and no other",
    "ContentDisposition": "as BounceType",
    "ContentTransferEncoding": "as BounceType",
    "OpenTrackingEnabled": "as BounceType",
    "ClickTrackingEnabled": "as BounceType",
}
"""Members that go to SES as they are, by name, and why they may."""


@every_operation
def test_every_string_is_in_the_table_or_known_to_pass_untouched(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    """Any other may begin a header line, or carry an address, without anybody having looked."""
    unknown = set(string_paths(input_of(models, operation))) - set(strings_of(operation))
    assert {".".join(steps) for steps in unknown if steps[-1] not in UNTOUCHED} == set()


def test_nothing_that_the_table_has_is_said_to_pass_untouched() -> None:
    table = {steps[-1] for operation in OPERATIONS for steps in strings_of(operation)}
    assert not table & UNTOUCHED.keys()


@every_operation
def test_every_value_is_of_a_type_that_is_known(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    kinds = {kind for _, kind in leaves(input_of(models, operation))}
    assert kinds <= {"string", "blob", "timestamp"}


@every_operation
def test_every_member_that_holds_an_address_is_in_the_table(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    """And no other: what is named differently is no address."""
    found = {
        steps
        for steps in string_paths(input_of(models, operation))
        if [step for step in steps if step != EACH][-1] in ADDRESS_MEMBERS
    }
    single = (operation.sender, operation.reply_to, operation.return_path)
    table = {steps for steps in single if steps}
    assert found == table | {*operation.recipients, *operation.other_addresses}


@every_operation
def test_every_member_whose_name_says_address_is_known(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    """ARNs and the like are excluded by name, so that a new member cannot slip by."""
    names = {
        [step for step in steps if step != EACH][-1]
        for steps in string_paths(input_of(models, operation))
    }
    suspicious = {name for name in names if "Address" in name and not name.endswith("Arn")}
    assert suspicious <= ADDRESS_MEMBERS


@every_operation
def test_every_configuration_set_and_template_is_in_the_table(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    for steps in string_paths(input_of(models, operation)):
        if steps[-1] == "ConfigurationSetName":
            assert steps == operation.configuration_set
        elif steps[-1] in ("TemplateName", "TemplateArn", "Template"):
            assert steps in operation.templates
        elif steps[-1].endswith("TemplateData"):
            assert steps in operation.template_data


@every_operation
def test_every_tag_and_subject_is_part_of_a_header(
    operation: Operation, models: dict[str, ServiceModel]
) -> None:
    """Tags become X-SES-MESSAGE-TAGS, a subject Subject."""
    for steps in string_paths(input_of(models, operation)):
        is_tag = any(step.endswith("Tags") for step in steps) and steps[-1] in ("Name", "Value")
        if is_tag or "Subject" in steps and steps[-1] in ("Data", "Subject"):
            assert steps in (operation.header_tokens if is_tag else operation.header_texts)


@every_service
def test_the_quota_operation_is_a_method_and_answers_with_a_quota(
    service: str, models: dict[str, ServiceModel]
) -> None:
    found = SERVICES[service]
    output = models[service].operation_model(found.quota_operation).output_shape
    assert output is not None
    quota = shape_at(output, (found.quota_member,)) if found.quota_member else output
    assert isinstance(quota, StructureShape)
    assert {"Max24HourSend", "MaxSendRate", "SentLast24Hours"} <= set(quota.members)
    client = botocore.session.Session().create_client(
        service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    assert client.meta.method_to_api_mapping[found.quota_method] == found.quota_operation


@every_service
def test_codes_that_the_model_has_come_with_its_status(
    service: str, models: dict[str, ServiceModel]
) -> None:
    found = SERVICES[service]
    modelled = {shape.name: shape for shape in models[service].error_shapes}
    for refusal in (found.invalid_parameter, found.send_rate, found.daily_quota):
        if refusal.code in modelled:
            status = modelled[refusal.code].metadata["error"]["httpStatusCode"]
            assert status == refusal.http_status
        else:
            assert service == "ses"


def test_two_operations_are_never_equal_by_chance() -> None:
    """They key caches, so that they are compared by identity."""
    assert len({*OPERATIONS}) == 9
    assert len({operation.service.message_bytes for operation in OPERATIONS}) == 2
