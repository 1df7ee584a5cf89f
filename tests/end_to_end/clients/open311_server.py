"""An Open311 GeoReport v2 server for tests, which can be told to misbehave.

    open311_server.py FOLDER [--tls CERTIFICATE KEY]

It listens on a free port of 127.0.0.1, written to FOLDER/port, and serves the list of FOLDER/requests.json as
requests.json and requests.xml, filtered by updated_after and updated_before, start_date and end_date, page and
page_size, jurisdiction_id (where FOLDER/jurisdiction says which one) and the header X-API-Key (where FOLDER/key says
which one). What it was asked is added to FOLDER/asked, a line each. What FOLDER/mode says decides what it does:
    serve            the default
    no-pages N       gives the newest N at most, and knows no pages, as FixMyStreet does
    no-times         gives the newest 1000, whatever was asked, as the standard allows
    status N [S]     answers N, and asks to be left alone for S seconds
    redirect URL     answers 302
    stall            takes the question and never answers
    trickle          a byte of the answer every half second
    endless          a body that does not end
    endless-head     a head that does not end
    html             200, and a page for people
    errors           200, and a list of errors in the standard's form
    truncated        the first half of the answer, as if it were all of it
    broken           the first half of the answer, and the connection ends
    drop             the connection ends without an answer
    moving           between two pages, the first request of the window changes
"""
import json
import os
import ssl
import sys
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

FOLDER = sys.argv[1]


def told(name, otherwise=""):
    try:
        with open(os.path.join(FOLDER, name)) as file:
            return file.read().strip()
    except FileNotFoundError:
        return otherwise


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Requests:
    """The file, read again when it has changed."""

    def __init__(self):
        self.stamp, self.all = None, []

    def get(self):
        about = os.stat(os.path.join(FOLDER, "requests.json"))
        if self.stamp != (about.st_mtime_ns, about.st_ino):
            self.stamp = (about.st_mtime_ns, about.st_ino)
            self.all = json.loads(told("requests.json"))
            for request in self.all:
                request["@updated"] = instant(request.get("updated_datetime") or request["requested_datetime"])
                request["@requested"] = instant(request["requested_datetime"])
        return self.all


REQUESTS = Requests()


def within(requests, words, key, after, before):
    if after in words:
        requests = [r for r in requests if r[key] >= instant(words[after])]
    if before in words:
        requests = [r for r in requests if r[key] < instant(words[before])]
    return requests


def chosen(words, mode):
    requests = REQUESTS.get()
    if mode[0] != "no-times":
        requests = within(requests, words, "@updated", "updated_after", "updated_before")
        requests = within(requests, words, "@requested", "start_date", "end_date")
    requests = sorted(requests, key=lambda r: r["@updated"])
    if mode[0] in ("no-pages", "no-times"):
        return requests[-(int(mode[1]) if len(mode) > 1 else 1000):]
    page, size = int(words.get("page", 1)), int(words.get("page_size", 1000))
    if mode[0] == "moving" and page > 1 and requests:
        # It leaves the window, and all others move up by one, over the edges of pages too.
        with open(os.path.join(FOLDER, "mode"), "w") as file:
            file.write("serve")
        requests[0]["@updated"] = datetime.now(timezone.utc)
        requests = requests[1:]
    return requests[(page - 1) * size:page * size]


def written(requests, form):
    fields = [{k: v for k, v in r.items() if not k.startswith("@")} for r in requests]
    if form == "json":
        return json.dumps(fields).encode()
    lines = ["<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<service_requests>"]
    for request in fields:
        lines.append("<request>" + "".join("<%s>%s</%s>" % (k, escape(str(v)), k) for k, v in request.items()) +
                     "</request>")
    return "\n".join(lines + ["</service_requests>\n"]).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="text/plain", more=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def without_end(self, piece):
        try:
            while True:
                self.wfile.write(piece)
        except OSError:
            self.close_connection = True

    def in_part(self, body, kind, length):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if length:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def do_GET(self):
        with open(os.path.join(FOLDER, "asked"), "a") as file:
            file.write(self.path + "\n")
        url = urlsplit(self.path)
        form = url.path.rsplit(".", 1)[-1]
        words = {k: v[0] for k, v in parse_qs(url.query).items()}
        mode = told("mode", "serve").split()
        kind = "application/json" if form == "json" else "text/xml"
        if not url.path.startswith("/open311/v2/requests."):
            return self.answer(404, b"there is nothing here")
        if told("key") and self.headers.get("X-API-Key") != told("key"):
            return self.answer(403, b"who are you?")
        if told("jurisdiction") and words.get("jurisdiction_id") != told("jurisdiction"):
            return self.answer(404, b"another jurisdiction")
        if mode[0] == "status":
            return self.answer(int(mode[1]), b"Somebody Inventedname cannot be served",
                               more=[("Retry-After", mode[2])] if len(mode) > 2 else [])
        if mode[0] == "redirect":
            return self.answer(302, b"", more=[("Location", mode[1])])
        if mode[0] == "stall":
            return time.sleep(3600)
        if mode[0] == "drop":
            self.close_connection = True
            return None
        if mode[0] == "endless-head":
            self.send_response(200)
            self.flush_headers()
            return self.without_end(b"X-More: " + b"x" * 1000 + b"\r\n")
        if mode[0] == "endless":
            self.in_part(b"[" if form == "json" else b"<service_requests>", kind, 0)
            return self.without_end(b" " * 65536)
        if mode[0] == "html":
            return self.answer(200, b"<!DOCTYPE html><html><body><p>Down for the night<br></body></html>", "text/html")
        if mode[0] == "errors":
            error = (b'[{"code":403,"description":"Somebody Inventedname"}]' if form == "json" else
                     b"<errors><error><code>403</code><description>Inventedname</description></error></errors>")
            return self.answer(200, error, kind)
        body = written(chosen(words, mode), form)
        if mode[0] in ("truncated", "broken"):
            return self.in_part(body[:len(body) // 2], kind, len(body) if mode[0] == "broken" else 0)
        if mode[0] == "trickle":
            self.in_part(b"", kind, len(body))
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(0.5)
            return None
        return self.answer(200, body, kind)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):  # who asked has gone
        pass


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(os.path.join(FOLDER, "port.new"), "w") as port:
    port.write(str(server.server_address[1]))
os.rename(os.path.join(FOLDER, "port.new"), os.path.join(FOLDER, "port"))
server.serve_forever()
