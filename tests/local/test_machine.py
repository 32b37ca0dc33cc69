from __future__ import annotations

import pytest

from tui.local import machine


def test_there_is_at_least_one_core():
    assert machine.cores() >= 1


@pytest.mark.parametrize(
    ("platform", "processor", "libc", "prebuilt"),
    [
        ("linux", "x86_64", "glibc", True),
        ("linux", "aarch64", "glibc", True),
        ("linux", "x86_64", "", False),  # musl
        ("linux", "armv7l", "glibc", False),
        ("darwin", "arm64", "", True),
        ("win32", "AMD64", "", True),
        ("win32", "ARM64", "", False),
        ("freebsd14", "amd64", "", False),
    ],
)
def test_where_there_is_a_prebuilt_engine(monkeypatch, platform, processor, libc, prebuilt):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("platform.machine", lambda: processor)
    monkeypatch.setattr("platform.libc_ver", lambda: (libc, ""))
    assert machine.has_prebuilt_engine() is prebuilt
    assert ("pip install" in machine.install_advice()) is prebuilt
    assert prebuilt or processor in machine.install_advice()
