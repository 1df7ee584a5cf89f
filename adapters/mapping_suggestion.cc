#include "adapters/mapping_suggestion.h"

#include <array>
#include <cstdio>
#include <set>

#include "adapters/csv_cells.h"
#include "adapters/json_document.h"
#include "adapters/mapping.h"

namespace moot {

namespace {

using Kind = ColumnGuess::Kind;

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < ' ' || c == 127) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += code.data();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// As a comment says a name: on one line.
std::string in_comment(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < ' ' || c == 127 ? ' ' : c;
  return out;
}

std::string dated(const ColumnGuess& guess) {
  return "{ column = " + toml_text(guess.column) + ", format = " + toml_text(guess.format) + " }";
}

std::string file_part(const CsvSample& sample) {
  const std::string delimiter = sample.delimiter == '\t' ? "\"\\t\"" : toml_text(std::string(1, sample.delimiter));
  std::string text = "\n[file]\nencoding  = ";
  text += sample.encoding == Encoding::kUtf8 ? "\"utf-8\"\n" : "\"windows-1252\"\n";
  text += "delimiter = " + delimiter + "\n";
  if (sample.skip_lines > 0) text += "skip_lines = " + std::to_string(sample.skip_lines) + "\n";
  if (!sample.footer.empty()) text += "footer = " + toml_text(sample.footer) + "\n";
  return text;
}

std::string time_part(const std::string& table, const ColumnGuess& guess) {
  std::string text = "\n[" + table + "]\ncolumn = " + toml_text(guess.column) + "\nformat = " + toml_text(guess.format);
  if (guess.two_ways) text += "   # is the day before the month? Each of these dates could be read both ways";
  return text + (guess.format.ends_with("Z") ? "\nzone   = \"UTC\"\n" : "\n");
}

// The cells met, each with the code that it is made into.
std::string coded(const ColumnGuess& guess) {
  constexpr std::pair<std::string_view, std::string_view> kChannels[] = {
      {"999", "999"}, {"101", "101"}, {"web", "web"}, {"online", "web"}, {"email", "web"}};
  std::string codes;
  for (const std::string& value : guess.values) {
    std::string code = as_code(value);
    if (guess.field == "channel")
      for (const auto& [part, channel] : kChannels)
        if (code.find(part) != std::string::npos) code = channel;
    if (code.empty()) continue;
    codes += (codes.empty() ? "" : ", ") + toml_text(value) + " = " + toml_text(code);
  }
  return "{ column = " + toml_text(guess.column) + ", codes = { " + codes + " }, unmapped = \"omit\" }";
}

std::string facts_part(const TableGuess& table) {
  std::string text;
  for (const ColumnGuess& guess : table.columns) {
    if (guess.kind != Kind::kFact) continue;
    if (text.empty())
      text = "\n[facts]   # codes, numbers and dates only; unmapped = \"refuse\" would refuse what is not listed\n";
    const std::string value = guess.values.empty() ? "{ column = " + toml_text(guess.column) + " }" : coded(guess);
    text += guess.field + " = " + value + "\n";
  }
  return text;
}

std::string parts_of(const TableGuess& table, Kind kind, const std::string& name) {
  std::set<std::string> roles;
  std::string text;
  for (const ColumnGuess& first : table.columns) {
    if (first.kind != kind || !roles.insert(first.role).second) continue;
    text += "\n[[" + name + "]]\nrole = " + toml_text(first.role) + "\n";
    for (const ColumnGuess& guess : table.columns)
      if (guess.kind == kind && guess.role == first.role)
        text += guess.field + " = " + (guess.format.empty() ? toml_text(guess.column) : dated(guess)) + "\n";
  }
  return text;
}

std::string texts_part(const TableGuess& table) {
  std::string text;
  for (const ColumnGuess& guess : table.columns)
    if (guess.kind == Kind::kText)
      text += "\n[[texts]]\nfield  = " + toml_text(guess.field) + "\ncolumn = " + toml_text(guess.column) + "\n";
  return text;
}

std::string unused_part(const TableGuess& table) {
  std::string text;
  for (const ColumnGuess& guess : table.columns) {
    if (guess.kind != Kind::kUnused) continue;
    if (text.empty()) text = "\n# Not taken; name them above if they matter:\n";
    text += "#   " + in_comment(guess.column) +
            (guess.personal ? "   (looks personal: only under people, places or texts)\n" : "\n");
  }
  return text;
}

std::string toml_of(const CsvSample& sample, const TableGuess& table, const std::string& name,
                    const std::string& agency) {
  const ColumnGuess& key = *table.find(Kind::kKey);
  std::string text = "# A first mapping, suggested from the header and the first " +
                     std::to_string(sample.rows.size()) + " rows of " + in_comment(name) +
                     ".\n# Everything in it is a guess: read it, then try it with  moot map check FILE "
                     "--mapping THIS\n\ntitle  = " +
                     toml_text("Export " + name) + "\nformat = \"csv\"\n";
  text += "source = " + toml_text("/" + (agency.empty() ? "your-agency" : agency) + "/export") +
          "   # /<the agency's id>/<its system>\ntype   = " + toml_text(table.type) +
          "   # incident.reported, contact.received, referral.made, risk.assessed, …\n";
  text += file_part(sample) + "\n[record]\nkey = " + toml_text(key.column) + "\n";
  if (table.repeats)
    text += "revisions = \"by-content\"   # its numbers repeat: rows of one number are taken for its versions\n";
  if (const ColumnGuess* revision = table.find(Kind::kRevision))
    text += "revision = " + toml_text(revision->column) + "\n";
  text += time_part("time", *table.find(Kind::kTime));
  if (const ColumnGuess* known = table.find(Kind::kKnownTime)) text += time_part("known_time", *known);
  if (const ColumnGuess* area = table.find(Kind::kArea))
    text +=
        "\n[envelope]\n# or: { column = …, areas = true }, which looks it up among the partnership's areas\narea = " +
        coded(*area) + "\n";
  return text + facts_part(table) + parts_of(table, Kind::kPerson, "people") + parts_of(table, Kind::kPlace, "places") +
         texts_part(table) + unused_part(table);
}

}  // namespace

Result<MappingSuggestion> suggest_mapping(std::istream& stream, const std::string& name, const std::string& agency) {
  const Result<CsvSample> sample = sample_csv(stream, name);
  if (!sample.ok()) return sample.status();
  Result<TableGuess> table = guess_columns(*sample, name);
  if (!table.ok()) return table.status();
  MappingSuggestion suggestion{toml_of(*sample, *table, name, agency), std::move(*table)};
  const Result<Mapping> loaded = parse_mapping(suggestion.toml, name);
  if (!loaded.ok()) return loaded.status().with("no mapping can be suggested");
  return suggestion;
}

}  // namespace moot
