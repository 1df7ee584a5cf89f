#include "tests/end_to_end/generated_files.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace moot {

namespace {

// Numbers from here on are of rows with a fault: no good row has the same key, so none settles what they leave behind.
constexpr std::size_t kFaulty = 900'000;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text.substr(0, 200);
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string two_digits(std::size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

struct Tenant {
  std::string name, born, born_iso, postcode;
};
// The first three ring the wardens too, so that the agencies' records meet in the documents.
const std::vector<Tenant> kTenants = {{"Wilhelmina Fabrikam", "03.01.1950", "1950-01-03", "ZZ97 1AA"},
                                      {"Odalric Testwright", "14.02.1961", "1961-02-14", "ZZ97 2AB"},
                                      {"Perpetua Mockford", "25.03.1972", "1972-03-25", "ZZ97 3AC"},
                                      {"Thaddeus Madeupley", "09.09.1984", "1984-09-09", "ZZ97 8QZ"},
                                      {"Rosamund Inventry", "30.11.1949", "1949-11-30", "ZZ97 9QZ"}};

}  // namespace

std::size_t GeneratedPublisher::bytes() const {
  std::size_t bytes = 0;
  for (const GeneratedFile& file : files) bytes += file.bytes;
  return bytes;
}

Words GeneratedPublisher::offering() const {
  Words words = {"publish"};
  for (const GeneratedFile& file : files) words.push_back(file.path.string());
  words.insert(words.end(), {"--backfill", "--json", "--timeout", "60"});
  if (!mapping.empty()) words.insert(words.end(), {"--mapping", mapping.string()});
  return words;
}

Words GeneratedPublisher::publication() const {
  Words words = offering();
  words.insert(words.end(), {"--as", agency});
  return words;
}

Words GeneratedPublisher::publication(const std::filesystem::path& key_file, const std::string& bus_address) const {
  Words words = offering();
  words.insert(words.end(), {"--key", key_file.string(), "--bus", bus_address});
  return words;
}

GeneratedFiles::GeneratedFiles(std::filesystem::path folder, unsigned seed)
    : folder_(std::move(folder)), partnership_(folder_ / "partnership", 3), random_(seed) {
  // Two of one agency, who meet at the same rows; files of several messages each.
  add_publisher("wardens-a", PartnershipFixture::kWardens, wardens_rows(), 1 + pick(2), 2200 + pick(1400));
  add_publisher("wardens-b", PartnershipFixture::kWardens, wardens_rows(), 1 + pick(2), 2200 + pick(1400));
  add_publisher("homes", PartnershipFixture::kHomes, homes_rows(), 1 + pick(2), 1600 + pick(1500));
  add_publisher("clinic", PartnershipFixture::kClinic, clinic_rows(), 1, 1600 + pick(1500));
  for (GeneratedPublisher& publisher : publishers_)
    for (GeneratedFile& file : publisher.files)
      for (const Name& name : shared_) file.only_here.erase(name);
  std::shuffle(publishers_.begin(), publishers_.end(), random_);
}

void GeneratedFiles::add_publisher(const std::string& name, const std::string& agency, const Rows& rows,
                                   std::size_t files, std::size_t rows_each) {
  GeneratedPublisher publisher;
  publisher.agency = agency;
  if (agency == PartnershipFixture::kWardens) publisher.mapping = partnership_.calls_mapping();
  if (agency == PartnershipFixture::kHomes) publisher.mapping = partnership_.cases_mapping();
  versions_.clear();
  std::vector<Row> said;
  for (std::size_t i = 0; i < files; ++i) {
    note_characters_ = one_of<std::size_t>({1200, 3000, 3800});
    const std::string file = name + "-" + std::to_string(i + 1) + (publisher.mapping.empty() ? ".jsonl" : ".csv");
    publisher.files.push_back(write_file(file, agency, rows, rows_each, said));
    rows_ += publisher.files.back().rows;
  }
  publishers_.push_back(std::move(publisher));
  std::vector<Row>& all = said_[agency];
  all.insert(all.end(), said.begin(), said.end());
}

GeneratedFile GeneratedFiles::write_file(const std::string& file, const std::string& agency, const Rows& rows,
                                         std::size_t count, std::vector<Row>& said) {
  GeneratedFile written;
  written.path = folder_ / file;
  std::string text = rows.header;
  const std::int64_t first_row = rows.header.empty() ? 1 : 2;
  const std::vector<Row>& elsewhere = said_[agency];
  for (; written.rows < static_cast<std::int64_t>(count); ++written.rows) {
    const std::size_t kind = pick(100);
    if (kind < 8 && !said.empty()) {
      text += one_of(said).text;  // again
    } else if (kind < 14 && !elsewhere.empty()) {
      const Row& row = one_of(elsewhere);  // another publisher of the agency has it too
      text += row.text;
      shared_.insert(row.name);
    } else if (kind < 24) {
      text += kind < 18 && !said.empty() ? rows.contradicting(one_of(said)) : rows.faulty();
      refusals_.emplace(agency, file, written.rows + first_row);
      ++written.refused;
    } else {
      said.push_back(rows.fresh());
      text += said.back().text;
      events_.insert(said.back().name);
      written.only_here.insert(said.back().name);
    }
  }
  write_text(written.path, text);
  written.bytes = text.size();
  return written;
}

std::string GeneratedFiles::call(std::size_t number) {
  const std::string text = PartnershipFixture::calls_csv(number, 1, note_characters_);
  return text.substr(PartnershipFixture::calls_header().size());
}

std::string GeneratedFiles::faulty_call() {
  const std::size_t number = kFaulty + 6 * faults_++;  // divisible by 3 and 2: by form, from the upper part
  switch (pick(6)) {
    case 0:
      return replaced(call(number), ",form,", ",pigeon,");  // a code that the mapping has not
    case 1:
      return replaced(call(number), ",2022-", ",2022/");  // no such date
    case 2:
      return call(number).substr(9);  // no key
    case 3:
      return "one cell\n";
    case 4:
      return replaced(call(number), ",", std::string(200, '9') + ",");  // a key of more than 200 characters
    default:
      return PartnershipFixture::calls_csv(number, 1, 4500).substr(PartnershipFixture::calls_header().size());
  }
}

GeneratedFiles::Rows GeneratedFiles::wardens_rows() {
  return {PartnershipFixture::calls_header(),
          [this] {
            const std::string text = call(calls_++);
            return Row{{"/millbrook-wardens/calls", text.substr(0, text.find(','))}, text};
          },
          [](const Row& row) { return replaced(row.text, ",Rang about", ",Wrote about"); },
          [this] { return faulty_call(); }};
}

// Cases of one to three versions, the versions of some twenty cases in any order.
GeneratedFiles::Row GeneratedFiles::next_case() {
  while (versions_.size() < 40) {
    const std::string key = "BH-" + std::to_string(++records_);
    const std::string opened = two_digits(1 + pick(28)) + "." + two_digits(4 + pick(2)) + ".2022";
    const Tenant& tenant = one_of(kTenants);
    for (std::size_t version = 1, last = 1 + pick(3); version <= last; ++version) {
      const std::string number = std::to_string(version);
      versions_.push_back({{"/brook-homes/cases", key + "/" + number},
                           key + "," + number + "," + opened + "," + opened + " 1" + number + ":30," + tenant.name +
                               "," + tenant.born + "," + tenant.postcode + "," + (pick(2) == 0 ? "noise" : "threats") +
                               "," + (version == 1 ? "new" : "changed") + ",Version " + number + " of it.\n"});
    }
  }
  const std::size_t drawn = pick(versions_.size());
  std::swap(versions_[drawn], versions_.back());
  Row row = std::move(versions_.back());
  versions_.pop_back();
  return row;
}

std::string GeneratedFiles::faulty_case() {
  const std::string text = "BH-" + std::to_string(kFaulty + faults_++) +
                           ",1,02.04.2022,02.04.2022 09:10,Wilhelmina Fabrikam,03.01.1950,ZZ97 1AA,noise,new,Again.\n";
  switch (pick(4)) {
    case 0:
      return replaced(text, ",1,", ",first,");
    case 1:
      return replaced(text, ",noise,", ",sound,");
    case 2:
      return replaced(text, ",02.04.2022,", ",31.04.2022,");
    default:
      return replaced(text, "BH-", "BH ");  // ids have no spaces: the broker refuses it
  }
}

GeneratedFiles::Rows GeneratedFiles::homes_rows() {
  return {"Case,Version,Opened,Entered,Tenant,Born,Postcode,Kind,State,Story\n", [this] { return next_case(); },
          [](const Row& row) { return replaced(row.text, " of it.", " of it, told otherwise."); },
          [this] { return faulty_case(); }};
}

GeneratedFiles::Row GeneratedFiles::next_assessment() {
  const Tenant& tenant = one_of(kTenants);
  const std::string record = "RA-" + std::to_string(1 + records_ / 3), revision = std::to_string(1 + records_ % 3);
  ++records_;
  const std::string day = "2022-05-" + two_digits(1 + pick(28));
  return {{"/mill-clinic/risk", record + "/" + revision},
          R"({"specversion":"1.0","id":")" + record + "/" + revision + R"(","source":"/mill-clinic/risk",)" +
              R"("type":"uk.csp.risk.assessed.v1","time":")" + day + R"(T10:00:00+01:00","record":")" + record +
              R"(","revision":)" + revision + R"(,"data":{"facts":{"risk":{"tool":"local","score":)" +
              std::to_string(10 + pick(30)) + R"(,"band":")" + one_of<std::string>({"standard", "medium", "high"}) +
              R"("}},"personal":{"people":[{"role":"victim","names":[{"full":")" + tenant.name + R"("}],"born":")" +
              tenant.born_iso + R"("}],"texts":[{"field":"description","text":"As she told it."}]}}})" + "\n"};
}

std::string GeneratedFiles::faulty_assessment() {
  const std::size_t records = records_;
  records_ = kFaulty + 3 * faults_++;
  const std::string text = next_assessment().text;
  records_ = records;
  switch (pick(5)) {
    case 0:
      return R"({"specversion":"1.0","id":nonsense})"
             "\n";
    case 1:
      return PartnershipFixture::call_as_cloudevent(kFaulty + faults_, 40);  // in another agency's name
    case 2:
      return replaced(text, "risk.assessed", "risk.imagined");
    case 3:
      return replaced(text, R"("band")", R"("mood")");
    default:
      return replaced(text, R"("tool":"local")", R"("tool":"As she told it herself")");  // facts are codes
  }
}

GeneratedFiles::Rows GeneratedFiles::clinic_rows() {
  records_ = 0;
  return {"", [this] { return next_assessment(); },
          [](const Row& row) { return replaced(row.text, "As she told it.", "As he told it."); },
          [this] { return faulty_assessment(); }};
}

}  // namespace moot
