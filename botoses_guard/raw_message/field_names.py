"""The header fields that hold addresses, and those that SES takes only once."""

from __future__ import annotations

RECIPIENTS = frozenset({b"to", b"cc", b"bcc"})
"""The fields in which SES finds the recipients if the request names none; each one counts."""

SENDERS = frozenset({b"from", b"sender", b"return-path"})
"""The fields in which SES looks for the identities that must be verified."""

READ_BY_SES = RECIPIENTS | SENDERS | {b"reply-to"}

ADDRESSES = READ_BY_SES | {
    b"disposition-notification-to",
    b"errors-to",
    b"resent-bcc",
    b"resent-cc",
    b"resent-from",
    b"resent-reply-to",
    b"resent-sender",
    b"resent-to",
    b"return-receipt-to",
}
"""RFC 5322 §3.6.2, §3.6.3, §3.6.6 and §3.6.7, RFC 8098 §2.1; the last two have no RFC."""

ONCE = frozenset(
    name.encode()
    for name in (
        "accept-language acceptlanguage archived-at auto-submitted bounces-to comments "
        "content-alternative content-base content-class content-description content-disposition "
        "content-duration content-id content-language content-length content-location content-md5 "
        "content-transfer-encoding content-type date delivered-to disposition-notification-options "
        "disposition-notification-to dkim-signature domainkey-signature errors-to from importance "
        "in-reply-to keywords list-archive list-help list-id list-owner list-post list-subscribe "
        "list-unsubscribe list-unsubscribe-post message-context message-id mime-version "
        "organization original-from original-message-id original-recipient original-subject "
        "precedence priority references reply-to return-path return-receipt-to sender solicitation "
        "sensitivity subject thread-index thread-topic user-agent vbr-info"
    ).split()
)
"""SES developer guide, "Header fields in Amazon SES": a second one is refused."""

WATCHED = ADDRESSES | ONCE
"""Every field that the scan looks at."""
