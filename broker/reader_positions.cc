#include "broker/reader_positions.h"

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"

namespace moot {

namespace {

constexpr std::string_view kPlace = "readers";

void append_text(std::string& out, std::string_view text) {
  append_be(out, text.size(), 4);
  out += text;
}

bool take(std::string_view& from, std::size_t bytes, std::string_view& taken) {
  if (from.size() < bytes) return false;
  taken = from.substr(0, bytes);
  from.remove_prefix(bytes);
  return true;
}

bool take_text(std::string_view& from, std::string_view& text) {
  std::string_view size;
  return take(from, 4, size) && take(from, from_be(size), text);
}

}  // namespace

ReaderPositions::ReaderPositions(const Reading* reading, const Clock* clock, std::filesystem::path file, const Key& key)
    : reading_(reading), clock_(clock), file_(std::move(file)), key_(key) {}

void ReaderPositions::load(Offset end) {
  const Result<std::string> stored = read_whole_file(file_);
  if (!stored.ok()) return;
  const Result<std::string> entries = unseal(key_, *stored, kPlace);
  if (!entries.ok() || !read_entries(*entries, end)) positions_.clear();
}

bool ReaderPositions::read_entries(std::string_view entries, Offset end) {
  while (!entries.empty()) {
    std::string_view there, agency, bytes;
    if (!take(entries, 8, there) || !take_text(entries, agency) || !take_text(entries, bytes)) return false;
    v1::Consume consume;
    const Result<AgencyId> id = AgencyId::parse(agency);
    if (!id.ok() || !consume.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return false;
    const Offset through{std::min(consume.from_offset(), end.value)};  // an older log may have been restored
    positions_[{id->value(), consume.reader()}] = {
        {{*id, consume.purpose()}, consume.reader(), consume.coverage(), consume.filter(), through},
        {0, {}, through},
        Instant{static_cast<std::int64_t>(from_be(there))}};
  }
  return true;
}

void ReaderPositions::begin(Reader reader) {
  const std::string& agency = reader.recipient.agency.value();
  const auto first = positions_.lower_bound({agency, ""});
  auto longest_away = first;
  std::size_t readers = 0;
  for (auto one = first; one != positions_.end() && one->first.first == agency; ++one, ++readers)
    if (one->second.there.us < longest_away->second.there.us) longest_away = one;
  const std::pair<std::string, std::string> who{agency, reader.name};
  if (readers >= kOfAgencyMax && !positions_.contains(who)) positions_.erase(longest_away);
  const Offset through = reader.through;
  positions_[who] = {std::move(reader), {0, {}, through}, clock_->now()};
  changed_ = true;
}

void ReaderPositions::move(const AgencyId& agency, const std::string& name, Offset through) {
  const auto found = positions_.find({agency.value(), name});
  if (found == positions_.end()) return;
  found->second.reader.through = through;
  found->second.unread = {0, {}, through};
  found->second.there = clock_->now();
  changed_ = true;
}

void ReaderPositions::still_there(const AgencyId& agency, const std::string& name) {
  if (const auto found = positions_.find({agency.value(), name}); found != positions_.end())
    found->second.there = clock_->now();
}

// Of those that are behind; the rest of a long way is counted later. What cannot be read its reader is told of.
void ReaderPositions::count() {
  std::size_t left = kCountedRecordsMax;
  for (auto& [who, position] : positions_) {
    Reader& reader = position.reader;
    const std::string coverage = reading_->coverage_of(reader.recipient);
    if (coverage != reader.coverage) position.unread = {0, {}, reader.through};
    reader.coverage = coverage;
    (void)reading_->count(reader.recipient, reader.filter, left, position.unread);
  }
}

std::map<std::string, ReaderPositions::Behind> ReaderPositions::behind(Offset end) {
  const std::int64_t now = clock_->now().us;
  changed_ |=
      std::erase_if(positions_, [&](const auto& one) { return now - one.second.there.us > kForgottenAfterUs; }) > 0;
  count();
  std::map<std::string, Behind> behind;
  for (const auto& [who, position] : positions_) {
    const Reading::Unread& unread = position.unread;
    Behind& most = behind[who.first];
    const std::uint64_t events = unread.events + end.value - unread.through.value;  // exact where all was looked at
    if (events >= most.events) most = {events, unread.first.value_or(unread.through), who.second};
  }
  return behind;
}

Status ReaderPositions::save() {
  if (!changed_ || file_.empty()) return {};
  std::string entries;
  for (const auto& [who, position] : positions_) {
    v1::Consume consume;
    consume.set_reader(position.reader.name);
    consume.set_purpose(position.reader.recipient.purpose);
    consume.set_coverage(position.reader.coverage);
    *consume.mutable_filter() = position.reader.filter;
    consume.set_from_offset(position.reader.through.value);
    append_be(entries, static_cast<std::uint64_t>(position.there.us), 8);
    append_text(entries, who.first);
    append_text(entries, consume.SerializeAsString());
  }
  MOOT_RETURN_IF_ERROR(write_whole_file(file_, seal(key_, entries, kPlace)));
  changed_ = false;
  return {};
}

}  // namespace moot
