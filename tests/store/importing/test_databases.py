from __future__ import annotations

import base64
import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.store.importing.conftest import founds, said
from tui.core.failure import Failure
from tui.store.importing.formats import Format
from tui.store.importing.reading import read

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 40).decode()
LLM = Path(__file__).with_name("llm-0.36.sql").read_text("utf-8")
OLD_LLM = """
CREATE TABLE conversations (id TEXT PRIMARY KEY, name TEXT, model TEXT);
CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT, prompt_json TEXT,
  options_json TEXT, response TEXT, response_json TEXT, conversation_id TEXT, duration_ms INTEGER,
  datetime_utc TEXT, input_tokens INTEGER, output_tokens INTEGER);
CREATE TABLE fragments (id INTEGER PRIMARY KEY, hash TEXT, content TEXT, source TEXT);
CREATE TABLE prompt_fragments (response_id TEXT, fragment_id INTEGER, "order" INTEGER);
CREATE TABLE attachments (id TEXT PRIMARY KEY, type TEXT, path TEXT, url TEXT, content BLOB);
CREATE TABLE prompt_attachments (response_id TEXT, attachment_id TEXT, "order" INTEGER);
CREATE TABLE tool_calls (id INTEGER PRIMARY KEY, response_id TEXT, name TEXT, arguments TEXT, tool_call_id TEXT);
CREATE TABLE tool_results (id INTEGER PRIMARY KEY, response_id TEXT, name TEXT, output TEXT, tool_call_id TEXT);
INSERT INTO conversations VALUES ('k1', 'Cheese', 'm');
INSERT INTO responses VALUES ('r1', 'm', 'Which?', 'Be brief.', NULL, '{"temperature": 0.5, "odd": 1}', 'Brie.', NULL, 'k1', 1500, '2025-01-02T03:04:05.678', 3, 4);
INSERT INTO responses VALUES ('r2', 'm', 'Why?', 'Be brief.', NULL, '{"temperature": 0.5, "odd": 1}', '', NULL, 'k1', 0, '2025-01-02T03:05:05', NULL, NULL);
INSERT INTO responses VALUES ('r3', 'm', '', NULL, NULL, NULL, 'So.', NULL, 'k1', 0, '2025-01-02T03:06:05', NULL, NULL);
INSERT INTO responses VALUES ('r4', 'm', 'Alone', NULL, NULL, NULL, 'Yes.', NULL, NULL, 0, 'never', NULL, NULL);
INSERT INTO fragments VALUES (1, 'h', 'A fragment.', NULL);
INSERT INTO prompt_fragments VALUES ('r2', 1, 0);
INSERT INTO attachments VALUES ('a1', 'image/png', '/gone.png', NULL, NULL), ('a2', 'image/png', NULL, 'https://x.example/a.png', NULL);
INSERT INTO prompt_attachments VALUES ('r4', 'a1', 0), ('r4', 'a2', 1);
INSERT INTO tool_calls VALUES (1, 'r2', 'look', '{"a": 1}', 't1');
INSERT INTO tool_results VALUES (1, 'r3', 'look', 'seen', 't1');
"""
ELIA = """
CREATE TABLE chat (id INTEGER PRIMARY KEY, model TEXT, title TEXT, started_at DATETIME, archived BOOLEAN);
CREATE TABLE message (id INTEGER PRIMARY KEY, chat_id INTEGER, role TEXT, content TEXT, timestamp DATETIME,
  meta JSON, parent_id INTEGER, model TEXT);
INSERT INTO chat VALUES (1, 'gpt-4o', 'Cheese', '2024-05-06 07:08:09.123456', 1), (2, 'm', NULL, NULL, 0);
INSERT INTO message VALUES (1, 1, 'system', 'Be brief.', '2024-05-06 07:08:10', '{}', NULL, NULL),
  (2, 1, 'user', 'Which?', '2024-05-06 07:08:11', '{}', NULL, NULL), (3, 2, 'human', 'Hello', NULL, '{}', NULL, NULL),
  (4, 1, 'assistant', 'Brie.', '2024-05-06 07:08:12', '{}', NULL, 'gpt-4o'), (5, 2, 'ai', 'Hi', NULL, '{}', NULL, NULL);
"""
OTERM = f"""
CREATE TABLE chat (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, model TEXT NOT NULL, system TEXT,
  provider TEXT DEFAULT "ollama", parameters TEXT DEFAULT "{{}}", tools TEXT DEFAULT "[]", thinking BOOLEAN DEFAULT 0);
CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, author TEXT NOT NULL,
  text TEXT NOT NULL, images TEXT DEFAULT "[]");
INSERT INTO chat VALUES (7, 'Cheese', 'qwen3', 'Be brief.', 'ollama', '{{"temperature": 0.5, "seed": 1, "num_ctx": 4096}}', '["think"]', 1);
INSERT INTO message VALUES (1, 7, 'user', 'Which?', '["{PNG}", "nonsense"]'), (2, 7, 'assistant', 'Brie.', '[]');
"""
OLD_OTERM = """
CREATE TABLE chat (id INTEGER PRIMARY KEY, name TEXT, model TEXT NOT NULL, context TEXT NOT NULL, system TEXT, format TEXT);
CREATE TABLE message (chat_id INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL);
INSERT INTO chat VALUES (1, 'Old', 'llama2', '[]', NULL, NULL);
INSERT INTO message VALUES (1, 'me', 'Hello'), (1, 'ollama', 'Hi');
"""


def test_what_llm_writes_now_is_read(database):
    first, alone, tools = founds(database(LLM, "logs.db"))
    assert (first.source, first.session.title, first.notes) == ("llm", "Hello there", [])
    assert said(first) == [
        ("system", "Be brief."),
        ("user", "Hello\nthere"),
        ("assistant", "reply 1 to Hello\nthere"),
        ("user", "A fragment.\nLook"),
        ("assistant", "reply 2 to A fragment.\nLook"),
    ]
    assert [
        chunk.type for chunk in first.session.messages[3].content if not isinstance(chunk, str)
    ] == ["text", "image_url"]
    completion = first.session.messages[2].completion
    assert completion is not None
    assert (completion.model, completion.prompt_tokens, completion.completion_tokens) == (
        "mock-1",
        5,
        7,
    )
    assert said(alone) == [("user", "Alone"), ("assistant", "reply 3 to Alone")]
    assert said(tools) == [
        ("user", "use tool"),
        ("assistant", ""),
        ("tool", "A"),
        ("assistant", "reply 5 to "),
    ]
    call, result = tools.session.messages[1], tools.session.messages[2]
    assert [(c.id, c.name, c.arguments) for c in call.tool_calls] == [("c1", "up", '{"text": "a"}')]
    assert (result.tool_call_id, result.name) == ("c1", "up")


def test_a_fork_of_llm_s_is_a_session_of_its_own(database):
    fork = """
    INSERT INTO threads SELECT 'fork', 'Fork', tip_message_hash, id, datetime_utc FROM threads WHERE name = 'Hello there';
    """
    forked = founds(database(LLM + fork))[-1]
    assert forked.id == "fork"
    assert len(said(forked)) == 5


def test_what_llm_wrote_before_is_read(database):
    alone, talk = founds(database(OLD_LLM))
    assert said(talk) == [
        ("system", "Be brief."),
        ("user", "Which?"),
        ("assistant", "Brie."),
        ("user", "A fragment.\nWhy?"),
        ("assistant", ""),
        ("tool", "seen"),
        ("assistant", "So."),
    ]
    assert talk.session.title == "Cheese"
    assert talk.session.messages[4].tool_calls[0].name == "look"
    assert talk.session.created.isoformat() == "2025-01-02T03:04:05+00:00"
    assert said(alone) == [("user", "Alone"), ("assistant", "Yes.")]
    assert alone.notes == [
        "/gone.png was left out: it is not in the database, or of no use to a model"
    ]


def test_elia_s_chats_are_read(database):
    cheese, hello = founds(database(ELIA, "elia.sqlite"))
    assert (cheese.source, cheese.session.title, cheese.is_archived) == ("elia", "Cheese", True)
    assert said(cheese) == [("system", "Be brief."), ("user", "Which?"), ("assistant", "Brie.")]
    assert cheese.session.created.isoformat() == "2024-05-06T07:08:09+00:00"
    assert cheese.session.parameters.model == "gpt-4o"
    assert said(hello) == [("user", "Hello"), ("assistant", "Hi")]


def test_oterm_s_chats_are_read(database):
    [found] = founds(database(OTERM, "store.db"))
    assert said(found) == [("user", "Which?"), ("assistant", "Brie.")]
    assert [
        chunk.type for chunk in found.session.messages[0].content if not isinstance(chunk, str)
    ] == ["text", "image_url"]
    assert found.session.parameters.kept() == {
        "model": "qwen3", "system_prompt": "Be brief.", "temperature": 0.5, "random_seed": 1,
    }  # fmt: skip
    assert found.notes == [
        "Ollama's parameter num_ctx was left out",
        "an image that can't be read was left out",
        "its choice of tools was left out",
    ]


def test_oterm_s_old_chats_are_read(database):
    [found] = founds(database(OLD_OTERM))
    assert said(found) == [("user", "Hello"), ("assistant", "Hi")]


@pytest.mark.parametrize(
    "sql", [LLM, OLD_LLM, ELIA, OTERM], ids=["llm", "older llm", "elia", "oterm"]
)
def test_any_value_of_a_wrong_type_is_no_crash(database, sql):
    for table, column in columns(database(sql, "first.db")):
        for number, value in enumerate([b"\xff\0", 2.5, 10**18, None]):
            path = database(sql, f"{table}-{column}-{number}.db")
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA synchronous = OFF")
            with contextlib.suppress(sqlite3.IntegrityError):
                connection.execute(f'UPDATE "{table}" SET "{column}" = ?', [value])
            connection.commit()
            connection.close()
            with contextlib.suppress(Failure):
                list(read(path))
            path.unlink()


def columns(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    tables = [row[0] for row in connection.execute(query)]
    found = [
        (table, row[1])
        for table in tables
        for row in connection.execute(f'PRAGMA table_info("{table}")')
    ]
    connection.close()
    return found


def test_the_database_is_not_changed(database):
    path = database(OTERM)
    before = path.read_bytes()
    founds(path)
    assert path.read_bytes() == before
    assert sorted(
        other.name for other in path.parent.iterdir() if other.name.startswith(path.name)
    ) == [path.name]


def test_a_damaged_database_is_told(database):
    path = database(LLM)
    data = bytearray(path.read_bytes())
    data[5000:] = b"\xa5" * (len(data) - 5000)
    path.write_bytes(data)
    with pytest.raises(Failure, match="can't be read"):
        list(read(path))


def test_views_are_not_looked_at(database):
    endless = """
    CREATE TABLE chat (id, started_at);
    CREATE VIEW message AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
      SELECT x AS id, 1 AS chat_id, 'user' AS role, 'x' AS content, 1 AS author FROM n WHERE x < 0;
    """
    with pytest.raises(Failure, match="no conversations in a form that is known"):
        list(read(database(endless)))


def test_another_database_is_told(database):
    path = database("CREATE TABLE x (y);")
    with pytest.raises(Failure, match="no conversations"):
        list(read(path))
    with pytest.raises(Failure, match="is not elia's database"):
        list(read(path, Format.ELIA))
