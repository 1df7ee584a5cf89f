// Reads the street and outcomes files of data.police.uk, which need no mapping. The source is
// /<agency>/police-uk-street or /<agency>/police-uk-outcomes, the agency the publisher's own; the time is the first
// instant of the month, with the precision of a month.
//
// A street row is an Incident, reported; an outcomes row is a Closure, resolved or ongoing, with a link "about" to the
// record of its crime. Both have the Crime ID as subject. Of the columns, "Last outcome category" is not taken: it is
// what was so when the file was made and changes from one export to the next, while each outcome comes in the outcomes
// files with its own month. So a street row whose last outcome alone has changed is the same event again. "Reported by"
// and "Falls within" name the force, which the publisher is already. The place of an outcome is that of its crime, and
// is not sealed a second time.
//
// Ids. The id of every event is <record>/<version>; "version" is 16 characters of a digest of all that was taken from
// the row, so that the same row again is a duplicate and a changed one supersedes. The record is
// - of a street row with a Crime ID: the Crime ID. Two equal rows with one Crime ID are one crime told twice, and the
//   second is a duplicate. Two different ones are two versions of it.
// - of a street row without one (all anti-social behaviour, and all of 2012): a digest of the row and an ordinal among
//   the equal rows of the file: rows that look alike are as many events as there are rows, in whatever order they
//   stand. A corrected row cannot be told from another one: it comes beside the old one.
// - of an outcome: <Crime ID>/<month>/<outcome>-<ordinal>: the same outcome several times is taken as one for each
//   of several suspects.
// Digests are keyed with the publisher's secret, so that nobody finds a place by trying all places.
// The files tell no order of a record's versions. The revision is 1 where the mapping gives an area and 0 elsewhere, so
// that a mapping written after a file was published takes effect when the file is published again. Otherwise the
// version with the greater id is current: the same for everybody and for every order of publishing, but not always the
// newer one.
//
// Errors: what is wrong with one row is its refusal; kUnreadable for a header that is of neither kind of file, with the
// columns it lacks. Neither ever has a cell's value. Memory: as adapters/csv_rows.h, and the counts of equal rows
// (adapters/row_ordinals.h). Thread: one, the caller's. Owns the stream; borrows the mapping, which must outlive it.
#pragma once

#include <istream>
#include <memory>
#include <span>
#include <string>

#include "adapters/police_uk_mapping.h"
#include "adapters/publisher.h"
#include "adapters/reader.h"
#include "broker/core/limits.h"

namespace moot {

// Whether that is the header of one of these files, perhaps with a column too few or too many.
bool is_police_uk_header(std::span<const std::string> header);

// `file_name` is what origins and sentences call the file.
Result<std::unique_ptr<Reader>> open_police_uk(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                               const Publisher& publisher, const PoliceUkMapping& mapping,
                                               const Limits& limits);

}  // namespace moot
