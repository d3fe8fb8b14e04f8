"""The command line."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from fake_es import __version__, cli
from fake_es.version import NEWEST

LINE = re.compile(r"fake-es (\S+) \(Elasticsearch (\S+)\) listening on (http://\S+:\d+)\n")


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A server in a process of its own: the process, the release it names, its URL."""
    command = [sys.executable, "-m", "fake_es", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = LINE.fullmatch(process.stdout.readline())
            assert found is not None
            assert found[1] == __version__
            yield process, found[2], found[3]
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(number: signal.Signals) -> None:
    with served() as (process, release, url):
        assert release == str(NEWEST)
        assert url.startswith("http://127.0.0.1:")
        with urlopen(url) as answer:
            assert json.load(answer)["version"]["number"] == release
        started = time.perf_counter()
        process.send_signal(number)
        rest = process.communicate(timeout=10)
        assert time.perf_counter() - started < 2
        assert (process.returncode, rest) == (0, ("", ""))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Security is off: no credentials are needed."),
        (("--security",), "Passwords are sent unencrypted, and default passwords are public."),
    ],
)
def test_it_says_loudly_what_it_means_to_listen_to_others(arguments: tuple[str, ...], said: str) -> None:
    with served("--host", "0.0.0.0", *arguments) as (process, _, _):  # noqa: S104
        assert process.stderr is not None
        warning = process.stderr.readline()
    assert warning.startswith("WARNING: 0.0.0.0 is open to other machines.")
    assert said in warning


def test_a_request_that_waits_does_not_hold_the_end_up() -> None:
    with served("--speed", "0.001") as (process, _, url):
        body = b'{"analysis_config":{"detectors":[{"function":"count"}]},"data_description":{}}'
        job = f"{url}/_ml/anomaly_detectors/x"
        urlopen(Request(job, body, {"content-type": "application/json"}, method="PUT")).close()
        opening = threading.Thread(target=lambda: _quiet(job + "/_open"))
        opening.start()
        while b'"opening"' not in urlopen(job + "/_stats").read():
            pass
        process.terminate()
        assert process.wait(timeout=10) == 0
        opening.join()


def _quiet(url: str) -> None:
    with pytest.raises(OSError, match=r".*"):
        urlopen(Request(url, method="POST"))


class Stopped:
    """In place of the event that ``serve`` waits for: what a test does meanwhile, then the end."""

    def __init__(self, meanwhile: object) -> None:
        self._meanwhile = meanwhile

    def set(self) -> None: ...

    def wait(self) -> None:
        assert callable(self._meanwhile)
        self._meanwhile()


def serve(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], meanwhile: object, *arguments: str) -> None:
    """Serve in this process; ``meanwhile(url)`` is called once the line is out."""

    def do() -> None:
        found = LINE.fullmatch(capsys.readouterr().out)
        assert found is not None
        assert callable(meanwhile)
        meanwhile(found[3])

    monkeypatch.setattr(cli, "threading", type("Threading", (), {"Event": staticmethod(lambda: Stopped(do))}))
    monkeypatch.setattr(signal, "signal", lambda number, handler: handler())
    assert cli.main(["serve", "--port", "0", *arguments]) == 0


def status(url: str, user: str = "") -> int:
    headers = {"authorization": "Basic " + b64encode(user.encode()).decode()} if user else {}
    try:
        with urlopen(Request(url, headers=headers)) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return int(error.code)


def test_users_and_roles(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(url: str) -> None:
        jobs = url + "/_ml/anomaly_detectors"
        assert status(jobs) == 401
        assert status(jobs, "elastic:top-secret") == 200
        assert status(jobs, "joe:with:colon") == 200
        assert status(jobs, "ann:secret-ann") == 200
        assert status(jobs, "nobody:secret") == 403

    users = [
        "--user",
        "joe:with:colon:machine_learning_user,viewer",
        "--user",
        "ann:secret-ann:reader",
        "--user",
        "nobody:secret:",
    ]
    serve(monkeypatch, capsys, ask, *users, "--role", "reader:monitor_ml", "--password", "top-secret")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(("--security",), 401), ((), 200), (("--user", "joe:secret:", "--no-security"), 200)],
)
def test_security_is_off_unless_asked_for_or_somebody_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], expected: int
) -> None:
    def ask(url: str) -> None:
        assert status(url) == expected

    serve(monkeypatch, capsys, ask, *arguments)


def test_time_and_release(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(url: str) -> None:
        with urlopen(url + "/_fake/clock") as answer:
            assert json.load(answer)["mode"] == "virtual"
        with urlopen(url) as answer:
            assert json.load(answer)["version"]["number"] == "7.17.29"

    serve(monkeypatch, capsys, ask, "--version", "7", "--clock", "virtual", "--delays", "none")


def test_speed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(url: str) -> None:
        with urlopen(url + "/_fake/clock") as answer:
            shown = json.load(answer)
            assert (shown["mode"], shown["speed"]) == ("system", 60)

    serve(monkeypatch, capsys, ask, "--speed", "60")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "fake-es: the following arguments are required: COMMAND"),
        (("fly",), "fake-es: argument COMMAND: invalid choice: 'fly'"),
        (("serve", "--fly"), "fake-es: unrecognized arguments: --fly"),
        (("serve", "--version", "4.1"), "fake-es serve: argument --version: unknown Elasticsearch version [4.1]"),
        (("serve", "--version", "5.3.0"), "unknown Elasticsearch version [5.3.0]: any release from 5.4.0 to"),
        (("serve", "--version", "new"), "unknown Elasticsearch version [new]"),
        (("operations", "--version", "10"), "fake-es operations: argument --version: unknown Elasticsearch version [10]"),
        (("serve", "--port", "http"), "argument --port: [http] is no port from 0 to 65535"),
        (("serve", "--port", "70000"), "argument --port: [70000] is no port from 0 to 65535"),
        (("serve", "--port", "-1"), "argument --port: [-1] is no port from 0 to 65535"),
        (("serve", "--host", "not a host", "--port", "0"), "cannot serve on not a host:0: "),
        (("serve", "--host", "a" * 70, "--port", "0"), "cannot serve on aaaa"),
        (("serve", "--clock", "sundial"), "argument --clock: invalid choice: 'sundial'"),
        (("serve", "--delays", "some"), "fake-es serve: unknown delay profile [some]"),
        (("serve", "--speed", "fast"), "argument --speed: invalid float value: 'fast'"),
        (("serve", "--speed", "0"), "fake-es serve: "),
        (("serve", "--speed", "nan"), "fake-es serve: "),
        (("serve", "--user", "joe"), "argument --user: [joe] is no NAME:PASSWORD:ROLE,ROLE"),
        (("serve", "--user", ":secret:role"), "argument --user: "),
        (("serve", "--user", "joe:secret"), "argument --user: [joe] is no NAME:PASSWORD:ROLE,ROLE"),
        (("serve", "--role", "reader"), "argument --role: [reader] is no NAME:PRIVILEGE,PRIVILEGE"),
        (("serve", "--role", "reader:fly"), "fake-es serve: unknown cluster privilege [fly]"),
    ],
)
def test_a_wrong_call_gets_one_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    assert exit_status(*arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("fake-es")
    assert said in err


def exit_status(*arguments: str) -> object:
    try:
        return cli.main(arguments)
    except SystemExit as ended:
        return ended.code


def test_a_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert exit_status("serve", "--port", str(port)) == 2
    assert capsys.readouterr().err == f"fake-es serve: cannot serve on 127.0.0.1:{port}: Address already in use\n"


def test_its_own_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status("--version") == 0
    assert capsys.readouterr().out == f"fake-es {__version__}\n"
    assert exit_status("serve", "--help") == 0
    shown = capsys.readouterr().out
    for flag in ("--host", "--port", "--version", "--no-security", "--user", "--password", "--clock", "--speed", "--delays"):
        assert flag in shown


@pytest.mark.parametrize(("release", "path"), [("5.4", "/_xpack/ml/anomaly_detectors/"), ("9", "/_ml/anomaly_detectors/")])
def test_operations_are_listed(capsys: pytest.CaptureFixture[str], release: str, path: str) -> None:
    assert exit_status("operations", "--version", release) == 0
    lines = capsys.readouterr().out.splitlines()
    close = next(line.split() for line in lines if "ml.close_job" in line)
    assert close == ["yes", "ml.close_job", "POST", path + "{job_id}/_close"]
    assert {line.split()[0] for line in lines} == {"yes", "501"}


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--log"], r"\S+Z #1 PUT /i/_doc/1 -> 201 \(index\) \d+ms$"),
        (["--log", "-v"], r'\S+Z #1 PUT /i/_doc/1 -> 201 \(index\) \d+ms$\n  {"a":1}$'),
        (["--log=json"], r'{"number": 1, "operation": "index", .*"door": "socket", "fault": null}$'),
        (["--log=json", "-v"], r'.*"body": {"a": 1}, '),
    ],
)
def test_requests_are_printed(options: list[str], line: str) -> None:
    command = [sys.executable, "-m", "fake_es", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        document = Request(f"{url}/i/_doc/1", b'{"a":1}', {"Content-Type": "application/json"}, method="PUT")
        with urlopen(document, timeout=10) as answer:
            assert answer.status == 201
        process.send_signal(signal.SIGTERM)
        printed = process.stdout.read()
    assert re.match(line, printed, re.MULTILINE)
