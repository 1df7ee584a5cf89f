"""The measuring of tests/bench/ways_in/run, which says what is measured. Prints a Markdown table of medians."""

import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

AGENCY = "harbour-council"
HEAD = "Ref;Created;Captured;Source;Customer;Born;Home;Pcode;Topic;Ward;Details\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Servers:
    """A broker, a gateway and nginx, in a folder of their own."""

    def __init__(self, root, folder):
        self.moot = str(root / "build/release/moot")
        self.folder = folder
        shutil.copytree(root / "tests/data/harbour-and-fell", folder / "partnership")
        self.common = ["--config", str(folder / "partnership/partnership.toml"), "--data", str(folder / "data")]
        self.processes = []
        self.start([self.moot, "broker", *self.common], folder / "data/run.json")
        self.token = json.loads(self.run("token", "add", AGENCY, "--json"))["token"]
        port = free_port()
        self.gateway = f"http://127.0.0.1:{port}"
        self.start([self.moot, "gateway", *self.common, "--http", self.gateway], port)
        port = free_port()
        self.nginx = f"http://127.0.0.1:{port}"
        self.start(["nginx", "-c", str(self.nginx_file(port)), "-p", str(folder)], port)

    def nginx_file(self, port):
        file = self.folder / "nginx.conf"
        file.write_text(
            f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log; worker_processes 1;\n"
            "events { worker_connections 256; }\n"
            f"http {{ access_log off; client_body_temp_path {self.folder}/body; client_body_buffer_size 1m;\n"
            f"  keepalive_requests 100000000; server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }} }}\n")
        return file

    def start(self, words, ready):
        with open(self.folder / "servers.log", "ab") as log:
            process = subprocess.Popen(words, stdout=log, stderr=log)
        self.processes.append(process)
        for _ in range(500):
            if isinstance(ready, int):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", ready)) == 0:
                        return
            elif ready.exists():
                return
            if process.poll() is not None:
                break
            time.sleep(0.02)
        sys.exit(f"{words[0]} {words[1]} does not start; see {self.folder}/servers.log")

    def run(self, *words):
        return subprocess.run([self.moot, *words, *self.common], check=True, capture_output=True, text=True).stdout

    def end(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def write_csv(file, run, rows):
    with open(file, "w", encoding="windows-1252") as out:
        out.write(HEAD)
        for i in range(rows):
            out.write(f"B{run}-{i};2024-01-05 09:12;2024-01-05 09:15;Contact centre;Avery Inventedname{i % 5000};"
                      f"19840612;{i % 90} Pier Example;ZF98 1AB;Noise nuisance;Harbour (East);"
                      "Music from the flat above since midnight, has rung twice before about it.\n")


def write_events(file, run, count):
    text = (Path(__file__).parent / "post.lua").read_text()
    parts = re.search(r"local EVENT = (.*?)\n\n", text, re.S).group(1)
    event = "".join(re.findall(r"'([^']*)'", parts))
    with open(file, "w", encoding="utf-8") as out:
        for i in range(count):
            out.write(event % f"bus-{run}-{i}" + "\n")


def timed(action):
    begin = time.monotonic()
    result = action()
    return time.monotonic() - begin, result


def published(servers, words, count):
    seconds, out = timed(lambda: servers.run("publish", *words, "--as", AGENCY, "--json"))
    accepted = json.loads(out)["accepted"]
    if accepted != count:
        sys.exit(f"of {count} records {accepted} were accepted")
    return count / seconds


def wrk(url, servers, events, run, seconds):
    script = Path(__file__).parent / "post.lua"
    out = subprocess.run(["wrk", "-t2", "-c32", f"-d{seconds}s", "-s", str(script), url, "--", str(events),
                          servers.token, run], check=True, capture_output=True, text=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if refused or "Socket errors" in out:
        sys.exit("not every request was answered well:\n" + out)
    return events * float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def main():
    root = Path(sys.argv[1])
    quick = "--quick" in sys.argv[2:]
    rows, seconds, repetitions = (5_000, 1, 1) if quick else (200_000, 8, 5)
    folder = root / "build/bench" / f"ways-in-{os.getpid()}"
    folder.mkdir()
    servers = Servers(root, folder)
    found = {}

    def note(name, rate):
        found.setdefault(name, []).append(rate)

    try:
        before = int(json.loads(servers.run("status", "--json"))["offset"])
        told = 0
        for run in range(repetitions):
            file, events = folder / "rows.csv", folder / "events.jsonl"
            write_csv(file, run, rows)
            write_events(events, run, rows)
            seconds_alone, counted = timed(lambda: subprocess.run(
                [str(root / "build/bench/libcsv_alone"), str(file), ";"], check=True, capture_output=True, text=True))
            if int(counted.stdout.split()[0]) != rows + 1:
                sys.exit("libcsv has read another number of rows")
            note("libcsv alone, rows/s", rows / seconds_alone)
            mapping = folder / "partnership/mappings/council-requests.toml"
            note("CSV published, rows/s", published(servers, [str(file), "--mapping", str(mapping)], rows))
            note("the same events over the bus, /s", published(servers, [str(events)], rows))
            told += 2 * rows
            for size in (1, 100):
                name = "one event a request" if size == 1 else f"{size} events a request"
                note(f"nginx answering 204, {name}, events/s", wrk(servers.nginx, servers, size, f"n{run}", seconds))
                rate = wrk(servers.gateway, servers, size, f"g{size}-{run}", seconds)
                note(f"gateway, {name}, events/s", rate)
        stored = int(json.loads(servers.run("status", "--json"))["offset"]) - before
        median = {name: statistics.median(rates) for name, rates in found.items()}
        print(f"{repetitions} repetitions, interleaved; medians (lowest to highest). {stored} events were stored, "
              f"{told} of them from files.\n")
        print("| what | median | lowest | highest |\n|---|---|---|---|")
        for name, rates in found.items():
            print(f"| {name} | {median[name]:,.0f} | {min(rates):,.0f} | {max(rates):,.0f} |")
        ratios = [("CSV published / libcsv alone", "CSV published, rows/s", "libcsv alone, rows/s")]
        for name in ("one event a request", "100 events a request"):
            ratios.append((f"gateway / nginx, {name}", f"gateway, {name}, events/s",
                           f"nginx answering 204, {name}, events/s"))
            ratios.append((f"gateway / bus, {name}", f"gateway, {name}, events/s", "the same events over the bus, /s"))
        print("\n| ratio | |\n|---|---|")
        for title, above, below in ratios:
            print(f"| {title} | {median[above] / median[below]:.3f} |")
        load = os.getloadavg()[0]
        print(f"\nCores: {os.cpu_count()}; load of the last minute: {load:.1f} (wrk and the servers share the cores).")
    finally:
        servers.end()
        shutil.rmtree(folder)


main()
