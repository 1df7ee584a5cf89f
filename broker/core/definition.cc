#include "broker/core/definition.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace moot {

namespace {

std::string place_in_words(const std::string& file, std::uint32_t line, const std::string& key) {
  return file + (line > 0 ? ", line " + std::to_string(line) : "") + ", key \"" + key + "\": ";
}

std::string full_key(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

}  // namespace

Status DefinitionPlace::mistake(std::string_view key, const std::string& sentence) const {
  if (file_.empty()) return {Code::kDefinition, sentence};
  const auto found = lines_.find(key);
  return {Code::kDefinition,
          place_in_words(file_, found == lines_.end() ? line_ : found->second, full_key(path_, key)) + sentence};
}

struct Definition::Document {
  // A table that was handed out, and the keys its reader asked for.
  struct Visited {
    const toml::table* table;
    std::string path;
    std::shared_ptr<std::set<std::string, std::less<>>> asked;
  };

  std::filesystem::path file;
  std::string toml;
  toml::table root;
  std::vector<Visited> visited;
  Status first_mistake;

  void mistake(std::uint32_t line, const std::string& key, std::string_view expected) {
    if (!first_mistake.ok()) return;
    first_mistake = Status(Code::kDefinition, place_in_words(file.string(), line, key) + std::string(expected));
  }
};

// One table of the document.
struct Definition::Node {
  Node(Document& document, const toml::table& its_table, std::string its_path)
      : table(&its_table), path(std::move(its_path)) {
    document.visited.push_back({table, path, asked});
  }

  const toml::table* table;
  std::string path;  // "section.points", for the sentence
  std::shared_ptr<std::set<std::string, std::less<>>> asked = std::make_shared<std::set<std::string, std::less<>>>();

  const toml::node* ask(std::string_view key) const {
    asked->emplace(key);
    return table->get(key);
  }
  std::string full(std::string_view key) const { return full_key(path, key); }
  std::uint32_t line(std::string_view key) const {
    const toml::node* node = table->get(key);
    return node != nullptr ? node->source().begin.line : table->source().begin.line;
  }
};

Definition::Definition(std::shared_ptr<Document> document, std::unique_ptr<Node> node)
    : document_(std::move(document)), node_(std::move(node)) {}
Definition::Definition(Definition&&) noexcept = default;
Definition& Definition::operator=(Definition&&) noexcept = default;
Definition::~Definition() = default;

Result<Definition> Definition::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  std::error_code ignored;  // a folder opens too, and reads as nothing
  if (!in.good() || std::filesystem::is_directory(file, ignored))
    return Status(Code::kMissing, file.string() + ": cannot be read");
  return parse(text.str(), file.string());
}

Result<Definition> Definition::parse(std::string_view toml, std::string_view name) {
  auto document = std::make_shared<Document>();
  document->file = std::string(name);
  document->toml = std::string(toml);
  try {
    document->root = toml::parse(toml, std::string(name));
  } catch (const toml::parse_error& error) {
    return Status(Code::kDefinition, std::string(name) + ", line " + std::to_string(error.source().begin.line) +
                                         ": not TOML: " + std::string(error.description()));
  }
  auto node = std::make_unique<Node>(*document, document->root, "");
  return Definition(std::move(document), std::move(node));
}

bool Definition::has(std::string_view key) const { return node_->table->contains(key); }

std::vector<std::string> Definition::keys() const {
  std::vector<std::pair<toml::source_position, std::string>> found;
  for (const auto& [key, value] : *node_->table) found.emplace_back(key.source().begin, std::string(key.str()));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (auto& entry : found) names.push_back(std::move(entry.second));
  return names;
}

void Definition::mistake(std::string_view key, std::string_view expected) {
  document_->mistake(node_->line(key), node_->full(key), expected);
}

std::string Definition::text(std::string_view key) {
  const toml::node* node = node_->ask(key);
  if (node != nullptr && node->is_string() && !node->as_string()->get().empty()) return node->as_string()->get();
  mistake(key, node == nullptr ? "is required, a text" : "expected a text, not empty");
  return "";
}

std::string Definition::text_or(std::string_view key, std::string_view otherwise) {
  const toml::node* node = node_->ask(key);
  if (node == nullptr) return std::string(otherwise);
  if (node->is_string()) return node->as_string()->get();
  mistake(key, "expected a text");
  return std::string(otherwise);
}

std::optional<std::string> Definition::text_if(std::string_view key) {
  const toml::node* node = node_->ask(key);
  if (node == nullptr || !node->is_string()) return std::nullopt;
  return node->as_string()->get();
}

std::int64_t Definition::integer(std::string_view key, std::int64_t at_least, std::int64_t at_most) {
  const toml::node* node = node_->ask(key);
  if (node == nullptr) {
    mistake(key, "is required, a whole number");
    return at_least;
  }
  return integer_or(key, at_least, at_least, at_most);
}

std::int64_t Definition::integer_or(std::string_view key, std::int64_t otherwise, std::int64_t at_least,
                                    std::int64_t at_most) {
  const toml::node* node = node_->ask(key);
  if (node == nullptr) return otherwise;
  const std::int64_t value = node->is_integer() ? node->as_integer()->get() : at_least;
  if (!node->is_integer() || value < at_least || value > at_most) {
    mistake(key, "expected a whole number from " + std::to_string(at_least) + " to " + std::to_string(at_most));
    return otherwise;
  }
  return value;
}

bool Definition::flag_or(std::string_view key, bool otherwise) {
  const toml::node* node = node_->ask(key);
  if (node == nullptr) return otherwise;
  if (node->is_boolean()) return node->as_boolean()->get();
  mistake(key, "expected true or false");
  return otherwise;
}

std::optional<Date> Definition::date(std::string_view key) {
  const toml::node* node = node_->ask(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_date()) {
    const toml::date date = node->as_date()->get();
    return Date{date.year, date.month, date.day};
  }
  mistake(key, "expected a date such as 2021-03-02, without quotation marks");
  return std::nullopt;
}

std::vector<std::string> Definition::texts(std::string_view key) {
  std::vector<std::string> found;
  const toml::node* node = node_->ask(key);
  if (node == nullptr) return found;
  const toml::array* array = node->as_array();
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto* text = (*array)[i].as_string();
    if (text == nullptr)
      array = nullptr;
    else
      found.push_back(text->get());
  }
  if (array == nullptr) mistake(key, "expected a list of texts");
  return found;
}

std::optional<Definition> Definition::table(std::string_view key) {
  const toml::node* node = node_->ask(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) {
    mistake(key, "expected a table");
    return std::nullopt;
  }
  return Definition(document_, std::make_unique<Node>(*document_, *node->as_table(), node_->full(key)));
}

std::vector<Definition> Definition::tables(std::string_view key) {
  std::vector<Definition> found;
  const toml::node* node = node_->ask(key);
  if (node == nullptr) return found;
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous<toml::table>()) {
    mistake(key, "expected an array of tables, [[" + node_->full(key) + "]]");
    return found;
  }
  for (const toml::node& element : *array) {
    found.push_back(Definition(document_, std::make_unique<Node>(*document_, *element.as_table(), node_->full(key))));
  }
  return found;
}

Status Definition::finish() {
  for (const Document::Visited& node : document_->visited) {
    for (const auto& [key, value] : *node.table) {
      if (node.asked->count(key.str()) > 0) continue;
      document_->mistake(key.source().begin.line, full_key(node.path, key.str()),
                         "is not a key this file has; is it misspelt?");
    }
  }
  return document_->first_mistake;
}

DefinitionPlace Definition::place() const {
  DefinitionPlace place;
  place.file_ = document_->file.string();
  place.path_ = node_->path;
  place.line_ = node_->table->source().begin.line;
  for (const auto& [key, value] : *node_->table) place.lines_.emplace(key.str(), value.source().begin.line);
  return place;
}

const std::filesystem::path& Definition::file() const { return document_->file; }

const std::string& Definition::toml() const { return document_->toml; }

}  // namespace moot
