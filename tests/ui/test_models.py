from __future__ import annotations

import time

import pytest
from textual.widgets import Static

from tests.fakes.catalogue import FakeCatalogue
from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.models import ModelCard, ModelList
from tui.ui.features.models import Models
from tui.ui.features.models_rows import context_words
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.rowlist import RowList

MEDIUM = ModelCard(
    "mistral-medium-3-5",
    aliases=("mistral-medium-latest",),
    context=262_144,
    description="Strong at most things.",
    capabilities=frozenset({"completion_chat", "function_calling", "vision"}),
    deprecation="2027-03-01T00:00:00Z",
    replacement="mistral-medium-4",
    input_price=1.5,
    output_price=7.5,
)
SMALL = ModelCard("mistral-small-2603", aliases=("mistral-small-latest",), context=131_072)
OTHER = ModelCard("qwen-max")


@pytest.fixture
def catalogue() -> FakeCatalogue:
    found = FakeCatalogue()
    now = time.time()
    found.lists["mistral"] = ModelList((MEDIUM, SMALL), now - 7200)
    found.lists["local"] = ModelList((ModelCard("tiny", input_price=0.0, output_price=0.0),))
    found.answers["fake"] = ModelList((ModelCard("fake-model"), OTHER), now)
    return found


@pytest.fixture
async def session(make: Maker, catalogue: FakeCatalogue) -> Session:
    desk = FakeDesk()
    desk.bench.catalogue = catalogue
    return await make(desk)


def rows(session: Session) -> str:
    found = session.app.screen.query_one(RowList)
    return "\n".join(found.render_line(y).text.rstrip() for y in range(found.size.height))


def preview(session: Session) -> str:
    return str(session.app.screen.query_one("#picker-preview", Static).content)


async def opened(session: Session) -> None:
    await session.press("f4")
    await session.until(lambda: isinstance(session.app.screen, Picker))
    await session.pilot.pause()


def chosen(session: Session) -> tuple[str | None, str | None]:
    assert session.stage.session is not None
    return session.stage.session.provider, session.stage.session.parameters.model


async def test_all_providers_models_are_listed_with_the_age_of_the_list(session: Session) -> None:
    await opened(session)
    await session.until(lambda: "qwen-max" in rows(session))
    text = rows(session)
    assert "mistral · list of 2 hours ago" in text
    assert "tools vision, $1.5/$7.5, 256k" in text
    assert "until 2027-03, " in text
    assert "tiny" in text
    assert "free" in text
    assert text.index("fake-model") < text.index("mistral-small-2603")  # the chat's own first


async def test_the_model_under_the_cursor_is_told_of(session: Session) -> None:
    await opened(session)
    await session.press(*"medium-3")
    assert "262,144 tokens" in preview(session)
    assert "also called mistral-medium-latest" in preview(session)
    assert "goes away on 2027-03-01T00:00:00Z; use mistral-medium-4 instead" in preview(session)


async def test_a_choice_holds_for_the_next_request(session: Session) -> None:
    session.burst("f4", *"small-26", "enter", *"hello", "enter")
    await session.until(lambda: session.desk.backend.requests)
    assert chosen(session) == ("mistral", "mistral-small-2603")
    assert session.desk.backend.requests[0].parameters.model == "mistral-small-2603"
    assert session.desk.backend.requests[0].messages[-1].text == "hello"


async def test_an_alias_can_be_chosen_too(session: Session) -> None:
    await opened(session)
    await session.press(*"small-latest", "enter")
    assert chosen(session) == ("mistral", "mistral-small-latest")


@pytest.mark.parametrize("keys", [("f2",), ("f2", "ctrl+w")], ids=str)
async def test_the_pane_takes_another_server_and_its_model_back_in_one_step(
    session: Session, keys: tuple[str, ...]
) -> None:
    await session.press(*"/set temperature 0.3", "enter", *keys, "f4")
    await session.until(lambda: isinstance(session.app.screen, Picker))
    await session.press(*"small-2603", "enter")
    assert chosen(session) == ("mistral", "mistral-small-2603")
    if "ctrl+w" in keys:
        await session.press("ctrl+w")
    await session.press("ctrl+z")
    assert chosen(session) == ("fake", None)
    await session.press("ctrl+y")
    assert chosen(session) == ("mistral", "mistral-small-2603")
    await session.press("ctrl+z", "ctrl+z")
    assert session.stage.session is not None
    assert session.stage.session.parameters.kept() == {}


async def test_what_was_used_last_stands_first(session: Session) -> None:
    await session.press(*"/model mistral-small-2603", "enter")
    await session.until(lambda: chosen(session)[0] == "mistral")
    await opened(session)
    assert rows(session).splitlines()[0].strip() == "Used last"
    assert "mistral-small-2603" in rows(session).splitlines()[1]
    assert session.desk.memory.kept or session.ctx.remembered.get("models.recent", [""])


async def test_a_dead_server_is_told_and_its_kept_list_stays(
    session: Session, catalogue: FakeCatalogue
) -> None:
    await opened(session)
    await session.press("ctrl+r")
    await session.until(lambda: "mistral" in catalogue.asked)
    await session.until(
        lambda: "list of 2 hours ago; mistral refused the connection" in rows(session)
    )
    await session.press(*"medium-3", "enter")
    assert chosen(session) == ("mistral", "mistral-medium-3-5")


async def test_lists_that_are_fresh_are_not_asked_for_by_themselves(
    session: Session, catalogue: FakeCatalogue
) -> None:
    await opened(session)
    await session.until(lambda: catalogue.asked)
    assert catalogue.asked == ["fake"]


async def test_the_cursor_stays_on_its_model_when_an_answer_comes(
    session: Session, catalogue: FakeCatalogue
) -> None:
    catalogue.may_answer.clear()
    await opened(session)
    assert "fake · asking …" in rows(session)
    await session.press("down")
    assert "mistral-medium-3-5" in preview(session)
    catalogue.may_answer.set()
    await session.until(lambda: "qwen-max" in rows(session))
    await session.press("enter")
    assert chosen(session) == ("mistral", "mistral-medium-3-5")


async def test_it_can_be_chosen_for_new_chats_too(session: Session) -> None:
    await session.say("one")
    session.desk.backend.end("two")
    await session.sees("two")
    await opened(session)
    await session.press(*"small-26", "ctrl+o")
    await session.until(lambda: (("provider",), "mistral") in session.desk.remembered)
    await session.press("ctrl+n")
    assert chosen(session) == ("mistral", "mistral-small-2603")
    saved = (("providers", "mistral", "model"), "mistral-small-2603")
    await session.until(lambda: saved in session.desk.remembered)


@pytest.mark.parametrize(
    ("typed", "provider", "model"),
    [
        ("mistral-small-latest", "mistral", "mistral-small-latest"),
        ("mistral/nobody-knows", "mistral", "nobody-knows"),
        ("local", "local", "tiny"),
        ("fake-model", "fake", "fake-model"),
    ],
)
async def test_a_model_is_taken_by_name(
    session: Session, typed: str, provider: str, model: str
) -> None:
    await session.press(*f"/model {typed}", "enter")
    await session.until(lambda: chosen(session) == (provider, model))


async def test_any_name_will_do_as_long_as_no_list_is_known(session: Session) -> None:
    await session.press(*"/model whatever-7b", "enter")
    await session.until(lambda: chosen(session) == ("fake", "whatever-7b"))


async def test_a_name_that_no_list_has_is_told_with_the_nearest(
    session: Session, catalogue: FakeCatalogue
) -> None:
    catalogue.lists["fake"] = catalogue.answers["fake"]
    await session.press(*"/model qwen-mxa", "enter")
    await session.until(lambda: session.ctx.hints.is_error)
    assert "did you mean qwen-max" in session.ctx.hints.render().plain
    assert chosen(session) == ("fake", None)


async def test_names_are_completed(session: Session) -> None:
    await opened(session)
    await session.until(lambda: "qwen-max" in rows(session))
    await session.press("escape", *"/model qw", "tab")
    assert session.composer.text == "/model qwen-max"


async def test_an_answer_that_came_while_the_kept_lists_were_read_stays(session: Session) -> None:
    await opened(session)
    await session.until(lambda: "qwen-max" in rows(session))
    await session.ctx.features.one(Models).load()  # as the look after the start does
    await session.press("escape", *"/model qw", "tab")
    assert session.composer.text == "/model qwen-max"


async def test_names_of_servers_are_harmless(session: Session, catalogue: FakeCatalogue) -> None:
    catalogue.lists["fake"] = ModelList((ModelCard("[red]x\x1b[31m\u202ey"),), time.time())
    await opened(session)
    assert "\x1b" not in rows(session) + preview(session)
    assert "\u202e" not in rows(session) + preview(session)


@pytest.mark.parametrize(
    ("context", "words"),
    [(None, ""), (512, "512"), (4096, "4k"), (32_000, "32k"), (262_144, "256k"), (1_000_000, "1M"), (1_048_576, "1M")],
)  # fmt: skip
def test_contexts_are_short(context: int | None, words: str) -> None:
    assert context_words(context) == words
