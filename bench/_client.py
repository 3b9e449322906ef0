"""One person of the bench, in a process of its own: signs in by the form, then answers the open tasks of his own cases.

Only the standard library and psycopg, so that little of the machine goes into asking. Which tasks are open he reads from the
database once a round for all of his cases, where a person would read the pages; what is measured is the POST that answers a
step, from the first byte sent to the last one received. Reads a JSON plan on standard input, writes a JSON result.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg

BOUNDARY = "----thakibench"
OPEN = """SELECT c.id, c.state, t.id, t.node FROM cases_case c
    LEFT JOIN cases_task t ON t.case_id = c.id AND t.state = 'open' WHERE c.id = ANY(%s) ORDER BY t.id"""
REPAIR = re.compile(rb"(?:invalid-feedback|tk-error|alert)[^>]*>([^<]{3,200})")


@dataclass(slots=True)
class Browser:
    """A kept-alive connection and two cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        """One request; the session's and the form's cookies are kept."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Encoding": "gzip"}
        if kind:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, rest = value.partition("=")
            if name in ("sessionid", "csrftoken"):
                self.cookies[name] = rest.partition(";")[0]
        return answer.status, content

    def sign_in(self, login: str, password: str) -> None:
        """By the page, as everybody."""
        self.ask("GET", "/cuenta/login/")
        form = urlencode({"login": login, "password": password, "csrfmiddlewaretoken": self.cookies["csrftoken"]})
        status, _page = self.ask("POST", "/cuenta/login/", form.encode(), "application/x-www-form-urlencoded")
        if status != 302:
            raise RuntimeError(f"{login} could not sign in: {status}")


def encode(answer: dict[str, Any], own: dict[str, str], token: str) -> tuple[bytes, str]:
    """The body of a form and its media type; a browser sends what has files in parts."""
    data = answer["data"] | own | {"submission_key": uuid.uuid4().hex, "csrfmiddlewaretoken": token}
    if not answer["files"]:
        return urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded"
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'.encode()
        for name, value in data.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    for name, filename, content in answer["files"]:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + base64.b64decode(content) + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"


@dataclass(slots=True)
class Person:
    """Works on a few cases at a time, and takes up the next when one has ended or waits for something."""

    plan: dict[str, Any]
    browser: Browser
    database: psycopg.Connection[Any]
    left: list[dict[str, Any]]
    at_hand: dict[int, dict[str, Any]] = field(default_factory=dict)
    done: list[tuple[float, str, float]] = field(default_factory=list)  # when, step, seconds
    refused: list[str] = field(default_factory=list)

    def work(self, until: float) -> None:
        """Answer tasks until that moment."""
        while time.time() < until:
            tasks = self._open_tasks()
            if len(tasks) < self.plan["window"] and self.left:
                fresh = self.left.pop()
                self.at_hand[fresh["id"]] = fresh
            elif not tasks:
                time.sleep(0.02)  # everything waits for the worker
            for case_id, task_id, node in tasks:
                if time.time() >= until:
                    return
                self._answer(self.at_hand[case_id], task_id, node)

    def _open_tasks(self) -> list[tuple[int, int, str]]:
        found = []
        for case_id, state, task_id, node in self.database.execute(OPEN, (list(self.at_hand),)).fetchall():
            if state != "open":
                self.at_hand.pop(case_id, None)
            elif task_id is not None:
                found.append((case_id, task_id, node))
        return found

    def _answer(self, case: dict[str, Any], task_id: int, node: str) -> None:
        answer = self.plan["answers"][case["way"]][node]
        token = self.browser.cookies["csrftoken"]
        body, kind = encode(answer, case["own"].get(node, {}), token)
        began = time.perf_counter()
        status, page = self.browser.ask("POST", f"/tareas/{task_id}/", body, kind)
        seconds = time.perf_counter() - began
        if status == 302:
            self.done.append((time.time(), node, seconds))
        else:
            self.refused.append(f"{node}: {status} {[m.decode(errors='replace') for m in REPAIR.findall(page)[:3]]}")
            del self.at_hand[case["id"]]


def main() -> None:
    """Work as planned."""
    plan = json.load(sys.stdin)
    browser = Browser(plan["port"])
    browser.sign_in(plan["login"], plan["password"])
    with psycopg.connect(plan["database"], autocommit=True) as database:
        person = Person(plan, browser, database, plan["cases"])
        time.sleep(max(0.0, plan["begin"] - time.time()))
        person.work(plan["until"])
    json.dump({"done": person.done, "refused": person.refused, "left": len(person.left)}, sys.stdout)


if __name__ == "__main__":
    main()
