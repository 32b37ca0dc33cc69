from __future__ import annotations

import time

from tests.store.sessions.test_attachments import asked, files, image, saved
from tui.store.filing.filing import TomlFiling
from tui.store.filing.purging import DAY_S
from tui.store.filing.tidying import tidy


def test_old_trash_goes_and_later_the_files_that_it_had(places, store):
    session = saved(store, asked(image()))
    TomlFiling(places).delete(session.id)
    for months in (1, 2, 3):
        tidy(places, time.time() + months * 31 * DAY_S)
    assert not store.path_of(session.id).exists()
    assert files(places) == []


def test_one_step_that_fails_keeps_no_other_from_its_turn(places, store, caplog):
    session = saved(store, asked(image()))
    TomlFiling(places).delete(session.id)
    places.files.rename(places.sessions / "elsewhere")
    places.files.write_text("in the way")
    tidy(places, time.time() + 31 * DAY_S)
    assert not store.path_of(session.id).exists()
    assert "collect was not done" in caplog.text
