"""The one scorer of all tools: how right a partition of the records is, given who each record truly is of.

An unclustered record is a cluster of its own. A share of nothing is 1: who links nothing links nothing wrongly.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction


def pairs_of(sizes):
    return sum(n * (n - 1) // 2 for n in sizes)


def share(part, whole):
    return Fraction(part, whole) if whole else Fraction(1)


def harmonic_mean(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else Fraction(0)


@dataclass(frozen=True)
class Quality:
    precision: Fraction
    recall: Fraction

    @property
    def f1(self):
        return harmonic_mean(self.precision, self.recall)


@dataclass(frozen=True)
class Score:
    pairs: Quality  # of all pairs within a cluster, found and true
    b_cubed: Quality
    wrong_pairs: int
    missed_pairs: int
    true_pairs: int
    harmful: Fraction | None  # share of records in a cluster with two people of one household; None: not known


def score(truth, clusters, households=None):
    """truth: record -> person; clusters: record -> cluster; households: person -> household."""
    strangers = clusters.keys() - truth.keys()
    if strangers:
        raise ValueError(f"{len(strangers)} records are in a cluster but not in the file, one is {min(strangers)}")
    # A record that the tool left out is called by itself, in a way that no cluster is.
    found = {record: ("cluster", clusters[record]) if record in clusters else ("alone", record) for record in truth}
    people = Counter(truth.values())
    sizes = Counter(found.values())
    both = Counter((truth[record], found[record]) for record in truth)

    true_pairs, found_pairs, right = pairs_of(people.values()), pairs_of(sizes.values()), pairs_of(both.values())
    squares_by_cluster, squares_by_person = Counter(), Counter()  # summed by size: few fractions to add, exactly
    for (person, cluster), n in both.items():
        squares_by_cluster[sizes[cluster]] += n * n
        squares_by_person[people[person]] += n * n
    b_cubed = Quality(
        share(sum(Fraction(total, size) for size, total in squares_by_cluster.items()), len(truth)),
        share(sum(Fraction(total, size) for size, total in squares_by_person.items()), len(truth)),
    )

    harmful = None
    if households is not None:
        members = defaultdict(set)
        for person, cluster in both:
            members[cluster].add(person)
        harmed = sum(
            sizes[cluster]
            for cluster, persons in members.items()
            if max(Counter(households[person] for person in persons).values()) > 1
        )
        harmful = share(harmed, len(truth))
    return Score(
        Quality(share(right, found_pairs), share(right, true_pairs)),
        b_cubed,
        found_pairs - right,
        true_pairs - right,
        true_pairs,
        harmful,
    )


def check():
    """An example worked out by hand; run at every start, because a wrong scorer would go unseen."""
    truth = dict(zip("abcdef", ["Ann", "Ann", "Ann", "Bob", "Bob", "Cy"]))
    households = {"Ann": 1, "Bob": 1, "Cy": 2}
    # {a, b}, {c, d}, e alone, f left out: of the 4 true pairs ab ac bc de only ab is found, and cd is wrong.
    found = score(truth, {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}, households)
    assert found.pairs == Quality(Fraction(1, 2), Fraction(1, 4)), found
    assert found.pairs.f1 == Fraction(1, 3), found
    assert (found.wrong_pairs, found.missed_pairs, found.true_pairs) == (1, 3, 4), found
    # Precision by record: 1 1 1/2 1/2 1 1. Recall by record: 2/3 2/3 1/3 1/2 1/2 1.
    assert found.b_cubed == Quality(Fraction(5, 6), Fraction(11, 18)), found
    assert found.harmful == Fraction(2, 6), found  # c and d: Ann and Bob live together

    perfect = score(truth, truth, households)
    assert perfect.pairs.f1 == perfect.b_cubed.f1 == 1 and perfect.harmful == 0, perfect
    assert perfect.wrong_pairs == perfect.missed_pairs == 0, perfect
    # Nothing linked: no pair is wrong, every true one is missed; a cluster named like a record is not that record.
    assert score(truth, {}).pairs == Quality(Fraction(1), Fraction(0))
    assert score(truth, {"a": "d"}).wrong_pairs == 0
    # All in one: 4 of 15 pairs are right; Ann and Bob make every record of the cluster a harmful one.
    everything = score(truth, dict.fromkeys(truth, 0), households)
    assert everything.pairs == Quality(Fraction(4, 15), Fraction(1)) and everything.harmful == 1, everything
    # Strangers merged are wrong, but not harmful in this sense.
    assert score(truth, {"d": 1, "f": 1}, households).harmful == 0
    try:
        score(truth, {"g": 1})
    except ValueError:
        return
    raise AssertionError("a record that the file does not have was scored")
