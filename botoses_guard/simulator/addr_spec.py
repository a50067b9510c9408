"""One address without its name as SES judges it: JavaMail's checks of local part and domain."""

from __future__ import annotations

import re

_SPECIALS = frozenset("()<>,;:[]")
"""RFC 822 ``specials`` that end a local part nowhere and stand in it only quoted."""

_QUOTE = re.compile(r'\\.|"', re.DOTALL)
"""A quote, or an escaped character, which is none."""

_PLAIN_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_DOMAIN_CHARACTER = re.compile(r"[A-Za-z0-9.-]")


class WrongAddress(Exception):
    """SES refuses the address; the message is SES's."""


def checked(address: str) -> str:
    """``address`` without its route.

    Raises:
        WrongAddress: SES refuses it.
    """
    check(address, has_route=True, is_complete=True)
    return address[_end_of_route(address) :]


def _end_of_route(address: str) -> int:
    """Where the address begins behind a route (``@a,@b:``), which RFC 5322 calls obsolete.

    Raises:
        WrongAddress: what stands before a comma or colon is no host of a route.
    """
    start = 0
    if not address.startswith("@"):
        return start
    for separator in re.finditer("[,:]", address):
        if address[start] != "@":
            raise WrongAddress("Illegal route-addr")
        start = separator.end()
        if separator[0] == ":":
            break
    return start


def check(address: str, *, has_route: bool, is_complete: bool) -> None:
    """Refuse what JavaMail refuses.

    Args:
        address: without a name.
        has_route: whether a route may stand before it (``<@a,@b:c@d>``).
        is_complete: whether a domain must be there; JavaMail also reads lists of local names.

    Raises:
        WrongAddress: SES refuses it.
    """
    spec = address[_end_of_route(address) :] if has_route else address
    at = _check_local_part(spec)
    if at >= 0:
        _check_domain(spec[at + 1 :])
    if is_complete:
        _check_quotes(spec if at < 0 else spec[:at], address)
        if at < 0:
            raise WrongAddress("Missing final '@domain'")


def _check_local_part(spec: str) -> int:
    """Where the ``@`` is that ends the local part; -1 without one."""
    quoted, position = False, 0
    while position < len(spec):
        character = spec[position]
        if character == "\\":
            position += 1
        elif character == '"':
            quoted = not quoted
        elif quoted:
            pass
        elif character == "@":
            if position == 0:
                raise WrongAddress("Missing local name")
            return position
        elif _is_control_or_blank(character):
            raise WrongAddress("Local address contains control or whitespace")
        elif character in _SPECIALS:
            raise WrongAddress("Local address contains illegal character")
        position += 1
    if quoted:
        raise WrongAddress("Unterminated quote")
    return -1


def _check_quotes(local: str, address: str) -> None:
    """A quoted local part is quoted from its first character to its last."""
    quotes = [found.start() for found in _QUOTE.finditer(local) if found[0] == '"']
    if quotes and quotes[0] > 0:
        raise WrongAddress("Quote not at start of local address")
    if quotes and quotes[1] < len(local) - 1:
        raise WrongAddress("Quote not at end of local address")
    if "\r" in local or "\n" in local:
        # Not JavaMail's words: SES looks before it asks JavaMail.
        raise WrongAddress(f"Invalid email address {address}.")
    if not local.isascii():
        raise WrongAddress("Local address contains control or whitespace")


def _check_domain(domain: str) -> None:
    if _PLAIN_DOMAIN.fullmatch(domain):
        return
    if not domain:
        raise WrongAddress("Missing domain")
    if domain.startswith("."):
        raise WrongAddress("Domain starts with dot")
    in_literal, before, last = False, "", len(domain) - 1
    for position, character in enumerate(domain):
        if character == "[":
            if position:
                raise WrongAddress("Domain literal not at start of domain")
            in_literal = True
        elif character == "]":
            if position != last:
                raise WrongAddress("Domain literal end not at end of domain")
            in_literal = False
        else:
            _check_domain_character(character, before, in_literal)
        before = character
    if before == ".":
        raise WrongAddress("Domain ends with dot")


def _check_domain_character(character: str, before: str, in_literal: bool) -> None:
    if _is_control_or_blank(character):
        raise WrongAddress("Domain contains control or whitespace")
    if in_literal:
        return
    if not _DOMAIN_CHARACTER.match(character):
        raise WrongAddress("Domain contains illegal character")
    if before == character == ".":
        raise WrongAddress("Domain contains dot-dot")


def _is_control_or_blank(character: str) -> bool:
    """JavaMail took every character beyond ASCII for one, too."""
    return character <= " " or character >= "\x7f"
