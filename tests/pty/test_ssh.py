"""The program over a real line: an sshd on loopback, and the line drops in the middle of a reply."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import HANG, sse
from tests.pty.harness import BISE, DEADLINE, Terminal, environment
from tests.pty.processes import descendants, is_alive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.server import FakeServer
    from tests.pty.home import Home

pytestmark = pytest.mark.pty

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")

CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
AcceptEnv *
"""


def new_key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, sshd: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + DEADLINE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            assert sshd.poll() is None, sshd.stderr.read() if sshd.stderr else ""
            assert time.monotonic() < end, "sshd does not listen"
        else:
            return


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[Callable[[str], list[str]]]:
    """Starts an sshd of our own; gives the command that runs a command through it."""
    if SSHD is None or shutil.which("ssh") is None:
        assert "CI" not in os.environ, "ssh and sshd must be there"
        pytest.skip("no ssh and sshd here")
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    new_key(folder / "host")
    new_key(folder / "user")
    port = free_port()
    config = folder / "sshd_config"
    config.write_text(CONFIG.format(port=port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd insists on it when root runs it
    sshd = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=subprocess.PIPE)
    options = f"-tt -q -F /dev/null -p {port} -i {folder}/user -o BatchMode=yes"
    hosts = f"-o StrictHostKeyChecking=no -o UserKnownHostsFile={folder}/known"
    login = f"{pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1"
    try:
        wait_for_port(port, sshd)
        yield lambda command: ["ssh", *shlex.split(f"{options} {hosts}"), login, command]
    finally:
        sessions = descendants(sshd.pid)
        sshd.kill()
        sshd.communicate()
        for session in filter(is_alive, sessions):
            os.kill(session, signal.SIGKILL)


def processes_of(home: Home) -> list[int]:
    """Ids of the programs that were started with that home folder."""
    wanted = f"HOME={home.path}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def remote(home: Home, server: FakeServer) -> str:
    """The command that starts the program on the other side, with a home folder of its own."""
    variables = environment(home.path)
    wanted = [
        f"{n}={variables[n]}" for n in variables if n == "HOME" or n.startswith(("XDG", "LANG"))
    ]
    on_server = ["--base-url", server.url, "--kind", "mistral", "--model", "fake-model"]
    return shlex.join(["env", *wanted, str(BISE), *on_server])


def test_a_chat_over_ssh_and_the_way_back(
    ssh: Callable[[str], list[str]], server: FakeServer, home: Home, tmp_path: Path
) -> None:
    with Terminal(ssh(remote(home, server)), home=tmp_path / "client") as terminal:
        terminal.wait_for("fake-model")
        terminal.type("Hello")
        terminal.wait_for("Hello")
        terminal.press("enter")
        terminal.wait_for("You said: Hello")
        terminal.wait_for("finished")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []
    assert home.said() == [[("user", "Hello"), ("assistant", "You said: Hello")]]


def test_a_line_that_drops_in_the_middle_of_a_reply_loses_nothing(
    ssh: Callable[[str], list[str]], server: FakeServer, home: Home, tmp_path: Path
) -> None:
    server.reply_with(sse("This far", " and", HANG))
    with Terminal(ssh(remote(home, server)), home=tmp_path / "client") as terminal:
        terminal.wait_for("fake-model")
        terminal.type("Hello")
        terminal.wait_for("Hello")
        terminal.press("enter")
        terminal.wait_for("This far and")
        [program] = processes_of(home)
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
        terminal.wait_until(lambda: not is_alive(program))
    [session] = home.sessions()
    prompt, reply = session["message"]
    assert prompt["content"] == "Hello"
    assert (reply["content"], reply["ended"]) == ("This far and", "interrupted")
