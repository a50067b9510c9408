"""Certificates for 127.0.0.1, made anew for each run."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.x509.oid import NameOID

Version = Literal["1.2", "1.3"]

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class Authority:
    """A certificate authority with one server certificate."""

    def __init__(self, folder: Path, name: str) -> None:
        """
        Args:
            folder: Where the files go.
            name: Of the authority; the start of its files' names.
        """
        self.trust = str(folder / f"{name}-ca.pem")
        """Path of the authority's own certificate, for ``verify=``."""
        self._chain = str(folder / f"{name}-server.pem")
        key = generate_private_key(SECP256R1())
        issuer = _named(name)
        own = _builder(issuer, issuer, key, key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        own = own.add_extension(_usage(signs_certificates=True), critical=True)
        server_key = generate_private_key(SECP256R1())
        server = _builder(issuer, _named("127.0.0.1"), key, server_key).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        server = server.add_extension(_usage(signs_certificates=False), critical=True)
        Path(self.trust).write_bytes(_pem(own.sign(key, hashes.SHA256())))
        Path(self._chain).write_bytes(
            server_key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + _pem(server.sign(key, hashes.SHA256()))
        )

    def context(
        self, version: Version | None = None, *, asks_for_certificate: bool = False
    ) -> ssl.SSLContext:
        """The server's side of TLS.

        Args:
            version: The only version of TLS; ``None`` for the newest that both sides have.
            asks_for_certificate: Whether the client must show a certificate of its own.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._chain)
        if version is not None:
            context.minimum_version = context.maximum_version = _VERSIONS[version]
        if asks_for_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.trust)
        return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    issuer: x509.Name,
    subject: x509.Name,
    issuer_key: EllipticCurvePrivateKey,
    key: EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    now = datetime.now(timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
