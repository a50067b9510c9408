"""The messages that every program sends, each with one thing that programs meet in earnest."""

from __future__ import annotations

from dataclasses import dataclass, fields

from .outcomes import NOT_VERIFIED

ADA = "ada@example.com"
SHOP = "shop@example.com"
"""The sender that the account has verified."""

CONFIGURATION_SET = "orders"

DATE = "Mon, 02 Mar 2026 09:30:00 +0000"
"""When each is written, where a program takes a date."""


@dataclass(frozen=True)
class Letter:
    """A message before a program makes its call of it."""

    name: str
    to: tuple[str, ...] = (ADA,)
    sender: str = SHOP
    subject: str = "Your order"
    text: str = "It is on its way."
    html: str = ""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    attachments: tuple[tuple[str, bytes, str], ...] = ()
    """File name, octets and content type of each."""

    headers: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    configuration_set: str = ""

    @property
    def extras(self) -> frozenset[str]:
        """The fields that not every program has."""
        return frozenset(
            field.name for field in fields(self)[5:] if getattr(self, field.name) != field.default
        )


_UNICODE_LONG = "Abteilung für die Bestätigung außergewöhnlicher Überweisungen und Rückläufer"
_ASCII_LONG = "The Department for Confirmations of Orders that were Placed by Telephone and Letter"
_MAILBOXES = (
    f"{_UNICODE_LONG} <{ADA}>",
    f"{_ASCII_LONG} <joe@example.com>",
    "日本語の長い名前を持つ部署の確認係とその同僚たち <eve@example.com>",
)

LETTERS = (
    Letter("plain"),
    Letter(
        "several recipients",
        to=(ADA, "Joe <joe@example.com>"),
        cc=("eve@example.com", "Max <max@example.com>"),
        bcc=("log@example.com",),
    ),
    Letter("blind copies alone", to=(), bcc=(ADA, "Joe <joe@example.com>")),
    Letter("reply-to", reply_to=("Support <support@example.com>",)),
    Letter("html and text", html="<p>It is <b>on its way</b>: Größe 42.</p>"),
    Letter("a body beyond ASCII", text="Größe 42, 5 €.\n\nGrüße\n山田"),
    Letter("a subject beyond ASCII", subject="Ihre Bestellung: Größe 42 🎉"),
    Letter("a long subject", subject=f"Bestätigung Nr. 4711 der {_UNICODE_LONG}"),
    Letter("a long subject in ASCII", subject=f"Confirmation no. 4711 of {_ASCII_LONG}"),
    Letter(
        "names beyond ASCII",
        to=(f"Jürgen <{ADA}>", "山田 太郎 <joe@example.com>"),
        sender=f"Büro <{SHOP}>",
    ),
    Letter("long names", to=_MAILBOXES, sender=f"{_UNICODE_LONG} <{SHOP}>"),
    Letter(
        "long names in every field",
        cc=_MAILBOXES[1:2],
        bcc=_MAILBOXES[:1],
        reply_to=_MAILBOXES[2:],
    ),
    Letter("a name that is encoded", to=(f"=?utf-8?q?J=C3=BCrgen?= <{ADA}>",)),
    Letter("a name in quotes", to=(f'"Lovelace, Ada (Countess)" <{ADA}>',)),
    Letter(
        "names in ASCII",
        to=(
            "O'Neil <o'neil@example.com>",
            f"Dr. Ada L. Lovelace <{ADA}>",
            '"Joe \\"J.\\" Doe" <joe@example.com>',
            "<eve@example.com>",
        ),
    ),
    Letter("an address for a name", to=(f"ada@home.example <{ADA}>",)),
    Letter("a comment in a name", to=(f"Ada Lovelace (Countess) <{ADA}>",)),
    Letter("a colon in a name", sender=f"Shop: orders <{SHOP}>"),
    Letter("brackets in a name", sender=f"[DEV] Shop <{SHOP}>"),
    Letter("a comma in a name", to=(f"Lovelace, Ada <{ADA}>",)),
    Letter("a domain beyond ASCII", to=("kontakt@bücher.example",)),
    Letter("a name and a domain beyond ASCII", to=("Jürgen <kontakt@straße.example>",)),
    Letter("a local part beyond ASCII", to=("jörg@example.com",)),
    Letter(
        "rare addresses",
        to=(
            "Ada.L@EXAMPLE.com",
            "ada+news/x=1@example.com",
            '"ada l"@example.com',
            "ada@localhost",
        ),
    ),
    Letter("two dots in a local part", to=("ada..l@example.com",)),
    Letter("blanks around an address", to=(f" {ADA} ",)),
    Letter("a line break behind an address", to=(f"{ADA}\n",)),
    Letter("a line break in a subject", subject="Order 4711 failed:\nconnection lost"),
    Letter("a line break behind a subject", subject="Your order\n"),
    Letter(
        "attachments",
        attachments=(
            ("Rechnung März.pdf", b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "application/pdf"),
            ("orders.csv", "sku;größe\n4711;42\n".encode(), "text/csv"),
        ),
    ),
    Letter(
        "headers",
        headers=(
            ("List-Unsubscribe", f"<mailto:leave@example.com>, <https://example.com/{'u' * 90}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("X-Order", "4711"),
        ),
    ),
    Letter("a header beyond ASCII", headers=(("X-Customer", "Jürgen Müller, Zürich"),)),
    Letter(
        "headers of the standard",
        headers=(
            ("Sender", f"Büro <{SHOP}>"),
            ("Return-Path", f"<{SHOP}>"),
            ("References", " ".join(f"<{number:040}@example.com>" for number in range(12))),
            ("Auto-Submitted", "auto-generated"),
        ),
    ),
    Letter("tags", tags=(("campaign", "spring-2026"),)),
    Letter("a configuration set", configuration_set=CONFIGURATION_SET),
    Letter("no address", to=("ada.example.com",)),
    Letter("an address with two dots", to=("ada@example..com",)),
    Letter("a sender that is not verified", sender=NOT_VERIFIED),
    Letter("too many recipients", to=tuple(f"ada+{number}@example.com" for number in range(51))),
)
