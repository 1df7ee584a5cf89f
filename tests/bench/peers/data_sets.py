"""The files that are linked, and who each record truly is of.

Every tool gets the same file, written here: neutral numbers instead of the records' own ids (those of FEBRL and of
historical_50k give the answer away), no column with the truth, and the rows in a drawn order (the public files have the
records of one person one after the other).
"""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

PUBLIC = ("febrl1", "febrl2", "febrl3", "fake_1000", "historical_50k_dev_half")
SHUFFLE_SEED = 20210302


@dataclass
class DataSet:
    name: str  # also names the peers' settings
    title: str
    file: Path
    truth: dict  # record -> person
    households: dict | None = None  # person -> household


def rows_of(file):
    with open(file, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, skipinitialspace=True))


def write_neutral(rows, people, without, file):
    """Writes the rows but the columns `without`, and returns the truth by neutral number."""
    order = list(range(len(rows)))
    random.Random(SHUFFLE_SEED).shuffle(order)
    columns = [column for column in rows[0] if column not in without]
    truth = {}
    with open(file, "w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["record", *columns])
        for number, place in enumerate(order, start=1):
            writer.writerow([number, *(rows[place][column].strip() for column in columns)])
            truth[str(number)] = people[place]
    return truth


def febrl_sets(name, source, folder):
    rows = rows_of(source)
    people = [row["rec_id"].split("-")[1] for row in rows]  # rec-12-org, rec-12-dup-0
    for with_number in (False, True):
        title = f"{name} {'with' if with_number else 'without'} soc_sec_id"
        file = folder / (name + ("_ssn.csv" if with_number else ".csv"))
        without = {"rec_id"} if with_number else {"rec_id", "soc_sec_id"}
        yield DataSet("febrl_ssn" if with_number else "febrl", title, file, write_neutral(rows, people, without, file))


def labelled_set(name, source, folder):
    rows = rows_of(source)
    file = folder / (name + ".csv")
    people = [row["cluster"] for row in rows]
    settings = "fake" if name.startswith("fake") else "historical"
    yield DataSet(settings, name, file, write_neutral(rows, people, {"unique_id", "cluster"}, file))


def people_set(source, folder):
    """What moot_people wrote. A reference says something only together with its agency, so it is written with it."""
    rows = rows_of(source / "records.csv")
    truths = {row["record"]: row for row in rows_of(source / "truth.csv")}
    for row in rows:
        if row["reference"]:
            row["reference"] = row["agency"] + " " + row["reference"]
    people = [truths[row["record"]]["person"] for row in rows]
    file = folder / "people.csv"
    truth = write_neutral(rows, people, {"record", "agency", "role", "day", "call"}, file)
    households = {row["person"]: row["household"] for row in truths.values()}
    yield DataSet("people", "moot_people", file, truth, households)


def data_sets(names, shared, people, folder):
    """The data sets of these names, one at a time, their files written into `folder`."""
    for name in names:
        if name == "people":
            yield from people_set(people, folder)
            continue
        source = shared / "data" / "linkage" / (name + ".csv")
        yield from (febrl_sets if name.startswith("febrl") else labelled_set)(name, source, folder)
