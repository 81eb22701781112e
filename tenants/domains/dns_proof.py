"""The proof by DNS: a TXT record that only the domain's owner can write."""

from __future__ import annotations

from dataclasses import dataclass

from tenants.errors import Unavailable

PREFIX = "_loki."
_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class DnsProof:
    """Looks up TXT records.

    Attributes:
        nameservers: Whom to ask; empty asks those of the machine.
        port: Where they listen.
    """

    nameservers: tuple[str, ...] = ()
    port: int = 53

    def holds(self, domain: str, token: str) -> bool:
        """Return whether the domain carries the token.

        Raises:
            Unavailable: No name server answers; nothing is known then.
        """
        from dns import exception, resolver  # noqa: PLC0415 - start-up time

        asking = resolver.Resolver(configure=not self.nameservers)
        if self.nameservers:
            asking.nameservers = list(self.nameservers)
        asking.port = self.port
        try:
            answer = asking.resolve(PREFIX + domain, "TXT", lifetime=_TIMEOUT_SECONDS)
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            return False
        except exception.DNSException as error:
            message = "No name server answers for the domain; try again in some minutes."
            raise Unavailable(message, "dns_unavailable") from error
        return any(b"".join(record.strings) == token.encode() for record in answer)
