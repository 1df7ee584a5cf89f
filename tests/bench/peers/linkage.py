"""Compares record linkage: Moot, Splink and recordlinkage on the same files, in one run, with one scorer.

Started by tests/bench/peers/linkage. Every tool runs in a process of its own on one processor, from loading the file to
the written clusters, and is given no truth. Thresholds and settings are the tools' defaults or what their authors
publish; the best threshold of Splink, chosen with the truth, is printed as information and marked.
"""

import argparse
import csv
import hashlib
import importlib.metadata
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import data_sets
import score

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FOLDER = ROOT / "build" / "bench" / "peers"

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}


class ToolFailed(Exception):
    """In words for the table."""


@dataclass
class Tool:
    title: str
    command: list  # with "OUTPUT" for the file of the clusters
    settings: str
    threshold_command: list | None = None  # writes the clusters at several thresholds


def say(text):
    print(text, file=sys.stderr, flush=True)


def tools_for(data, moot):
    python = [sys.executable, "-B"]
    linked = str(data.file)
    command = [str(moot), "bench", "linkage", linked, "--id", "record", "--output", "OUTPUT"]
    yield Tool("Moot", command, "its defaults; columns told by their names and contents")

    variants = [data.name] + ([data.name + "+address"] if data.name.startswith("febrl") else [])
    for variant in variants:
        command = [*python, str(HERE / "with_splink.py"), variant, linked, "OUTPUT"]
        title = "Splink, with the address" if variant.endswith("+address") else "Splink"
        yield Tool(title, command, splink_words(variant), [*command, "--thresholds"])

    yield Tool(
        "recordlinkage",
        [*python, str(HERE / "with_recordlinkage.py"), data.name, linked, "OUTPUT"],
        "blocking and sorted neighbourhood, Jaro-Winkler .85 on names, Levenshtein .85 on addresses, all else equal "
        "or not, ECMClassifier as it is by default, links closed by connected components",
    )


def splink_words(variant):
    """Asked of another process, so that this one loads no peer."""
    asked = f"import splink_settings; print(splink_settings.plan_of({variant!r}).words)"
    done = subprocess.run([sys.executable, "-B", "-c", asked], cwd=HERE, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "its settings could not be read"


def run_measured(command, output, log, order):
    """Runs a tool to its end and returns what it took; ends it, with all that it started, when it takes too long."""
    output.unlink(missing_ok=True)
    report = output.with_suffix(".took")
    full = [sys.executable, "-I", "-S", "-B", str(HERE / "measured.py"), str(order.cpu), str(report)]
    full += [str(output) if word == "OUTPUT" else word for word in command]
    with open(log, "wb") as logged:
        process = subprocess.Popen(
            full, stdout=logged, stderr=logged, env={**os.environ, **ONE_THREAD}, start_new_session=True
        )
        try:
            process.wait(order.timeout)
        except subprocess.TimeoutExpired as late:
            raise ToolFailed(f"was not done after {order.timeout} s") from late
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    took = json.loads(report.read_text(encoding="utf-8")) if process.returncode == 0 else {"exit": "?"}
    if took["exit"] != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or [""]
        raise ToolFailed(f"exit {took['exit']}: {lines[-1][:200]}")
    return took


def read_clusters(file):
    """Heading of each column of clusters -> record -> cluster."""
    try:
        with open(file, encoding="utf-8", newline="") as opened:
            rows = csv.reader(opened)
            heading = next(rows)
            columns = {name: {} for name in heading[1:]}
            for row in rows:
                for name, cluster in zip(heading[1:], row[1:], strict=True):
                    if row[0] in columns[name]:
                        raise ToolFailed(f"put the record {row[0]} into two clusters")
                    columns[name][row[0]] = cluster
    except (OSError, StopIteration, ValueError) as fault:
        raise ToolFailed(f"its clusters cannot be read: {fault}") from fault
    return columns


def cells_of(found):
    cells = [f"{float(x):.5f}" for q in (found.pairs, found.b_cubed) for x in (q.precision, q.recall, q.f1)]
    cells += [f"{found.wrong_pairs:,}", f"{found.missed_pairs:,}"]
    return cells + ([] if found.harmful is None else [f"{float(found.harmful):.3%}"])


def run_tool(tool, data, order, folder):
    """The rows of the table for a tool."""
    output, log = folder / "clusters.csv", FOLDER / "logs" / f"{data.file.stem}, {tool.title}.log"
    took = run_measured(tool.command, output, log, order)
    found = score.score(data.truth, next(iter(read_clusters(output).values())), data.households)
    costs = [f"{took['user_s']:.1f}", f"{took['system_s']:.1f}", f"{took['wall_s']:.1f}", f"{took['peak_mb']:,.0f}"]
    rows = [[tool.title, *cells_of(found), *costs]]
    if tool.threshold_command and order.best:
        run_measured(tool.threshold_command, output, log.with_suffix(".thresholds.log"), order)
        scored = {at: score.score(data.truth, c, data.households) for at, c in read_clusters(output).items()}
        at, best = max(scored.items(), key=lambda one: one[1].pairs.f1)
        title = f"*information only: {tool.title} at {float(at):.12g}, the best threshold by the truth*"
        rows.append([title, *(f"*{cell}*" for cell in cells_of(best)), "", "", "", ""])
    return rows


def compare_on(data, order, moot, folder):
    """The chapter of a data set, and whether every tool did its work."""
    heading = ["tool", "pairs P", "R", "F1", "B³ P", "R", "F1", "wrong", "missed"]
    heading += ["harmful"] if data.households is not None else []
    heading += ["user CPU s", "system CPU s", "wall s", "peak MB"]
    lines = ["| " + " | ".join(heading) + " |", "|---" + "|---:" * (len(heading) - 1) + "|"]
    settings, all_well = [], True
    for tool in tools_for(data, moot):
        say(f"{data.title}: {tool.title}")
        settings.append(f"- {tool.title}: {tool.settings}.")
        try:
            rows = run_tool(tool, data, order, folder)
        except (ToolFailed, ValueError) as fault:
            all_well = False
            words = str(fault).replace("|", "/")
            rows = [[tool.title, f"FAILED, {words}", *[""] * (len(heading) - 2)]]
            say(f"  failed: {words}")
        lines += ["| " + " | ".join(row) + " |" for row in rows]
    true_pairs = score.score(data.truth, {}).true_pairs
    title = f"## {data.title}: {len(data.truth):,} records, {true_pairs:,} true pairs"
    return "\n".join([title, "", *lines, "", *settings, ""]), all_well


def introduction(order, moot):
    versions = ", ".join(
        f"{package} {importlib.metadata.version(package)}"
        for package in ("splink", "duckdb", "recordlinkage", "pandas", "scikit-learn", "jellyfish")
    )
    digest = hashlib.sha256(moot.read_bytes()).hexdigest()[:12]
    return f"""# Record linkage beside its peers

Moot (executable {digest}), {versions}, Python {sys.version.split()[0]}.

Every tool runs in a process of its own, from loading the file to the written clusters (start of the interpreter
included), on one processor (`taskset -c {order.cpu}`) with one thread. No peak of memory below some 10 MB can be seen.
All get the same file: neutral record numbers, rows in drawn order, no truth. P, R and F1 are of all pairs within a
cluster (closure); B³ is B-cubed; wrong and missed are pairs; harmful is the share of records in a cluster that holds
two people of one household. Splink links from a match probability of .95, that of its quick start and of its
historical_50k example, closed by its own clustering. Wall time means something only on a machine that does nothing
else.
"""


def parse(words):
    parser = argparse.ArgumentParser(prog="tests/bench/peers/linkage", description=__doc__.partition("\n\n")[0])
    names = [*data_sets.PUBLIC, "people"]
    parser.add_argument("--only", action="append", choices=names, help="a data set; may be given several times")
    parser.add_argument("--people", type=Path, metavar="FOLDER", help="with records.csv and truth.csv of moot_people")
    parser.add_argument("--moot", type=Path, metavar="FILE", help="the executable (build/release/moot)",
                        default=ROOT / "build/release/moot")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report there too")
    parser.add_argument("--cpu", type=int, default=0, help="the processor that all run on (0)")
    parser.add_argument("--timeout", type=int, default=1800, metavar="S", help="seconds that a tool may take (1800)")
    parser.add_argument("--no-best", dest="best", action="store_false", help="leave Splink's best threshold out")
    order = parser.parse_args(words)
    order.shared = Path(os.environ.get("MOOT_SHARED", ""))
    order.only = order.only or [*data_sets.PUBLIC, *(["people"] if order.people else [])]
    if set(order.only) & set(data_sets.PUBLIC) and not (order.shared / "data" / "linkage").is_dir():
        parser.error("MOOT_SHARED does not name a folder with data/linkage in it; --only people needs none")
    if "people" in order.only and not (order.people and (order.people / "truth.csv").is_file()):
        parser.error("--people must name a folder that moot_people has written")
    if not order.moot.is_file():
        parser.error(f"{order.moot} does not exist; build the release, or name the executable with --moot")
    return order


def main(words):
    score.check()
    order = parse(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the running tool is ended and the folder removed
    (FOLDER / "logs").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=FOLDER) as name:
        folder = Path(name)
        moot = folder / "moot"
        shutil.copy2(order.moot, moot)  # one executable for the whole run, whatever is built meanwhile
        chapters, all_well = [introduction(order, moot)], True
        print(chapters[0], flush=True)
        for data in data_sets.data_sets(order.only, order.shared, order.people, folder):
            chapter, well = compare_on(data, order, moot, folder)
            print(chapter, flush=True)
            chapters.append(chapter)
            all_well = all_well and well
            if order.output:  # after each data set: a long run that is cut off leaves what it found
                order.output.write_text("\n".join(chapters), encoding="utf-8")
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
