#include "tests/faults/recorded_disk.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace moot {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSector = 512;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot be read: " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(std::string& bytes, std::size_t at, std::string_view data) {
  if (bytes.size() < at + data.size()) bytes.resize(at + data.size(), '\0');
  data.copy(bytes.data() + at, data.size());
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

const char* word_of(Survival survival) {
  static constexpr const char* kWords[] = {"nothing", "everything", "a prefix", "scattered sectors"};
  return kWords[static_cast<int>(survival)];
}

struct RecordedDisk::File {
  // One write, or one change of size, since the last sync.
  struct Pending {
    std::size_t offset = 0;
    std::string_view data;  // of the journal
    std::optional<std::size_t> size;
    bool lost_to_error = false;  // a sync failed after it: no later sync makes it durable
  };
  fs::path base;                     // what it holds while `bytes` is not set; empty = nothing
  std::optional<std::string> bytes;  // what is durable
  std::vector<Pending> pending;
};

struct RecordedDisk::Change {
  enum Kind { kAdd, kRemove, kRename } kind;
  std::string name;
  std::string other;
  NodeRef node;
};

struct RecordedDisk::Folder {
  std::map<std::string, NodeRef> now;
  std::map<std::string, NodeRef> durable;
  std::vector<Change> pending;
};

struct RecordedDisk::Node {
  std::optional<File> file;
  std::optional<Folder> folder;
  fs::perms permissions = fs::perms::owner_read | fs::perms::owner_write;
};

namespace {

void apply_pending(std::string& bytes, std::size_t offset, std::string_view data,
                   const std::optional<std::size_t>& size) {
  if (size)
    bytes.resize(*size, '\0');
  else
    put(bytes, offset, data);
}

}  // namespace

// Writes one survivor.
struct RecordedDisk::Builder {
  Survival survival;
  std::mt19937 random;
  SurvivorFigures figures = {};
  std::map<const Node*, fs::path> written = {};  // a file with two names is written once

  static void apply(std::map<std::string, NodeRef>& names, const Change& change) {
    if (change.kind == Change::kAdd) names[change.name] = change.node;
    if (change.kind == Change::kRemove) names.erase(change.name);
    if (change.kind != Change::kRename) return;
    names.erase(change.name);
    names[change.other] = change.node;
  }

  // How many of the first `of` survive.
  std::size_t prefix_of(std::size_t of) {
    if (survival == Survival::kNothing) return 0;
    return survival == Survival::kEverything ? of : random() % (of + 1);
  }

  void folder(const Node& node, const fs::path& into) {
    fs::create_directories(into);
    std::map<std::string, NodeRef> names = node.folder->durable;
    const std::size_t kept = prefix_of(node.folder->pending.size());
    for (std::size_t i = 0; i < kept; ++i) apply(names, node.folder->pending[i]);
    figures.kept_names += kept;
    figures.lost_names += node.folder->pending.size() - kept;
    for (const auto& [name, child] : names) {
      if (child->folder)
        folder(*child, into / name);
      else
        file(*child, into / name);
    }
    fs::permissions(into, node.permissions);
  }

  void file(const Node& node, const fs::path& into) {
    const auto other_name = written.find(&node);
    if (other_name != written.end()) return fs::create_hard_link(other_name->second, into);
    written[&node] = into;
    const File& file = *node.file;
    if (!file.bytes && file.pending.empty() && !file.base.empty()) {
      fs::copy_file(file.base, into);
      return;
    }
    std::string bytes = file.bytes ? *file.bytes : file.base.empty() ? std::string() : bytes_of(file.base);
    const SurvivorFigures before_it = figures;
    if (survival == Survival::kScattered)
      scatter(file, bytes);
    else
      cut_short(file, bytes);
    if (into.parent_path().filename() == "log" && into.filename() != "LOG") {
      figures.lost_log_bytes += figures.lost_bytes - before_it.lost_bytes;
      figures.kept_log_bytes += figures.kept_bytes - before_it.kept_bytes;
    }
    std::ofstream out(into, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot be written: " + into.string());
    fs::permissions(into, node.permissions);
  }

  void cut_short(const File& file, std::string& bytes) {
    const std::size_t kept = prefix_of(file.pending.size());
    for (std::size_t i = 0; i < file.pending.size(); ++i) {
      const File::Pending& write = file.pending[i];
      std::string_view data = write.data;
      if (i >= kept) {
        figures.lost_bytes += data.size();
        continue;
      }
      if (i + 1 == kept && survival == Survival::kPrefix && !write.size && random() % 2 == 0) {
        const std::size_t sectors = (write.offset % kSector + data.size()) / kSector;
        const std::size_t end = sectors == 0 ? 0 : (write.offset / kSector + random() % (sectors + 1)) * kSector;
        const std::size_t whole = end <= write.offset ? 0 : std::min(data.size(), end - write.offset);
        if (whole > 0 && whole < data.size()) ++figures.torn_writes;
        figures.lost_bytes += data.size() - whole;
        data = data.substr(0, whole);
        if (data.empty()) continue;
      }
      figures.kept_bytes += data.size();
      apply_pending(bytes, write.offset, data, write.size);
    }
  }

  void scatter(const File& file, std::string& bytes) {
    for (const File::Pending& write : file.pending) {
      const unsigned fate = random() % 4;  // gone, there, by sectors twice as often
      if (fate == 0 || write.size) {
        figures.lost_bytes += write.data.size();
        if (write.size && fate != 0) apply_pending(bytes, 0, {}, write.size);
        continue;
      }
      std::size_t kept = 0;
      for (std::size_t at = 0; at < write.data.size();) {
        const std::size_t length = std::min(kSector - (write.offset + at) % kSector, write.data.size() - at);
        if (fate == 1 || random() % 2 == 0) {
          put(bytes, write.offset + at, write.data.substr(at, length));
          kept += length;
        }
        at += length;
      }
      // The size may have come further than the bytes.
      if (fate == 2 && bytes.size() < write.offset + write.data.size())
        bytes.resize(write.offset + write.data.size(), '\0');
      if (kept > 0 && kept < write.data.size()) ++figures.torn_writes;
      figures.kept_bytes += kept;
      figures.lost_bytes += write.data.size() - kept;
    }
  }
};

RecordedDisk::RecordedDisk(const fs::path& before, fs::path root, const fs::path& journal) : root_(std::move(root)) {
  top_ = load(before);
  read(journal);
}

RecordedDisk::~RecordedDisk() = default;

RecordedDisk::NodeRef RecordedDisk::load(const fs::path& path) const {
  auto node = std::make_shared<Node>();
  node->permissions = fs::status(path).permissions();
  if (!fs::is_directory(path)) {
    node->file.emplace().base = path;
    return node;
  }
  node->folder.emplace();
  for (const auto& entry : fs::directory_iterator(path))
    node->folder->now[entry.path().filename().string()] = load(entry.path());
  node->folder->durable = node->folder->now;
  return node;
}

std::string RecordedDisk::below_root(std::string_view path) const {
  const std::string& root = root_.native();
  if (!path.starts_with(root)) throw std::runtime_error("a path outside the root: " + std::string(path));
  return std::string(path.substr(root.size()));
}

void RecordedDisk::read(const fs::path& journal) {
  journal_ = bytes_of(journal);
  for (std::size_t at = 0; at < journal_.size();) {
    DiskRecord record;
    // The process was killed within the call that wrote this record: what it stands for was told to nobody.
    if (journal_.size() - at < sizeof record) break;
    std::memcpy(&record, journal_.data() + at, sizeof record);
    const std::size_t data = record.act == DiskAct::kWrite ? record.length : 0;
    const std::size_t names = at + sizeof record;
    const std::size_t end = names + record.name_bytes + record.other_bytes + data;
    if (record.mark != 'd') throw std::runtime_error("the journal holds what is no record");
    if (end > journal_.size()) break;
    Operation operation{record.act, below_root(std::string_view(journal_).substr(names, record.name_bytes)), "",
                        record.inode, end};
    const std::string other = journal_.substr(names + record.name_bytes, record.other_bytes);
    operation.other = record.act == DiskAct::kFault || other.empty() ? other : below_root(other);
    operations_.push_back(std::move(operation));
    at = end;
  }
}

void RecordedDisk::play_to(std::size_t count) {
  for (; played_ < std::min(count, operations_.size()); ++played_) {
    const Operation& operation = operations_[played_];
    const std::size_t begin = played_ == 0 ? 0 : operations_[played_ - 1].end;
    DiskRecord record;
    std::memcpy(&record, journal_.data() + begin, sizeof record);
    const std::size_t data = begin + sizeof record + record.name_bytes + record.other_bytes;
    apply(operation, record, std::string_view(journal_).substr(data, operation.end - data));
  }
}

void RecordedDisk::apply(const Operation& operation, const DiskRecord& record, std::string_view data) {
  switch (record.act) {
    case DiskAct::kOpen:
      by_inode_[record.inode] = find(operation.path);
      return;
    case DiskAct::kWrite:
    case DiskAct::kSize:
      return write(by_inode_.at(record.inode), record, data);
    case DiskAct::kSync:
      return sync(*by_inode_.at(record.inode));
    case DiskAct::kSyncFailed:
      if (Node& node = *by_inode_.at(record.inode); node.file)
        for (File::Pending& pending : node.file->pending) pending.lost_to_error = true;
      return;
    case DiskAct::kSyncAll:
      return sync_below(*top_);
    case DiskAct::kFault:
      return;
    default:
      return change_names(operation, record.inode);
  }
}

void RecordedDisk::write(const NodeRef& node, const DiskRecord& record, std::string_view data) const {
  File::Pending pending;
  if (record.act == DiskAct::kSize)
    pending.size = record.length;
  else
    pending.offset = record.offset;
  pending.data = data;
  node->file->pending.push_back(pending);
}

void RecordedDisk::sync(Node& node) {
  if (node.folder) {
    node.folder->durable = node.folder->now;
    node.folder->pending.clear();
    return;
  }
  File& file = *node.file;
  if (file.pending.empty()) return;
  if (!file.bytes) file.bytes = file.base.empty() ? std::string() : bytes_of(file.base);
  std::vector<File::Pending> left;
  for (const File::Pending& pending : file.pending) {
    if (pending.lost_to_error)
      left.push_back(pending);
    else
      apply_pending(*file.bytes, pending.offset, pending.data, pending.size);
  }
  file.pending = std::move(left);
}

void RecordedDisk::sync_below(Node& node) {
  sync(node);
  if (!node.folder) return;
  for (const auto& [name, child] : node.folder->now) sync_below(*child);
}

void RecordedDisk::change_names(const Operation& operation, std::uint64_t inode) {
  Folder& folder = *folder_of(operation.path).folder;
  Change change{Change::kAdd, name_of(operation.path), "", nullptr};
  switch (operation.act) {
    case DiskAct::kCreate:
      change.node = std::make_shared<Node>();
      change.node->file.emplace();
      by_inode_[inode] = change.node;
      break;
    case DiskAct::kMakeFolder:
      change.node = std::make_shared<Node>();
      change.node->folder.emplace();
      change.node->permissions = fs::perms::owner_all;
      break;
    case DiskAct::kLink: {
      Folder& target = *folder_of(operation.other).folder;
      change.name = name_of(operation.other);
      change.node = find(operation.path);
      Builder::apply(target.now, change);
      target.pending.push_back(std::move(change));
      return;
    }
    case DiskAct::kRename:
      if (&folder_of(operation.other) != &folder_of(operation.path))
        throw std::runtime_error("a rename from one folder to another is not modelled: " + operation.path);
      change.kind = Change::kRename;
      change.other = name_of(operation.other);
      change.node = find(operation.path);
      break;
    default:
      change.kind = Change::kRemove;
  }
  Builder::apply(folder.now, change);
  folder.pending.push_back(std::move(change));
}

RecordedDisk::NodeRef RecordedDisk::find(const std::string& path) const {
  NodeRef node = top_;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const auto child = node->folder.value().now.find(path.substr(at, end - at));
    if (child == node->folder->now.end())
      throw std::runtime_error("the journal speaks of a path that is not there: " + path);
    node = child->second;
    at = end + 1;
  }
  return node;
}

RecordedDisk::Node& RecordedDisk::folder_of(const std::string& path) const {
  return *find(path.substr(0, path.rfind('/')));
}

SurvivorFigures RecordedDisk::survive(const fs::path& into, Survival survival, unsigned seed) const {
  Builder builder{survival, std::mt19937(seed)};
  builder.folder(*top_, into);
  return builder.figures;
}

}  // namespace moot
