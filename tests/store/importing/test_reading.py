from __future__ import annotations

import os
import re
import struct
import zipfile

import pytest

from tests.store.importing.conftest import founds, troubles
from tui.core.failure import Failure
from tui.store.importing import shelf
from tui.store.importing.formats import Format
from tui.store.importing.reading import read

MESSAGES = [{"role": "user", "content": "Hi"}]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.json", "", "is empty"),
        ("spaces.json", " \n ", "is empty"),
        (
            "text.md",
            "# Hello",
            "no conversations in a form that is known.* Known are: an export of bise",
        ),
        ("table.json", {"x": 1}, "no conversations"),
        ("numbers.json", [1, 2], "no conversations"),
        ("user.json", [{"id": "x"}], "no conversations"),
        ("bad.json", "[{", "can't be read at character 3"),
        ("bad.zip", b"PK\x03\x04 and no more", "no zip archive that can be read"),
        ("nul.bin", b"\0" * 100, "no conversations"),
        ("bad.db", b"SQLite format 3\0" + b"\xff" * 5000, "can't be read"),
        ("other.toml", "[x]\ny = 1\n", "no conversations"),
    ],
)
def test_what_can_t_be_read_is_told_in_a_sentence(write, name, content, words):
    with pytest.raises(Failure) as caught:
        list(read(write(name, content)))
    assert re.search(words, caught.value.sentence)


def test_a_format_that_is_named_is_used(write):
    path = write("a.json", MESSAGES)
    assert founds(path, Format.API)[0].source == "api"
    assert troubles(path, Format.CHATGPT) == [
        f"{path}, conversation 1: it has no `mapping` of messages"
    ]
    with pytest.raises(Failure, match="is not oterm's database"):
        list(read(path, Format.OTERM))


def test_a_path_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Failure, match="not there"):
        list(read(tmp_path / "nothing"))
    with pytest.raises(Failure, match="nothing that conversations could be in"):
        list(read(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(tmp_path, write):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(Failure, match="neither a plain file nor a folder"):
        list(read(tmp_path / "pipe.json"))
    path = write("a.json", MESSAGES)
    os.mkfifo(path.parent / "pipe.json")
    assert len(founds(path.parent)) == 1


def test_links_do_not_lead_out_of_a_folder(tmp_path, write):
    secret = write("secret.json", MESSAGES)
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "link.json").symlink_to(secret)
    (folder / "all").symlink_to(secret.parent)
    (folder / "round").symlink_to(folder)
    with pytest.raises(Failure, match="nothing that conversations could be in"):
        list(read(folder))


def test_a_bomb_is_refused_before_it_goes_off(zipped):
    path = zipped({"conversations.json": b"[" + b" " * (64 << 20) + b"]"})
    assert path.stat().st_size < 100_000
    with pytest.raises(Failure, match="would become 64 MB of 6"):
        list(read(path))


def test_a_bomb_that_lies_about_its_size_does_not_go_off(tmp_path, zipped):
    path = zipped({"conversations.json": b"[" + b" " * (32 << 20) + b"]"})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    path.write_bytes(data)
    with pytest.raises(Failure):
        list(read(path))


def test_too_many_files_are_refused(zipped, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_FILES", 10)
    with pytest.raises(Failure, match="more than 10 files"):
        list(read(zipped({f"{n}.json": "[]" for n in range(20)})))


def test_names_in_an_archive_lead_nowhere(tmp_path, zipped):
    path = zipped({"../../evil.json": MESSAGES, "/abs.json": MESSAGES, "c:\\x.json": MESSAGES})
    assert len(founds(path)) == 3
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["export.zip"]


def test_a_damaged_archive_is_told(zipped):
    path = zipped({"a.json": [{"role": "user", "content": os.urandom(5000).hex()}]})
    data = bytearray(path.read_bytes())
    data[200:1200] = b"\xff" * 1000
    path.write_bytes(data)
    with pytest.raises(Failure, match="can't be read"):
        list(read(path))


def test_an_archive_with_a_password_is_told(tmp_path, zipped):
    path = zipped({"a.json": MESSAGES})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(Failure, match=r"can't be read.*(encrypted|password)"):
        list(read(path))


def test_a_database_in_an_archive_is_told(zipped):
    path = zipped({"logs.db": b"SQLite format 3\0" + b"\0" * 200})
    with pytest.raises(Failure, match="is a database: unpack it first"):
        list(read(path))


def test_an_archive_in_an_archive_is_not_opened(zipped, tmp_path):
    inner = zipped({"a.json": MESSAGES}).read_bytes()
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", inner)
    with pytest.raises(Failure, match="nothing that conversations could be in"):
        list(read(tmp_path / "outer.zip"))
