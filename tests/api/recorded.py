#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Compare the stub with the real API server, by the table tests/api/recorded.

usage: tests/api/recorded.py [API-STUB]      (default: $B/api-stub, B=build)

Starts a stub for each version and sends it all requests of the table, in order. Status,
Content-Type and body must equal those of the real server, byte for byte. Where the table
has a tilde, the members of objects and the elements of the outermost list may come in any
order. Prints TAP, one line per section of the table.
"""
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile

VERSIONS = ("3.1.1", "12.3")
TYPES = {
    "json": "application/json",
    "lines": "application/text",
    "plain": "text/plain; charset=utf-8",
    "serde": "text/plain; charset=utf-8",
    "none": None,
}
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded")


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    def __init__(self, words):
        """Parse "STATUS TYPE BODY"."""
        status, kind, self.body = (words.split(" ", 2) + ["", ""])[:3]
        self.status = int(status)
        kind = kind or "none"
        self.any_order = kind.endswith("~")
        kind = kind.rstrip("~")
        self.type = TYPES[kind]
        if kind == "serde":
            self.body = "Json deserialize error: " + self.body

    def normal(self, body):
        if not self.any_order:
            return body
        if self.type != TYPES["json"]:
            return sorted(body.split("\n"))
        value = json.loads(body)
        return sorted(value, key=str) if isinstance(value, list) else value

    def matches(self, status, kind, body):
        try:
            same = self.normal(body) == self.normal(self.body)
        except ValueError:
            same = False
        return (status, kind, same) == (self.status, self.type, True)

    def __str__(self):
        return f"{self.status} {self.type} {self.body}"


class Row:
    def __init__(self, section, method, target, body):
        self.section, self.method, self.target, self.body = section, method, target, body
        self.answers = {}
        self.differs = None

    def __str__(self):
        return f"{self.method} {self.target} {self.body}".rstrip()


def read_table():
    """Return the initial settings and the rows."""
    words, rows, section = {}, [], ""
    head = re.compile(r"(\d+)(?: (\w+~?))? ([A-Z]+) (\S+) ?(.*)$", re.S)
    for line in open(TABLE, encoding="utf-8"):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        if line.startswith("let "):
            _, name, text = line.split(" ", 2)
            words[name] = text
            continue
        line = re.sub(r"\{\{([\w-]+)\}\}", lambda m: words[m[1]], line)
        line = line.replace("<nl>", "\n")
        if line.startswith("== "):
            section = line[3:]
        elif line.startswith("  12.3: "):
            rows[-1].answers["12.3"] = Answer(line[8:])
        elif line.startswith("  differs: "):
            rows[-1].differs = line[11:]
        elif line.startswith("    "):
            rows[-1].answers["3.1.1"] = Answer(rows[-1].first + " " + line[4:])
        else:
            status, kind, method, target, body = head.match(line).groups()
            row = Row(section, method, target, body)
            row.first = f"{status} {kind or 'none'}"
            row.answers["3.1.1"] = Answer(row.first)
            rows.append(row)
    return words["settings"], rows


def ask(connection, row):
    body = row.body.encode() if row.body else None
    connection.request(row.method, row.target, body, {"Content-Type": "application/json"})
    reply = connection.getresponse()
    return reply.status, reply.getheader("content-type"), reply.read().decode()


def compare(connection, version, rows):
    """Return the differences, by section."""
    differences = {row.section: [] for row in rows}
    for row in rows:
        expected = row.answers.get(version, row.answers["3.1.1"])
        got = ask(connection, row)
        if got[0] == 204:
            connection.close()  # one 204 wrongly has a body, which would come next
        same = expected.matches(*got)
        if row.differs and same:
            differences[row.section].append(f"{row}\n  no longer differs: {row.differs}")
        elif not row.differs and not same:
            differences[row.section].append(
                f"{row}\n  expected: {expected}\n  got:      {got[0]} {got[1]} {got[2]}")
    return differences


def run(stub, version, settings, rows):
    with tempfile.TemporaryDirectory() as work:
        with open(f"{work}/settings.json", "w", encoding="utf-8") as file:
            file.write(settings)
        process = subprocess.Popen(
            [stub, "--core-kit", version, "--settings", f"{work}/settings.json",
             f"{work}/sock"], stdout=subprocess.PIPE)
        try:
            process.stdout.readline()
            return compare(Unix(f"{work}/sock"), version, rows)
        finally:
            process.terminate()
            process.wait()


def main():
    build = os.environ.get("B", "build")
    stub = sys.argv[1] if len(sys.argv) > 1 else f"{build}/api-stub"
    settings, rows = read_table()
    passed = failed = 0
    for version in VERSIONS:
        for section, differences in run(stub, version, settings, rows).items():
            failed += bool(differences)
            passed += not differences
            print(f"{'not ok' if differences else 'ok'} {passed + failed} - "
                  f"{version}: {section}")
            for difference in differences:
                print("# " + difference.replace("\n", "\n# "))
    print(f"1..{passed + failed}")
    print(f"# {len(rows)} requests, {sum(bool(row.differs) for row in rows)} differ")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed > 0 or passed == 0


sys.exit(main())
