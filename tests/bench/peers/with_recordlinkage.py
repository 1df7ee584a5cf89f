"""with_recordlinkage.py SETTINGS FILE OUTPUT: links FILE with recordlinkage, load to clusters.

As its guides do: candidates by blocking and, on surnames, sorted neighbourhood with its default window; names that are
alike by Jaro-Winkler from .85, addresses by Levenshtein from .85, all else equal or not, missing counted as not equal;
the ECM classifier, which needs no training data, as it is by default. It clusters nothing, so links are closed by
connected components. Where a block of one column would hold a great part of the file, columns are blocked in pairs.
"""

import sys
from dataclasses import dataclass

import numpy
import pandas
import recordlinkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from person_rows import read_columns, write_clusters


@dataclass
class Plan:
    names: list
    equal: list
    texts: list
    blocks: list
    neighbours: list


def febrl(with_number):
    number = ["soc_sec_id"] if with_number else []
    return Plan(
        names=["given_name", "surname"],
        equal=["date_of_birth", "suburb", "state", "postcode", "street_number", *number],
        texts=["address_1", "address_2"],
        blocks=["given_name", "date_of_birth", "postcode", *number],
        neighbours=["surname"],
    )


PLANS = {
    "febrl": febrl(False),
    "febrl_ssn": febrl(True),
    "fake": Plan(["first_name", "surname"], ["dob", "city", "email"], [], ["first_name", "dob", "email"], ["surname"]),
    "historical": Plan(
        names=["first_name", "surname"],
        equal=["dob", "birth_place", "postcode_fake", "gender", "occupation"],
        texts=[],
        blocks=[["first_name", "dob"], ["first_name", "birth_place"], ["dob", "birth_place"], "postcode_fake"],
        neighbours=["surname"],
    ),
    "people": Plan(
        names=["given", "family"],
        equal=["middle", "born", "sex", "postcode", "uprn", "phone", "email", "reference"],
        texts=["address"],
        blocks=["born", "address", "phone", "email", "reference", ["given", "postcode"]],
        neighbours=["family"],
    ),
}


def candidates_of(frame, plan):
    index = recordlinkage.Index()
    for block in plan.blocks:
        index.block(block)
    for column in plan.neighbours:
        index.sortedneighbourhood(column)
    return index.index(frame)


def compare(frame, plan, candidates):
    comparison = recordlinkage.Compare()
    for column in plan.names:
        comparison.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in plan.texts:
        comparison.string(column, column, threshold=0.85, label=column)
    for column in plan.equal:
        comparison.exact(column, column, label=column)
    return comparison.compute(candidates, frame)


def main():
    settings, file, output = sys.argv[1:4]
    plan = PLANS[settings]
    frame = pandas.DataFrame(read_columns(file, settings))
    records = frame.pop("record")

    compared = compare(frame, plan, candidates_of(frame, plan))
    links = recordlinkage.ECMClassifier().fit_predict(compared)

    one, other = (links.get_level_values(side).to_numpy() for side in (0, 1))
    graph = coo_matrix((numpy.ones(len(links)), (one, other)), shape=(len(frame), len(frame)))
    write_clusters(output, records, {"cluster_id": connected_components(graph, directed=False)[1]})


main()
