"""How both peers are given a file: text, missing values as None, and people's records put in order.

Moot orders names, postcodes and telephone numbers by itself; Splink and recordlinkage advise to do it beforehand, so it
is done here, within the time that is measured.
"""

import csv
import re

TITLES = {"mr", "mrs", "ms", "miss", "dr"}
NOT_VALUES = {"unknown", "nfa", "no fixed abode", "not known"}


def split_name(whole):
    """"Stubbe, Tracey", "Mr Roy Willcocks" -> given, family."""
    if "," in whole:
        family, _, given = whole.partition(",")
        return given.strip(), family.strip()
    words = [word for word in whole.split() if word.strip(".") not in TITLES]
    return (words[0] if len(words) > 1 else "", words[-1] if words else "")


def in_order(row):
    """A record of moot_people: lower case, a whole name in its parts, numbers without blanks, nothing for unknown."""
    row = {column: " ".join(value.lower().split()) for column, value in row.items()}
    whole = row.pop("name")
    if whole and not (row["given"] or row["family"]):
        row["given"], row["family"] = split_name(whole)
    row["phone"] = re.sub(r"\D", "", row["phone"])
    postcode = row["postcode"].replace(" ", "")
    row["postcode"] = f"{postcode[:-3]} {postcode[-3:]}" if len(postcode) > 4 else postcode
    return {column: "" if value in NOT_VALUES else value for column, value in row.items()}


def read_columns(file, settings):
    """Column -> values, in the order of the file."""
    with open(file, encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    if settings == "people":
        rows = [in_order(row) for row in rows]
    columns = {column: [row[column] or None for row in rows] for column in rows[0]}
    # A whole name has a frequency of its own, which Splink's authors advise to use.
    if settings == "historical":
        columns["first_name_surname_concat"] = [
            f"{first} {last}" if first and last else None
            for first, last in zip(columns["first_name"], columns["surname"])
        ]
    return columns


def write_clusters(file, records, clusters):
    """clusters: heading -> the cluster of each record."""
    with open(file, "w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["record_id", *clusters])
        writer.writerows(zip(records, *clusters.values()))
