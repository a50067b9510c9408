"""The operations beside sends: quota and account, identities, configuration sets, templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
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
    """One data point of what was sent; nothing of the simulator bounces or complains."""
    sent = region.sent.total(now)
    if not sent:
        return {"SendDataPoints": []}
    point = {"DeliveryAttempts": sent, "Bounces": 0, "Complaints": 0, "Rejects": 0}
    return {"SendDataPoints": [{"Timestamp": datetime.now(timezone.utc), **point}]}


def _set_sending(member: str) -> Handler:
    def handle(account: Account, _: Region, given: Parameters, now: float) -> dict[str, Any]:
        account.paused = not given.get(member, False)
        return {}

    return handle


def _get_sending(account: Account, _: Region, __: Parameters, now: float) -> dict[str, Any]:
    return {"Enabled": not account.paused}


def _verify(member: str, **answer: Any) -> Handler:
    """What is asked to be verified is verified at once: nobody reads the simulator's mail."""

    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        region.identities.add(given[member])
        return dict(answer)

    return handle


def _type_of(identity: str) -> str:
    return "EMAIL_ADDRESS" if "@" in identity else "DOMAIN"


def _create_email_identity(
    _: Account, region: Region, given: Parameters, now: float
) -> dict[str, Any]:
    identity = given["EmailIdentity"]
    if identity in region.identities:
        raise Refused("identity_exists", f"Email identity {identity} already exists.")
    region.identities.add(identity)
    return {"IdentityType": _type_of(identity), "VerifiedForSendingStatus": True}


def _delete_identity(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    """v1 forgets without asking whether there is one."""
    region.identities.discard(given["Identity"])
    return {}


def _delete_email_identity(
    _: Account, region: Region, given: Parameters, now: float
) -> dict[str, Any]:
    region.identities.remove(_email_identity(region, given))
    return {}


def _email_identity(region: Region, given: Parameters) -> str:
    identity: str = given["EmailIdentity"]
    if identity not in region.identities:
        raise Refused("missing", f"Email identity {identity} does not exist.")
    return identity


def _get_email_identity(
    _: Account, region: Region, given: Parameters, now: float
) -> dict[str, Any]:
    identity = _email_identity(region, given)
    return {"IdentityType": _type_of(identity), "VerifiedForSendingStatus": True}


def _list_identities(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    kind = {"EmailAddress": "EMAIL_ADDRESS", "Domain": "DOMAIN"}.get(given.get("IdentityType", ""))
    identities = sorted(region.identities)
    return {"Identities": [one for one in identities if kind in (None, _type_of(one))]}


def _get_verification(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    asked = [identity for identity in given["Identities"] if identity in region.identities]
    verified = {"VerificationStatus": "Success"}
    return {"VerificationAttributes": {identity: verified for identity in asked}}


def _list_email_identities(
    _: Account, region: Region, __: Parameters, now: float
) -> dict[str, Any]:
    identities = [
        {"IdentityName": identity, "IdentityType": _type_of(identity), "SendingEnabled": True}
        for identity in sorted(region.identities)
    ]
    return {"EmailIdentities": identities}


def _create_set(name_of: Callable[[Parameters], str]) -> Handler:
    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        name = name_of(given)
        if name in region.configuration_sets:
            message = f"Configuration set <{name}> already exists."
            raise Refused("set_exists", message, {"ConfigurationSetName": name})
        region.configuration_sets[name] = ConfigurationSet()
        return {}

    return handle


def _set_of(region: Region, given: Parameters) -> ConfigurationSet:
    name = given["ConfigurationSetName"]
    if name not in region.configuration_sets:
        message = f"Configuration set <{name}> does not exist."
        raise Refused("set_missing", message, {"ConfigurationSetName": name})
    return region.configuration_sets[name]


def _describe_set(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    """v1 tells little of a set unless asked for more."""
    _set_of(region, given)
    return {"ConfigurationSet": {"Name": given["ConfigurationSetName"]}}


def _get_set(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    sending = {"SendingEnabled": not _set_of(region, given).paused}
    return {"ConfigurationSetName": given["ConfigurationSetName"], "SendingOptions": sending}


def _delete_set(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    _set_of(region, given)
    del region.configuration_sets[given["ConfigurationSetName"]]
    return {}


def _set_sending_of_set(member: str) -> Handler:
    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        _set_of(region, given).paused = not given.get(member, False)
        return {}

    return handle


def _list_sets_v1(_: Account, region: Region, __: Parameters, now: float) -> dict[str, Any]:
    return {"ConfigurationSets": [{"Name": name} for name in sorted(region.configuration_sets)]}


def _list_sets_v2(_: Account, region: Region, __: Parameters, now: float) -> dict[str, Any]:
    return {"ConfigurationSets": sorted(region.configuration_sets)}


def _create_template(name_of: Callable[[Parameters], str]) -> Handler:
    def handle(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
        name = name_of(given)
        if name in region.templates:
            raise Refused("template_exists", f"Template {name} already exists.", {"Name": name})
        region.templates.add(name)
        return {}

    return handle


def _create_custom_template(
    _: Account, region: Region, given: Parameters, now: float
) -> dict[str, Any]:
    name = given["TemplateName"]
    if name in region.templates:
        raise Refused(
            "custom_template_exists",
            f"Custom verification email template <{name}> already exists",
            {"CustomVerificationEmailTemplateName": name},
        )
    region.templates.add(name)
    return {}


def _delete_template(_: Account, region: Region, given: Parameters, now: float) -> dict[str, Any]:
    region.templates.discard(given["TemplateName"])
    return {}


def _list_templates(member: str, name_member: str) -> Handler:
    def handle(_: Account, region: Region, __: Parameters, now: float) -> dict[str, Any]:
        return {member: [{name_member: name} for name in sorted(region.templates)]}

    return handle


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("ses", "GetSendQuota"): _get_send_quota,
    ("ses", "GetSendStatistics"): _get_send_statistics,
    ("ses", "UpdateAccountSendingEnabled"): _set_sending("Enabled"),
    ("ses", "GetAccountSendingEnabled"): _get_sending,
    ("ses", "VerifyEmailIdentity"): _verify("EmailAddress"),
    ("ses", "VerifyDomainIdentity"): _verify("Domain", VerificationToken="simulated"),
    ("ses", "VerifyEmailAddress"): _verify("EmailAddress"),
    ("ses", "DeleteIdentity"): _delete_identity,
    ("ses", "ListIdentities"): _list_identities,
    ("ses", "GetIdentityVerificationAttributes"): _get_verification,
    ("ses", "CreateConfigurationSet"): _create_set(lambda given: given["ConfigurationSet"]["Name"]),
    ("ses", "DeleteConfigurationSet"): _delete_set,
    ("ses", "ListConfigurationSets"): _list_sets_v1,
    ("ses", "DescribeConfigurationSet"): _describe_set,
    ("ses", "UpdateConfigurationSetSendingEnabled"): _set_sending_of_set("Enabled"),
    ("ses", "CreateTemplate"): _create_template(lambda given: given["Template"]["TemplateName"]),
    ("ses", "CreateCustomVerificationEmailTemplate"): _create_custom_template,
    ("ses", "DeleteTemplate"): _delete_template,
    ("ses", "ListTemplates"): _list_templates("TemplatesMetadata", "Name"),
    ("sesv2", "GetAccount"): _get_account,
    ("sesv2", "PutAccountSendingAttributes"): _set_sending("SendingEnabled"),
    ("sesv2", "CreateEmailIdentity"): _create_email_identity,
    ("sesv2", "DeleteEmailIdentity"): _delete_email_identity,
    ("sesv2", "GetEmailIdentity"): _get_email_identity,
    ("sesv2", "ListEmailIdentities"): _list_email_identities,
    ("sesv2", "CreateConfigurationSet"): _create_set(lambda given: given["ConfigurationSetName"]),
    ("sesv2", "DeleteConfigurationSet"): _delete_set,
    ("sesv2", "ListConfigurationSets"): _list_sets_v2,
    ("sesv2", "GetConfigurationSet"): _get_set,
    ("sesv2", "PutConfigurationSetSendingOptions"): _set_sending_of_set("SendingEnabled"),
    ("sesv2", "CreateEmailTemplate"): _create_template(lambda given: given["TemplateName"]),
    ("sesv2", "CreateCustomVerificationEmailTemplate"): _create_custom_template,
    ("sesv2", "DeleteEmailTemplate"): _delete_template,
    ("sesv2", "ListEmailTemplates"): _list_templates("TemplatesMetadata", "TemplateName"),
}
"""By service and operation."""
