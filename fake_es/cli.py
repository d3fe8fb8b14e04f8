"""``fake-es serve``, ``fake-es verify`` and ``fake-es operations``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from fake_es import __version__
from fake_es.cluster import LICENCES
from fake_es.version import NEWEST, UnknownVersionError, parse_version

if TYPE_CHECKING:
    from fake_es.clock import Clock
    from fake_es.cluster import Anonymous
    from fake_es.emulator import FakeElasticsearch
    from fake_es.journal import Entry


# How long a server may take to end after a signal.
_SECONDS_TO_END = 1.5


class _Parser(argparse.ArgumentParser):
    """Prints an error as one line, without the usage, which is shown by --help."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status (2 for a wrong call).

    :param arguments: by default those of the process's command line.
    """
    chosen = _parser().parse_args(arguments)
    if arguments is None and chosen.run is _serve:
        from fake_es.doors.guard import end_within

        end_within(_SECONDS_TO_END)
    status: int = chosen.run(chosen)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="fake-es", description="Elasticsearch's machine-learning APIs in memory, for tests.")
    parser.add_argument("--version", action="version", version=f"fake-es {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    _add_serve(commands.add_parser("serve", help="serve an emulated cluster over HTTP until Ctrl-C"))
    _add_verify(commands.add_parser("verify", help="run pages of documentation and YAML suites as tests"))
    operations = commands.add_parser("operations", help="list the APIs of a release, and whether they are emulated")
    operations.add_argument("--version", type=_version, default=str(NEWEST), help="release to list (default %(default)s)")
    operations.add_argument("--markdown", action="store_true", help="print the page docs/coverage.md instead")
    operations.add_argument("--privileges", action="store_true", help="print the page docs/privileges.md instead")
    operations.set_defaults(run=_operations)
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    add, flag = parser.add_argument, argparse.BooleanOptionalAction
    add("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    add("--port", type=_port, default=9200, help="port to listen on, 0 for any free port (default %(default)s)")
    release = "release to emulate, from 5.4.0 on: 8.19.3, 8.19 or 8 (default %(default)s)"
    add("--version", type=_version, default=str(NEWEST), help=release)
    add("--security", action=flag, help="require credentials (default: if --user or --anonymous-roles is given)")
    account = "NAME:PASSWORD:ROLE,ROLE"
    add("--user", type=_user, action="append", default=[], metavar=account, help="add a user; can be repeated")
    add("--anonymous-roles", type=_names, metavar="ROLE,ROLE", help="accept requests without credentials, with these roles")
    add("--anonymous-username", default="_anonymous", metavar="NAME", help="name of the anonymous user (default %(default)s)")
    status = "answer the anonymous user with 403, not 401, if a privilege is missing"
    add("--anonymous-authz-exception", action=flag, default=True, help=status)
    role = "NAME:PRIVILEGE,PRIVILEGE"
    add("--role", type=_role, action="append", default=[], metavar=role, help="add a role; can be repeated")
    add("--password", default="changeme", help="password of the user elastic (default %(default)s)")
    add("--licence", "--license", choices=LICENCES, help="licence of the cluster (default: a trial that never ends)")
    setting = "a setting as in elasticsearch.yml; can be repeated"
    add("-E", type=_setting, action="append", default=[], metavar="KEY=VALUE", help=setting)
    clock = "clock of the cluster: system (real time), or virtual (moved by waiting requests and tests); default %(default)s"
    add("--clock", choices=("system", "virtual"), default="system", help=clock)
    speed = "speed of the system clock: 2 is twice as fast as real time (default %(default)s)"
    add("--speed", type=float, default=1.0, help=speed)
    delays = "how long operations take: realistic, none, or durations such as close=4m,open=10s (default %(default)s)"
    add("--delays", type=_delays, default="realistic", metavar="DELAYS", help=delays)
    tick = "time that each request lets pass on a virtual clock: 1s, or auto (see the page on time)"
    add("--tick", metavar="DURATION", help=tick)
    log = "print each request: one line, or with --log=json one JSON object"
    add("--log", nargs="?", const="line", choices=("line", "json"), help=log)
    add("-v", "--verbose", action="store_true", help="with --log, print the bodies of the requests too")
    parser.set_defaults(run=_serve)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="documentation pages (AsciiDoc, Markdown), YAML suites, or folders of them",
    )
    add("--version", type=_version, help="release to emulate (default: the newest)")
    add("--url", help="address of a real cluster to run against instead")
    add("--user", metavar="NAME:PASSWORD", help="user on the real cluster")
    add("--api-key", help="API key for the real cluster")
    add("--ca-certs", metavar="FILE", help="certificate authorities to trust for the real cluster")
    add("--allow-wipe", action="store_true", help="delete everything on the real cluster after each test")
    add(
        "--skipped",
        choices=("keep", "try", "fail"),
        default="keep",
        help="what to do with snippets that a page skips: keep, try or fail (default %(default)s)",
    )
    add("--write", action="store_true", help="change the pages: no longer skip snippets that passed")
    add("--setups", type=Path, action="append", default=[], metavar="DIR", help="folder with more set-ups; can be repeated")
    add("--list-setups", action="store_true", help="list the named set-ups and exit")
    add("--varying", type=Path, metavar="FILE", help="own table of the fields that vary from run to run")
    add("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    add("--json", type=Path, metavar="FILE", help="write the results as JSON")
    parser.set_defaults(run=_verify)


def _verify(chosen: argparse.Namespace) -> int:
    from fake_es.verify.command import run

    return run(chosen)


def _version(text: str) -> str:
    try:
        return str(parse_version(text))
    except UnknownVersionError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"[{text}] is no port from 0 to 65535")
    return int(text)


def _user(text: str) -> tuple[str, str, tuple[str, ...]]:
    name, _, rest = text.partition(":")
    password, colon, roles = rest.rpartition(":")
    if not (name and password and colon):
        raise argparse.ArgumentTypeError(f"[{name or text}] is no NAME:PASSWORD:ROLE,ROLE")
    return name, password, _names(roles)


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"[{text}] is no KEY=VALUE")
    return key, value


def _delays(text: str) -> str | dict[str, str]:
    if "=" not in text:
        return text
    pairs = [part.partition("=") for part in text.split(",")]
    return {kind.strip(): duration.strip() for kind, _, duration in pairs}


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def _role(text: str) -> tuple[str, tuple[str, ...]]:
    name, colon, privileges = text.partition(":")
    if not (name and colon):
        raise argparse.ArgumentTypeError(f"[{text}] is no NAME:PRIVILEGE,PRIVILEGE")
    return name, _names(privileges)


def _serve(chosen: argparse.Namespace) -> int:
    from fake_es.clock import ClockError
    from fake_es.wire.errors import IllegalArgument

    try:
        fake = _emulator(chosen)
        if chosen.log:
            fake.cluster.journal.listeners.append(_printer(chosen.log, verbose=chosen.verbose))
        server = fake.serve(chosen.port, chosen.host)
    except (OSError, UnicodeError) as error:
        return _refused(f"cannot serve on {chosen.host}:{chosen.port}: {_reason(error)}")
    except (ClockError, IllegalArgument, ValueError) as error:
        return _refused(str(error))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    print(f"fake-es {__version__} (Elasticsearch {fake.version}) listening on {server.url}", flush=True)
    if not server.is_loopback:
        print(_open_to_others(chosen.host, security=fake.cluster.settings.security), file=sys.stderr, flush=True)
    stopped.wait()
    server.stop()
    return 0


def _printer(form: str, *, verbose: bool) -> Callable[[Entry], None]:
    """A function that prints the entries of a journal, in the form ``line`` or ``json``."""
    import json

    from fake_es.control.recorded import recorded
    from fake_es.wire.human import iso_instant

    def show(entry: Entry) -> None:
        call = recorded(entry)
        if form == "json":
            tree = call.to_json()
            text = json.dumps(tree if verbose else {name: value for name, value in tree.items() if name != "body"})
        else:
            text = f"{iso_instant(call.at)} {call} {call.took}ms{f' {call.user}' if call.user else ''}"
            text += f"\n  {call.body.decode('utf-8', 'replace')}" if verbose and call.body else ""
        print(text, flush=True)

    return show


def _open_to_others(host: str, *, security: bool) -> str:
    asked = (
        "Passwords are sent unencrypted, and default passwords are public."
        if security
        else "Security is off: no credentials are needed."
    )
    return (
        f"WARNING: {host} is open to other machines. Anyone who can reach this port can read, change and delete all data of the"
        f" emulator, and stop its clock. {asked} Listen on 127.0.0.1 unless that is what you want."
    )


def _refused(reason: str) -> int:
    print(f"fake-es serve: {reason}", file=sys.stderr)
    return 2


def _reason(error: Exception) -> str:
    """The text of the operating system, without what Python adds to it."""
    text = getattr(error, "strerror", None) or str(error)
    return str(text).partition(" (while attempting")[0]


def _emulator(chosen: argparse.Namespace) -> FakeElasticsearch:
    from fake_es.emulator import FakeElasticsearch
    from fake_es.security.privileges import check

    for _, privileges in chosen.role:
        check(privileges, parse_version(chosen.version))
    return FakeElasticsearch(
        chosen.version,
        security=bool(chosen.user or chosen.anonymous_roles) if chosen.security is None else chosen.security,
        clock=_clock(chosen),
        delays=chosen.delays,
        users=chosen.user,
        roles=dict(chosen.role),
        password=chosen.password,
        anonymous=_anonymous(chosen),
        licence=chosen.licence,
        settings=dict(chosen.E),
    )


def _anonymous(chosen: argparse.Namespace) -> Anonymous | None:
    from fake_es.cluster import Anonymous

    if not chosen.anonymous_roles:
        return None
    return Anonymous(chosen.anonymous_roles, chosen.anonymous_username, chosen.anonymous_authz_exception)


def _clock(chosen: argparse.Namespace) -> Clock:
    from fake_es.clock import ClockError, SystemClock, VirtualClock

    if chosen.clock == "virtual":
        return VirtualClock(tick=chosen.tick)
    if chosen.tick is not None:
        raise ClockError("--tick is for --clock virtual")
    return SystemClock(chosen.speed)


def _operations(chosen: argparse.Namespace) -> int:
    if chosen.markdown:
        from fake_es.coverage import coverage_page

        print(coverage_page(), end="")
        return 0
    if chosen.privileges:
        from fake_es.privilege_page import privilege_page

        print(privilege_page(), end="")
        return 0
    from fake_es.operations import route_table

    for endpoint in sorted(route_table(parse_version(chosen.version), True), key=lambda each: each.operation.name):
        operation, route = endpoint.operation, endpoint.route
        mark = "yes" if operation.supported else "501"
        print(f"{mark}  {operation.name:<36} {route.method:<6} {route.template}")
    return 0
