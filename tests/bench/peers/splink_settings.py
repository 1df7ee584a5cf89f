"""How Splink is set for each data set: what its authors publish for that very file in the examples of their
documentation for Splink 5 (febrl3, accuracy_analysis_from_labels_column, deduplicate_50k_synthetic). Their
example of FEBRL leaves the address out, which the other tools use, so FEBRL is linked a second time with it. For
moot_people, which they have not seen, their advice for persons: comparisons made for names, dates, postcodes and e-mail
addresses, what follows from one another in one comparison, many strict blocking rules.
"""

from dataclasses import dataclass

import splink.comparison_library as cl
from splink import SettingsCreator, block_on


@dataclass
class Plan:
    comparisons: list
    blocking: list
    certain: list  # rules that hold for few pairs but those of one person, for the prior
    recall: float  # how many of the pairs of one person those find: the authors' guess
    u_pairs: float
    training: list  # a session of EM each
    words: str
    seed: int = 1
    frequencies_in_training: bool = False
    dates: tuple = ()  # columns to be dates, not text

    def settings(self):
        return SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="record",
            comparisons=self.comparisons,
            blocking_rules_to_generate_predictions=self.blocking,
        )


def febrl(with_number, with_address):
    number = [block_on("soc_sec_id")] if with_number else []
    compared = [cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2])] if with_number else []
    address = [
        cl.JaroWinklerAtThresholds("address_1", [0.92, 0.88]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_2", [0.92, 0.88]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("suburb", [0.92, 0.88]).configure(term_frequency_adjustments=True),
    ]
    swapped = "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth"
    words = "the authors' febrl3 example"
    if not with_number:
        words += " without soc_sec_id, the recall of the certain rules .7 instead of .9"
    if with_address:
        words += "; also address_1, address_2 and suburb by Jaro-Winkler .92 and .88 with term frequencies, and a "
        words += "blocking rule for address_1"
    return Plan(
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            *compared,
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            *(address if with_address else []),
        ],
        blocking=[
            *number,
            *(block_on(column) for column in ("given_name", "surname", "date_of_birth", "postcode")),
            *([block_on("address_1")] if with_address else []),
        ],
        certain=[*number, block_on("given_name", "surname", "date_of_birth"), swapped],
        recall=0.9 if with_number else 0.7,
        u_pairs=1e6,
        seed=2,
        frequencies_in_training=True,
        training=[block_on("date_of_birth"), block_on("postcode")],
        words=words,
    )


def fake():
    return Plan(
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=False),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on(column) for column in ("first_name", "surname", "dob", "email")],
        certain=[
            "l.first_name = r.first_name and levenshtein(r.dob::VARCHAR, l.dob::VARCHAR) <= 1",
            "l.surname = r.surname and levenshtein(r.dob::VARCHAR, l.dob::VARCHAR) <= 1",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            "l.email = r.email",
        ],
        recall=0.7,
        u_pairs=1e6,
        seed=5,
        training=[block_on("dob"), block_on("email"), block_on("first_name", "surname")],
        words="the authors' accuracy_analysis_from_labels_column example",
        dates=("dob",),
    )


def historical():
    return Plan(
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        certain=[
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        recall=0.6,
        u_pairs=5e6,
        training=[block_on("first_name", "surname"), block_on("dob")],
        words="the authors' deduplicate_50k_synthetic example",
    )


def level(condition, label, frequency_of=None):
    found = {"sql_condition": condition, "label_for_charts": label}
    if frequency_of:
        found |= {"tf_adjustment_column": frequency_of, "tf_adjustment_weight": 1.0}
    return found


def place():
    """Property number, address and postcode follow from one another, so they must not count three times."""
    empty = " and ".join(f"({c}_l is null or {c}_r is null)" for c in ("uprn", "address", "postcode"))
    left, right = (f"regexp_extract(postcode_{side}, '^[a-z]{{1,2}}[0-9][a-z0-9]? [0-9]')" for side in "lr")
    same_sector = f"{left} = {right} and {left} <> ''"
    return cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            level(empty, "null") | {"is_null_level": True},
            level("uprn_l = uprn_r", "property", "uprn"),
            level("address_l = address_r and postcode_l = postcode_r", "address and postcode", "address"),
            level("address_l = address_r", "address", "address"),
            level("postcode_l = postcode_r and levenshtein(address_l, address_r) <= 2", "postcode, address nearly"),
            level("postcode_l = postcode_r", "postcode", "postcode"),
            level(same_sector, "postcode sector"),
            level("ELSE", "all other"),
        ],
    )


def reference():
    """References of two agencies say nothing of each other; each is written as "agency number"."""
    agency = "split_part(reference_{}, ' ', 1)"
    return cl.CustomComparison(
        output_column_name="reference",
        comparison_levels=[
            level(
                f"reference_l is null or reference_r is null or {agency.format('l')} <> {agency.format('r')}", "null"
            )
            | {"is_null_level": True},
            level("reference_l = reference_r", "same reference"),
            level("ELSE", "another reference of the same agency"),
        ],
    )


def people():
    return Plan(
        comparisons=[
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.NameComparison("middle"),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.ExactMatch("sex"),
            place(),
            cl.LevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
            reference(),
        ],
        blocking=[
            block_on("given", "family"),
            block_on("substr(given,1,3)", "substr(family,1,4)"),
            block_on("given", "born"),
            block_on("family", "born"),
            block_on("given", "postcode"),
            block_on("family", "postcode"),
            block_on("born", "postcode"),
            block_on("given", "address"),
            block_on("family", "address"),
            block_on("uprn"),
            block_on("phone"),
            block_on("email"),
            block_on("reference"),
        ],
        certain=[
            block_on("given", "family", "born"),
            block_on("given", "family", "postcode"),
            block_on("given", "family", "phone"),
            block_on("reference"),
        ],
        recall=0.7,
        u_pairs=5e6,
        training=[block_on("given", "family"), block_on("born"), block_on("phone")],
        words="by the authors' advice for persons: forename, surname and middle name by Jaro-Winkler levels with term "
        "frequencies (forename and surname as one comparison did worse), birth date, sex, place (property, address, "
        "postcode) as one comparison, telephone, e-mail, reference within its agency; 13 blocking rules; recall of the "
        "certain rules .7; EM blocked by name, by birth date and by telephone",
    )


PLANS = {
    "febrl": lambda: febrl(with_number=False, with_address=False),
    "febrl_ssn": lambda: febrl(with_number=True, with_address=False),
    "febrl+address": lambda: febrl(with_number=False, with_address=True),
    "febrl_ssn+address": lambda: febrl(with_number=True, with_address=True),
    "fake": fake,
    "historical": historical,
    "people": people,
}


def plan_of(name):
    return PLANS[name]()
