from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tui.core.failure import Failure
from tui.core.message import ImageChunk
from tui.store.mentioned import LARGEST, LARGEST_TEXT, NamedFiles, expanded, paths_like, read_named

PNG = b"\x89PNG\r\n\x1a\n rest"


def refusal(path: str, folder: Path) -> str:
    with pytest.raises(Failure) as caught:
        read_named(path, folder)
    return caught.value.sentence


def test_text_comes_in_a_fence_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Käse\n", "utf-8")
    named = read_named("notes.md", tmp_path)
    assert named.text == "notes.md:\n\n```md\n# Käse\n```"
    assert (named.name, named.size, named.chunk) == ("notes.md", 8, None)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_a_mark_at_the_beginning_tells_the_coding(tmp_path: Path, coding: str) -> None:
    (tmp_path / "a.txt").write_bytes("grün".encode(coding))
    assert read_named("a.txt", tmp_path).text == "a.txt:\n\n```txt\ngrün\n```"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_an_image_is_a_chunk_whatever_its_name(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / "picture.txt").write_bytes(data)
    chunk = read_named("picture.txt", tmp_path).chunk
    assert isinstance(chunk, ImageChunk)
    assert str(chunk.image_url).startswith(f"data:{kind};base64,")


def test_a_pdf_is_a_document(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 \0\1")
    chunk = read_named("a.pdf", tmp_path).chunk
    assert chunk is not None
    assert chunk.model_dump()["document_name"] == "a.pdf"
    assert chunk.model_dump()["document_url"].startswith("data:application/pdf;base64,")


def test_what_can_not_be_attached_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"ELF\0\1\2")
    (tmp_path / "latin").write_bytes(b"gr\xfcn")
    (tmp_path / "long").write_bytes(b"x" * (LARGEST_TEXT + 1))
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(2_000_000_000)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    assert refusal("folder", tmp_path) == "folder is a folder. Name a file in it."
    assert "is binary" in refusal("binary", tmp_path)
    assert "is no UTF-8 text" in refusal("latin", tmp_path)
    assert "1.0 MB; 1 MB is the most" in refusal("long", tmp_path)
    assert "2.0 GB; 50 MB is the most" in refusal("huge", tmp_path)
    assert "can't be read" in refusal("loop", tmp_path)
    assert "is not there" in refusal("dead", tmp_path)
    assert "is no plain file" in refusal("pipe", tmp_path)
    assert "is no path" in refusal("a\0b", tmp_path)
    assert LARGEST > LARGEST_TEXT


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert "is no plain file" in refusal("s", tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0)
    assert "permission is denied" in refusal("secret", tmp_path)


def test_paths_are_completed(tmp_path: Path) -> None:
    for name in ("Alpha.txt", "alps.md", ".hidden", "bad\nname"):
        (tmp_path / name).write_text("")
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "one.png").write_text("")
    assert paths_like("al", tmp_path) == ["album/", "Alpha.txt", "alps.md"]
    assert paths_like("album/", tmp_path) == ["album/one.png"]
    assert paths_like(".", tmp_path) == [".hidden"]
    assert paths_like("", tmp_path, limit=2) == ["album/", "Alpha.txt"]
    assert paths_like("bad", tmp_path) == []
    assert paths_like("no/such", tmp_path) == []
    assert paths_like("a\0/", tmp_path) == []
    assert paths_like("~nobody-here/x", tmp_path) == []


def test_a_prompt_is_sent_with_the_files_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "LICENSE").write_text("free")
    (tmp_path / "cat.png").write_bytes(PNG)
    prompt = "Why does @a.py, under @LICENSE, ask @anna for @cat.png? See @a.py."
    full = expanded(prompt, tmp_path)
    assert full.text == (f"{prompt}\n\na.py:\n\n```py\nx = 1\n```\n\nLICENSE:\n\n```\nfree\n```")
    assert [chunk.type for chunk in full.chunks] == ["image_url"]
    assert [named.name for named in full.files] == ["a.py", "LICENSE", "cat.png"]


def test_a_prompt_that_names_a_path_in_vain_is_not_sent(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"notes\.md is not there"):
        expanded("look at @notes.md", tmp_path)
    assert expanded("hello @anna", tmp_path).files == []


def test_a_folder_is_told_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    with pytest.raises(Failure, match="notes is a folder"):
        expanded("see @notes", tmp_path)
    assert expanded("hello @anna", tmp_path).files == []


def test_files_that_are_too_big_together_are_refused(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        with (tmp_path / name).open("wb") as file:
            file.write(PNG)
            file.truncate(30_000_000)
    with pytest.raises(Failure, match=r"60\.0 MB"):
        expanded("@a.png @b.png", tmp_path)


def test_files_are_found_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    files = NamedFiles(tmp_path)
    assert files.paths_like("a") == ["a.txt"]
    assert [named.name for named in files.expanded("@a.txt").files] == ["a.txt"]


def test_what_is_named_is_told_with_its_size_or_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "small.md").write_text("x" * 12)
    (tmp_path / "folder").mkdir()
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(2_000_000_000)
    os.mkfifo(tmp_path / "pipe")
    found = NamedFiles(tmp_path).told(
        "@small.md @folder @huge.bin @pipe @./none @anna @small.md @a\0b.c"
    )
    assert found == [
        "small.md 12 B",
        "folder is a folder",
        "huge.bin 2.0 GB: too big",
        "pipe is no plain file",
        "./none is not there",
        "a\0b.c is not there",
    ]
