"""The operations beside sends: quota and account, identities, configuration sets, templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .account import Account, ConfigurationSet, Region
from .answers import Refused

Parameters = Mapping[str, Any]
Handler = Callable[[Account, Region, Parameters, float], dict[str, Any]]


def _quota(account: Account, region: Region, now: float) -> dict[str, float]:
    return {
        "Max24HourSend": float(account.quota),
        "MaxSendRate": float(account.rate),
        "SentLast24Hours": float(region.sent.total(now)),
    }


def _get_send_quota(account: Account, region: Region, _: Parameters, now: float) -> dict[str, Any]:
    return dict(_quota(account, region, now))


def _get_account(account: Account, region: Region, _: Parameters, now: float) -> dict[str, Any]:
    return {
        "SendQuota": _quota(account, region, now),
        "SendingEnabled": not (account.paused or account.paused_by_aws),
        "ProductionAccessEnabled": not account.sandbox,
        "EnforcementStatus": "SHUTDOWN" if account.paused_by_aws else "HEALTHY",
    }


def _get_send_statistics(
    account: Account, region: Region, _: Parameters, now: float
) -> dict[str, Any]:
    return {"SendDataPoints": []}


def _set_sending(member: str) -> Handler:
    def handle(account: Account, _: Region, given: Parameters, now: float) -> dict[str, Any]:
        account.paused = not given.get(member, False)
        return {}

    return handle


def _verify(member: str, **answer: Any) -> Handler:
    """What is asked to be verified is verified at once: nobody reads the simulator's mail."""

    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        if region.verified is not None:
            region.verified.add(given[member])
        return dict(answer)

    return handle


def _forget(member: str) -> Handler:
    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        if region.verified is not None:
            region.verified.discard(given[member])
        return {}

    return handle


def _list_identities(_: Account, region: Region, __: Parameters, now: float) -> dict[str, Any]:
    return {"Identities": sorted(region.verified or ())}


def _list_email_identities(
    _: Account, region: Region, __: Parameters, now: float
) -> dict[str, Any]:
    identities = [
        {
            "IdentityName": identity,
            "IdentityType": "EMAIL_ADDRESS" if "@" in identity else "DOMAIN",
            "SendingEnabled": True,
        }
        for identity in sorted(region.verified or ())
    ]
    return {"EmailIdentities": identities}


def _get_email_identity(
    _: Account, region: Region, given: Parameters, now: float
) -> dict[str, Any]:
    identity = given["EmailIdentity"]
    if region.verified is not None and identity not in region.verified:
        raise Refused("missing", f"Email identity {identity} does not exist.")
    return {
        "IdentityType": "EMAIL_ADDRESS" if "@" in identity else "DOMAIN",
        "VerifiedForSendingStatus": True,
    }


def _create_set(name_of: Callable[[Parameters], str]) -> Handler:
    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        name = name_of(given)
        if name in region.configuration_sets:
            raise Refused("exists", f"Configuration set <{name}> already exists.")
        region.configuration_sets[name] = ConfigurationSet()
        return {}

    return handle


def _set_of(region: Region, given: Parameters) -> ConfigurationSet:
    name = given["ConfigurationSetName"]
    if name not in region.configuration_sets:
        raise Refused("set_missing", f"Configuration set <{name}> does not exist.")
    return region.configuration_sets[name]


def _delete_set(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    _set_of(region, given)
    del region.configuration_sets[given["ConfigurationSetName"]]
    return {}


def _set_sending_of_set(member: str) -> Handler:
    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        _set_of(region, given).paused = not given.get(member, False)
        return {}

    return handle


def _create_template(name_of: Callable[[Parameters], str]) -> Handler:
    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        name = name_of(given)
        if name in region.templates:
            raise Refused("exists", f"Template {name} already exists.")
        region.templates[name] = {}
        return {}

    return handle


def _delete_template(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    region.templates.pop(given["TemplateName"], None)
    return {}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("ses", "GetSendQuota"): _get_send_quota,
    ("ses", "GetSendStatistics"): _get_send_statistics,
    ("ses", "UpdateAccountSendingEnabled"): _set_sending("Enabled"),
    ("ses", "VerifyEmailIdentity"): _verify("EmailAddress"),
    ("ses", "VerifyDomainIdentity"): _verify("Domain", VerificationToken="simulated"),
    ("ses", "DeleteIdentity"): _forget("Identity"),
    ("ses", "ListIdentities"): _list_identities,
    ("ses", "CreateConfigurationSet"): _create_set(lambda given: given["ConfigurationSet"]["Name"]),
    ("ses", "DeleteConfigurationSet"): _delete_set,
    ("ses", "UpdateConfigurationSetSendingEnabled"): _set_sending_of_set("Enabled"),
    ("ses", "CreateTemplate"): _create_template(lambda given: given["Template"]["TemplateName"]),
    ("ses", "CreateCustomVerificationEmailTemplate"): _create_template(
        lambda given: given["TemplateName"]
    ),
    ("ses", "DeleteTemplate"): _delete_template,
    ("sesv2", "GetAccount"): _get_account,
    ("sesv2", "PutAccountSendingAttributes"): _set_sending("SendingEnabled"),
    ("sesv2", "CreateEmailIdentity"): _verify("EmailIdentity", VerifiedForSendingStatus=True),
    ("sesv2", "DeleteEmailIdentity"): _forget("EmailIdentity"),
    ("sesv2", "GetEmailIdentity"): _get_email_identity,
    ("sesv2", "ListEmailIdentities"): _list_email_identities,
    ("sesv2", "CreateConfigurationSet"): _create_set(lambda given: given["ConfigurationSetName"]),
    ("sesv2", "DeleteConfigurationSet"): _delete_set,
    ("sesv2", "PutConfigurationSetSendingOptions"): _set_sending_of_set("SendingEnabled"),
    ("sesv2", "CreateEmailTemplate"): _create_template(lambda given: given["TemplateName"]),
    ("sesv2", "CreateCustomVerificationEmailTemplate"): _create_template(
        lambda given: given["TemplateName"]
    ),
    ("sesv2", "DeleteEmailTemplate"): _delete_template,
}
"""By service and operation."""
