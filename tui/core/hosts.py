"""Hosts: which are this computer, and how one is reached whose address does not say so."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether that host is this computer, so that nothing leaves it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def with_scheme(address: str) -> str:
    """The address as it was typed, with the scheme that it most likely lacks: plain http within this computer, https elsewhere."""
    address = address.strip()
    if not address or "://" in address:
        return address
    try:
        host = urlsplit(f"//{address}").hostname or ""
    except ValueError:  # half an address: whoever uses it says so
        host = ""
    return f"{'http' if is_loopback(host) else 'https'}://{address}"
