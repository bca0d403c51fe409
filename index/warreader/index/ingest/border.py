"""Who leads where: from the web nobody leads a user into the user's own network."""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from warreader.index.errors import InputError

if TYPE_CHECKING:
    from urllib3 import PoolManager


_TRANSLATED = IPv6Network("64:ff9b::/96")
"""Addresses of the newer kind that stand for those of the older (RFC 6052), which are their last 32 bits."""


class Border:
    """Lets the user into any network, but nobody lead from the web into the user's own."""

    def __init__(self) -> None:
        self._outside: bool | None = None

    def pass_through(self, host: str, addresses: Collection[str]) -> None:
        """The first to pass is where the user wanted to go; who then leads on comes no farther than that was.

        Args:
            host: by the name that was asked for.
            addresses: its numeric ones, of which one is connected to.

        Raises:
            InputError: it leads from the web into the user's own network.
        """
        inside = any(map(is_inside, addresses))
        if self._outside is None:
            self._outside = not inside
        elif self._outside and inside:
            raise InputError(
                f"it leads to {host}, which is in your own network; name that address yourself if you mean it"
            )

    def pool(self) -> PoolManager:
        """Connections that pass once they know with whom they speak, before they say a word."""
        from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
        from urllib3.connection import HTTPConnection, HTTPSConnection

        def passed(connection: HTTPConnection, made: socket.socket) -> socket.socket:
            try:
                self.pass_through(connection.host, [str(made.getpeername()[0])])
            except BaseException:
                made.close()
                raise
            return made

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return passed(self, super()._new_conn())

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return passed(self, super()._new_conn())

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        pool = PoolManager()
        pool.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
        return pool


def addresses(host: str) -> set[str]:
    """The numeric addresses of a host, none where it has none."""
    try:
        return {str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return set()


def is_inside(address: str) -> bool:
    """Whether a numeric address is not one of the public internet."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        # An address of the older kind in one of the newer is where it leads.
        within = IPv4Address(int(found) & 0xFFFF_FFFF) if found in _TRANSLATED else None
        found = within or found.ipv4_mapped or found.sixtofour or found
    return not found.is_global
