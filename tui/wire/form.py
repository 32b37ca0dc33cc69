"""Multipart forms, for uploads."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Form:
    """Fields, and files by field, each with its name and its bytes."""

    fields: Mapping[str, str]
    files: Mapping[str, tuple[str, bytes]]

    def encoded(self) -> tuple[bytes, str]:
        """The body and its content type."""
        boundary = secrets.token_hex(16)
        pieces: list[bytes] = []
        for name, value in self.fields.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            pieces += [head.encode(), value.encode(), b"\r\n"]
        for name, (file_name, data) in self.files.items():
            safe = quote(file_name, safe=" ()[]{}+,;=@!~'#&$")  # no quotes and line breaks
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{safe}"'
                "\r\nContent-Type: application/octet-stream\r\n\r\n"
            )
            pieces += [head.encode(), data, b"\r\n"]
        pieces.append(f"--{boundary}--\r\n".encode())
        return b"".join(pieces), f"multipart/form-data; boundary={boundary}"
