"""The bytes of a body as they come, unpacked piece by piece if the server packed them against our wish."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

_LARGEST_PIECE: Final = 1 << 16
"""Bytes that are unpacked at once: whoever reads them says when it is enough."""
_KNOWN: Final = {"gzip", "x-gzip", "deflate"}
_EITHER: Final = zlib.MAX_WBITS | 32
"""Has zlib tell from the first bytes which of these it is."""


def bytes_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body's bytes. Raises `httpx.DecodingError` while they are read if they can't be unpacked."""
    named = response.headers.get_list("content-encoding", split_commas=True)
    packings = [name for one in named if (name := one.strip().lower()) not in {"", "identity"}]
    if packings:
        return _unpacked(response, packings)
    if isinstance(response.stream, httpx.AsyncByteStream):
        return aiter(response.stream)  # spares every piece two layers that change nothing
    return response.aiter_raw()


async def _unpacked(response: httpx.Response, packings: list[str]) -> AsyncGenerator[bytes]:
    if len(packings) > 1 or packings[0] not in _KNOWN:
        raise httpx.DecodingError(f"packed by {', '.join(packings)}")
    unpacker = zlib.decompressobj(_EITHER)
    async for data in response.aiter_raw():
        packed = data
        try:
            while piece := unpacker.decompress(packed, _LARGEST_PIECE):
                yield piece
                packed = unpacker.unconsumed_tail
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from error
