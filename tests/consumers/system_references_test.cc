// What another reference of one system says, by how many people of the system have one.
#include "consumers/linkage/system_references.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "consumers/linkage/person_field.h"
#include "consumers/linkage/person_record.h"

namespace moot {
namespace {

constexpr std::string_view kSystem = "/north-homes/tenants";

struct Row {
  int person = 0;
  std::string reference;
};

// 1 = the system is not judged.
double weight_of(const std::vector<Row>& rows) {
  RecordTable table(person_fields());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::string> values(kPersonFields);
    for (std::size_t f = 0; f < kPersonFields; ++f) {
      const FieldKind kind = person_fields()[f].first;
      if (kind == FieldKind::kGiven) values[f] = "casey";
      if (kind == FieldKind::kFamily) values[f] = "exampleton" + std::to_string(rows[i].person);
      if (kind == FieldKind::kBorn) values[f] = "19800229";
      if (kind == FieldKind::kOwnReference) values[f] = std::string(kSystem) + "\n" + rows[i].reference;
    }
    table.add("row" + std::to_string(i), values);
  }
  const auto weights = weights_of_another_reference(table, kPersonFields - 1);
  const auto found = weights.find(kSystem);
  return found == weights.end() ? 1 : to_bits(found->second);
}

std::vector<Row> register_of(int people) {
  std::vector<Row> rows;
  for (int i = 0; i < people; ++i) rows.push_back({i, "T" + std::to_string(i)});
  return rows;
}

TEST(SystemReferences, OfFewRecordsSayNothing) {
  EXPECT_EQ(weight_of(register_of(9)), 1) << "an epoch would hold something of fewer than ten";
  EXPECT_EQ(weight_of(register_of(13)), 0);
  std::vector<Row> rows = register_of(14);
  EXPECT_EQ(weight_of(rows), to_bits(kAnotherPerson)) << "none of them twice";
  rows.push_back(rows.back());
  EXPECT_LT(weight_of(rows), to_bits(kAnotherPerson)) << "who has two records under one reference has one reference";
}

TEST(SystemReferences, OfARegisterTellPeopleApartThoughAFewAreRegisteredTwice) {
  std::vector<Row> rows = register_of(5000);
  for (int i = 0; i < 5; ++i) rows.push_back({i, "again" + std::to_string(i)});
  EXPECT_EQ(weight_of(rows), to_bits(to_weight(-5.6)));
  for (int i = 5; i < 150; ++i) rows.push_back({i, "again" + std::to_string(i)});
  const double of_many = weight_of(rows);
  EXPECT_NEAR(of_many, std::log2(301.0 / 5152), .001);
  std::reverse(rows.begin(), rows.end());
  EXPECT_EQ(weight_of(rows), of_many) << "in any order";
}

TEST(SystemReferences, OfCallsSayNothing) {
  std::vector<Row> rows;
  for (int i = 0; i < 400; ++i) rows.push_back({i % 100, "C" + std::to_string(i)});
  EXPECT_EQ(weight_of(rows), 0);
  rows = register_of(300);
  for (int i = 0; i < 20; ++i) rows.push_back({i, "C" + std::to_string(i)});
  EXPECT_EQ(weight_of(rows), 0) << "most call once";
}

TEST(SystemReferences, SayAsMuchFromEitherSide) {
  const FieldModel field = field_model(FieldKind::kOwnReference);
  const ValueWeights little{0, -2 * kBit}, much{0, -5 * kBit};
  EXPECT_EQ(bar_of(field, Level::kDifferent, little, much), -5 * kBit);
  EXPECT_EQ(bar_of(field, Level::kDifferent, much, little), -5 * kBit);
}

}  // namespace
}  // namespace moot
