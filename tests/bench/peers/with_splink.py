"""with_splink.py SETTINGS FILE OUTPUT [--thresholds]: links FILE with Splink on DuckDB, one thread, load to clusters.

With --thresholds, OUTPUT has the clusters at each of THRESHOLDS instead of at THRESHOLD alone: for information, in a
run of its own so that it costs the measured one nothing.
"""

import sys

import duckdb
import pyarrow
from splink import DuckDBAPI, Linker

from person_rows import read_columns, write_clusters
from splink_settings import plan_of

THRESHOLD = 0.95  # of the match probability: that of the quick start and of the historical_50k example
THRESHOLDS = [0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999]
THRESHOLDS += [1 - 10**-digits for digits in (6, 7, 8, 9, 10, 12)]


def train(linker, plan):
    linker.training.estimate_probability_two_random_records_match(plan.certain, recall=plan.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=plan.u_pairs, seed=plan.seed)
    for rule in plan.training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=not plan.frequencies_in_training
        )


def clusters_at(linker, predicted, threshold, records):
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=threshold
    )
    found = dict(clusters.as_duckdbpyrelation().project("record, cluster_id").fetchall())
    return [found[record] for record in records]


def main():
    settings, file, output = sys.argv[1:4]
    thresholds = THRESHOLDS if "--thresholds" in sys.argv[4:] else [THRESHOLD]
    plan = plan_of(settings)
    columns = read_columns(file, settings)

    connection = duckdb.connect(config={"threads": 1})
    text = pyarrow.table({name: pyarrow.array(values, pyarrow.string()) for name, values in columns.items()})
    connection.register("text", text)
    dates = ", ".join(f"try_cast({column} as date) as {column}" for column in plan.dates)
    connection.execute(f"create table people as select * {f'replace ({dates})' if dates else ''} from text")
    database = DuckDBAPI(connection=connection)
    linker = Linker(database.register("people"), plan.settings())

    train(linker, plan)
    predicted = linker.inference.predict(threshold_match_probability=min(thresholds))
    found = {str(at): clusters_at(linker, predicted, at, columns["record"]) for at in thresholds}
    write_clusters(output, columns["record"], found)


main()
