from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from tui.cli.log import LARGEST, LogFile, log_nowhere, log_to


@pytest.fixture(autouse=True)
def _restore():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = handlers, level


def test_warnings_go_to_a_private_file_that_is_made_when_needed(tmp_path: Path) -> None:
    path = tmp_path / "state" / "bise.log"
    log_to(path)
    assert not path.exists()
    logging.getLogger("bise").info("too small to tell")
    assert not path.exists()
    logging.getLogger("bise").warning("something")
    assert "WARNING bise: something" in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_an_exception_says_is_not_logged(tmp_path: Path) -> None:
    path = tmp_path / "bise.log"
    log_to(path)
    secret = "what was " + "said"
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise ValueError(secret) from error
    except ValueError:
        logging.getLogger("bise").exception("a turn broke")
    logged = path.read_text("utf-8")
    assert "a turn broke" in logged
    assert "ValueError\n" in logged
    assert "KeyError" in logged
    assert "raise ValueError(secret) from error" in logged
    assert secret not in logged


def test_a_large_log_is_begun_anew_and_the_old_one_kept(tmp_path: Path) -> None:
    path = tmp_path / "bise.log"
    path.write_text("x" * (LARGEST + 1), "utf-8")
    handler = LogFile(path)
    handler.emit(logging.makeLogRecord({"msg": "new", "levelname": "WARNING"}))
    handler.close()
    assert path.stat().st_size < 1000
    assert (tmp_path / "bise.old.log").stat().st_size > LARGEST


def test_a_log_that_cannot_be_written_disturbs_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", "utf-8")
    log_to(tmp_path / "state" / "bise.log")
    logging.getLogger("bise").warning("something")
    assert capsys.readouterr() == ("", "")


def test_a_log_that_is_not_wanted_goes_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to(tmp_path / "bise.log")
    log_nowhere()
    logging.getLogger("bise").error("something")
    assert not (tmp_path / "bise.log").exists()
    assert capsys.readouterr() == ("", "")
