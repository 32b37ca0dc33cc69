"""A configured server: what it speaks, where it is, and where its key comes from."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tui.core.failure import Failure, FailureKind
from tui.core.hosts import with_scheme
from tui.core.words import Kind

DEFAULT_BASE = {
    Kind.MISTRAL: "https://api.mistral.ai/v1",
    Kind.OPENAI: "https://api.openai.com/v1",
    Kind.LLAMACPP: "http://localhost:8080/v1",
    Kind.OLLAMA: "http://localhost:11434/v1",
    Kind.VLLM: "http://localhost:8000/v1",
}
"""Where each kind of server listens unless told otherwise."""

_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")
LOCAL = "local"
"""The name of the provider that is the embedded model."""


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):  # perhaps the key itself: it is not shown
        raise ValueError("this is no name of a variable; a key belongs into keys.toml")
    return name


VariableName = Annotated[str, AfterValidator(_variable)]
"""The name of an environment variable."""


Address = Annotated[str, AfterValidator(with_scheme)]
"""Where a server is; once read it tells how it is reached."""


class Provider(BaseModel):
    """One server. Its key is looked up when it is needed and never stored in here."""

    model_config = ConfigDict(extra="allow")

    name: str
    kind: Kind = Kind.OPENAI
    base_url: Address | None = None
    """Begins with or without `https://`, ends with or without `/v1`; None means the kind's own default."""
    model: str | None = None
    """The model that new chats with it use."""
    api_key_env: VariableName | None = None
    """The environment variable that holds the key."""
    api_key_cmd: str | None = None
    """A command that prints the key."""
    allow_http: bool = False
    """Whether plain http to a host that is not loopback is wanted."""
    ca_file: str | None = None
    """A PEM file of certificate authorities to trust besides the usual ones."""
    client_cert: str | None = None
    """A PEM file with the certificate by which this client proves who it is."""
    client_key: str | None = None
    """A PEM file with the certificate's key; None means it stands in the same file."""
    proxy: str | None = None
    headers: dict[str, str] = {}
    connect_timeout_s: float = Field(10, gt=0)
    idle_timeout_s: float = Field(300, gt=0)
    """The longest silence that is waited for, before the first byte and between two."""

    for_this_run: bool = False
    """Whether it stands on the command line (`--base-url`) and in no settings."""

    def setting(self, name: str) -> str:
        """What one of its settings is called in an advice."""
        if self.for_this_run:
            return f"--{name.replace('_', '-')}"
        return f"{name} of the provider {self.name}"

    @property
    def is_local(self) -> bool:
        """Whether this is the embedded model."""
        return self.name == LOCAL

    def __str__(self) -> str:
        return self.name


def not_configured(name: str | None) -> Failure:
    """The failure to raise where a chat's server is in no settings (any more)."""
    return Failure(
        FailureKind.CONFIG,
        f"No server named {name!r:.100} is configured" if name else "This chat has no server",
        advice="Add it to the settings under [providers], or choose another server for this chat.",
    )
