import json
from pathlib import Path

from tests.fakes.server import HANG, Answer, chunk, document, sse
from tui.store.places import Places
from tui.store.state.journal import FileJournal

SAMPLES = Path(__file__).parent.parent / "wire" / "samples"


def sample(name: str) -> Answer:
    return document(json.loads((SAMPLES / name).read_text("utf-8")))


def test_models_are_listed_with_what_is_known_of_them(bise, server):
    server.on("GET", "/v1/models", sample("35-models-mistral.json"))
    out, err = bise("models")
    assert err == ""
    shown = json.loads(bise("models", "--json")[0])
    assert shown["age_s"] == 0
    for card in shown["models"]:
        (line,) = [line for line in out.splitlines() if line.startswith(f"{card['id']} ")]
        assert all(alias in line for alias in card["aliases"])
        assert str(card["context"]) in line


def test_settings_come_before_the_table_of_models(bise, server, tmp_path):
    server.on("GET", "/v1/models", document({"data": [{"id": "codestral-2508"}, {"id": "own"}]}))
    (line, other) = bise("models")[0].splitlines()
    assert "131072" in line
    assert "$0.3 / $0.9" in line
    assert other == "own"
    settings = tmp_path / "config" / "bise"
    settings.mkdir(parents=True, exist_ok=True)
    own = '[models."codestral-2508"]\ncontext = 777\ninput = 1.0\noutput = 2\n'
    (settings / "settings.toml").write_text(own)
    assert "777" in bise("models")[0]
    assert "$1 / $2" in bise("models")[0]


def test_a_list_is_kept_for_when_the_server_is_gone(bise, server):
    server.on("GET", "/v1/models", document({"data": [{"id": "here"}]}))
    bise("models", "--cached", status=1)
    bise("models")
    out, err = bise("models", "--cached")
    assert out == "here\n"
    assert "old" in err
    server.close()
    out, err = bise("models")
    assert out == "here\n"
    assert "refused" in err


def test_a_server_that_refuses_is_told(bise, server):
    server.on("GET", "/v1/models", document({"detail": "Unauthorized"}, 401))
    out, err = bise("models", status=1)
    assert out == ""
    assert "Unauthorized" in err


def test_a_gap_is_filled(bise, server):
    server.on("POST", "/v1/fim/completions", sse("mid", "dle"))
    out, _ = bise("fim", "--suffix", "end", "--max-tokens", "9", "--param", "min_tokens=2", "begin")
    assert out == "middle"
    body = server.requests[0].json
    assert body["model"] == "codestral-latest"
    assert (body["prompt"], body["suffix"], body["min_tokens"]) == ("begin", "end", 2)


def test_a_filled_gap_as_json(bise, server):
    server.on("POST", "/v1/fim/completions", sample("37-response-fim.json"))
    out, _ = bise("fim", "--json", "--no-stream", "begin")
    assert json.loads(out)["choices"][0]["text"] == "    return a + b\n"


def test_a_text_is_moderated(bise, server):
    server.on("POST", "/v1/moderations", sample("38-moderation.json"))
    assert bise("moderate", "bad words")[0] == "dangerous 0.97\n"
    (result,) = json.loads(bise("moderate", "--json", "bad words")[0])["results"]
    assert result["flagged"] == ["dangerous"]


def test_a_chat_is_moderated(bise, server, tmp_path):
    bise("ask", "--save", "--model", "m", "hello")
    (chat,) = tmp_path.rglob("sessions/*.toml")
    server.on("POST", "/v1/chat/moderations", sample("38-moderation.json"))
    assert bise("moderate", "--session", chat.stem)[0] == "dangerous 0.97\n"
    said = server.requests[-1].json["input"]
    assert [message["role"] for message in said] == ["user", "assistant"]


def test_servers_without_moderation_are_wrong_use(bise):
    assert "does not moderate" in bise("moderate", "x", kind="ollama", status=2)[1]


def test_thinking_goes_to_standard_error(bise, server):
    thought = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]
    server.reply_with(
        Answer(
            200,
            {"content-type": "text/event-stream"},
            [chunk({"content": thought}), chunk({"content": "yes"}, "stop")],
        )
    )
    assert bise("ask", "--thinking", "--model", "m", "hello") == ("yes\n", "hm\n")


def test_several_replies_are_printed_one_after_the_other(bise, server):
    choices = [
        {"index": index, "message": {"content": text}, "finish_reason": "stop"}
        for index, text in enumerate(["one", "two"])
    ]
    server.reply_with(document({"choices": choices}))
    assert bise("ask", "--n", "2", "--no-stream", "--model", "m", "hello")[0] == "one\n\ntwo\n"


def test_silence_is_waited_for_as_long_as_it_is_said(bise, server):
    server.reply_with(Answer(steps=[HANG], raw=True))
    _, err = bise("ask", "--timeout", "0.2", "--retries", "0", "--model", "m", "hello", status=1)
    assert "said nothing for 0.2 s" in err


def test_a_wait_that_is_too_long_is_no_wait(bise, server):
    server.reply_with(document({"message": "slow down"}, 429, {"retry-after": "50"}))
    _, err = bise("ask", "--longest-wait", "10", "--model", "m", "hello", status=1)
    assert "slow down" in err
    assert len(server.requests) == 1


def test_nothing_is_put_into_a_chat_that_is_being_answered_elsewhere(bise, tmp_path):
    bise("ask", "--save", "hello")
    [chat] = tmp_path.rglob("sessions/*.toml")
    before = chat.read_bytes()
    roots = [tmp_path / name / "bise" for name in ("config", "data", "state", "cache")]
    other = FileJournal(Places(*roots)).begin(chat.stem, "reply")
    other.write([{"journal": 1, "session": chat.stem, "message": "reply"}])
    _, told = bise("ask", "--save", "--session", "hello", "more", status=1)
    other.discard()
    assert "A reply to this chat is coming in another window" in told
    assert chat.read_bytes() == before


def test_a_chat_that_cannot_be_saved_is_told_once_and_ends_with_one(bise, tmp_path):
    folder = tmp_path / "data" / "bise"
    folder.mkdir(parents=True)
    (folder / "sessions").write_text("in the way")
    said, told = bise("ask", "--save", "hello", status=1)
    assert said == "You said: hello\n"
    assert told.startswith("bise: not saved: ")
    assert len(told.splitlines()) == 1


def test_tools_that_the_model_asks_for_are_told(bise, server):
    call = {"id": "a", "type": "function", "function": {"name": "look_up", "arguments": '{"q": 1}'}}
    server.reply_with(sse(chunk({"tool_calls": [call]}), finish="tool_calls"))
    said, told = bise("ask", "hello")
    assert said == ""
    assert told == 'bise: the model asks for the tool look_up with {"q": 1}; it was not run\n'


def test_a_chat_of_a_newer_version_is_not_added_to(bise, tmp_path):
    bise("ask", "--save", "hello")
    [chat] = tmp_path.rglob("sessions/*.toml")
    chat.write_text(chat.read_text("utf-8").replace("schema = 1", "schema = 9"), "utf-8")
    before = chat.read_bytes()
    _, told = bise("ask", "--save", "--session", "hello", "more", status=2)
    assert told.startswith("bise: A newer version of bise wrote this chat")
    assert chat.read_bytes() == before
