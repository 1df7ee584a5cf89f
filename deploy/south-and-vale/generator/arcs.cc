#include "deploy/south-and-vale/generator/arcs.h"

#include <iterator>

namespace south_and_vale {
namespace {

constexpr std::string_view kArcs[] = {
    // Domestic abuse, some of it for the second and third time within the year.
    "police|helena|viktor|domestic|c|000000000101|010101001112",
    "police|carys|dean|domestic|a|010010000000|000201100000",
    "police|amara|piers|domestic|c|000100100010|100010010001",
    "police|judith|conrad|domestic||000000000000|001000010010",
    "police|lena|marek|domestic|w|000001001001|100000011011",
    "police|tamsin|guy|domestic|a|001010010000|010000000100",
    "police|noor|jared|domestic||000000000000|000000010111",
    // Prolific offenders; their victims are of the crowd.
    "police||jared|burglary||000001000100|010100100110",
    "police||jared|theft||000000101000|001000010010",
    "police||kyle|theft||001100100010|001000110100",
    "police||kyle|violence|a|000000010000|000001000010",
    "police||shane|theft||010010010010|100100010011",
    "police||shane|drugs||000000000100|000010001000",
    "police||tyrone|damage|a|000000101000|000101010020",
    "police||tyrone|violence|w|000000000000|000000010100",
    // Homes taken over, children drawn in, people on the street.
    "sovereign|percival|shane|visitors||000000000011|011001010000",
    "police|percival|shane|cuckooing||000000000001|000100010110",
    "soha|dorothea||visitors||000000000000|000000001010",
    "police|dorothea||exploitation||000000000000|000000001101",
    "police|kayleigh||exploitation|c|000000000000|000010010101",
    "south|jasper||rough-sleeping||000100000010|100000011011",
    "police|jasper||violence|a|000000000000|000000010001",
    "fire|cuthbert||hoarding||000010000010|000010000100",
    "sovereign|cuthbert||rubbish||000001000001|000001000100",
    "sovereign|isolde||noise||000000000101|100110010000",
    "vale|isolde||rubbish||000000000000|001000100100",
    "south|norris||neighbours||001000010000|010001000110",
    "police|norris||harassment||000000000001|000100001000",
    // The flat in Abingdon: complaints about the smell and the noise, until he signed an agreement.
    "sovereign||lorcan|drugs||000000000000|012321000000",
    "vale||lorcan|noise||000000000000|001110000000",
    // The flat in Didcot: reports to everybody, and they did not stop.
    "soha||brandon|drugs||000000000000|000011112111",
    "police||brandon|drugs|a|000000000000|000001011011",
    "south||brandon|noise||000000000000|000001101100",
    // Two households and the children's ball games.
    "sovereign|edith|barnaby|neighbours||000000000000|000011010000",
    "vale|edith|barnaby|noise||000000000000|000001010000",
    // A couple and the man next door, before mediation.
    "vale|felix|petunia|noise||000000000000|001121000000",
    // The dog in the park.
    "south|prudence|otto|dog||000000000000|001000000000",
    // Complainants who come back.
    "sovereign|ottoline||neighbours||112110000000|000000000000",
    "sovereign|delia||noise||000001112210|000000000000",
    "sovereign|ffion||verbal-abuse||010000100010|011000000000",
    "sovereign|zoe||noise||000000000011|121100000000",
    "sovereign|therese||damage||000100000000|001011100000",
    "soha|stanley||verbal-abuse||000000000122|211000000000",
    "police|stanley||damage||000000000101|010000000000",
    "police|yasmin||harassment|h|010001001000|001000100000",
    "vale|yasmin||verbal-abuse|h|000010000100|000100010000",
    "south|wilfred||rubbish||101010000000|000000000000",
    "south|horace||vehicles||011011010000|000000000000",
    "south|hamish||drugs||000001010000|000110000000",
    "vale|ivor||vehicles||000000000000|000000101000",
    "vale|agnes||rubbish||000000000000|000000010010",
    "vale|geraldine||rubbish||000000000000|000000100010",
    "south|desmond||vehicles||000000000000|000000010111",
    "south|dominic||vehicles||000000000000|000000000010",
    "police|marguerite||harassment||000000000000|000000001010",
    "police|kwame||damage|c|000000000000|000000000101",
    "fire|kwame||refuse-fire||000000000000|000000000010",
};

constexpr std::string_view kHousingCases[] = {
    "SOHA-20-0021|1|new|2020-10-08|2020-10-08 11:56|katya-n|noise|Faringdon|||Reported by telephone.",
    "SOHA-20-0011|1|new|2020-10-12|2020-10-12 17:37|marguerite|verbal-abuse|Didcot|||Abuse from a passer-by at the "
    "gate.",
    "SOHA-20-0003|1|new|2020-10-22|2020-10-22 13:12|sian|noise|Didcot|||Music, diary sheets sent.",
    "SOHA-20-0018|1|new|2020-10-29|2020-10-29 12:02|winifred|rubbish|Henley|||Mattress in the alley.",
    "SOHA-20-0003|2|changed|2020-10-22|2020-10-31 13:26|sian|noise|Didcot|||Visited; see the case file.",
    "SOHA-20-0001|1|new|2020-11-05|2020-11-05 11:18|martin|noise|Abingdon|||Tenant complains of voices through the "
    "wall; nothing heard on two visits.",
    "SOHA-20-0007|1|new|2020-11-09|2020-11-09 12:26|joan-44|visitors|Faringdon|||Youths knocking on the door.",
    "SOHA-20-0022|1|new|2020-11-10|2020-11-10 16:47|tariq-i|noise|Thame|||Reported by telephone.",
    "SOHA-20-0001|2|changed|2020-11-05|2020-11-11 10:37|martin|noise|Abingdon|||Visited; see the case file.",
    "SOHA-20-0002|1|new|2020-11-26|2020-11-26 13:35|olu|noise|Abingdon||martin|Neighbour complains of shouting at "
    "night from the flat next door.",
    "SOHA-20-0004|1|new|2020-12-03|2020-12-04 12:46|sian|verbal-abuse|Didcot|||Called names on the stairs.",
    "SOHA-20-0014|1|new|2020-12-09|2020-12-09 16:33|terence|noise|Abingdon|||Dog barking.",
    "SOHA-20-0023|1|new|2020-12-13|2020-12-13 13:32|wanda-d|rubbish|Faringdon|||Reported by telephone.",
    "SOHA-20-0012|1|new|2020-12-16|2020-12-16 11:15|marguerite|damage|Didcot|c||Window broken, granddaughter in the "
    "room.",
    "SOHA-20-0012|2|changed|2020-12-16|2020-12-24 12:00|marguerite|damage|Didcot|c||Visited; see the case file.",
    "SOHA-21-0017|1|new|2021-01-06|2021-01-06 13:32|olu|noise|Abingdon||martin|Shouting at night again.",
    "SOHA-21-0015|1|new|2021-01-14|2021-01-14 15:06|terence|noise|Abingdon|||Dog barking; settled between "
    "neighbours.",
    "SOHA-21-0024|1|new|2021-01-15|2021-01-15 10:28|katya-e|rubbish|Wantage|||Reported by telephone.",
    "SOHA-21-0015|2|withdrawn|2021-01-14|2021-01-19 14:56|terence|noise|Abingdon|||Visited; see the case file.",
    "SOHA-21-0006|1|new|2021-01-19|2021-01-21 13:39|geraldine|rubbish|Wantage|||Sacks by the bin store.",
    "SOHA-21-0008|1|new|2021-01-25|2021-01-25 12:03|joan-44|visitors|Faringdon|||Youths knocking on the door again.",
    "SOHA-21-0008|2|changed|2021-01-25|2021-02-01 11:35|joan-44|visitors|Faringdon|||Visited; see the case file.",
    "SOHA-21-0009|1|new|2021-02-02|2021-02-02 15:00|kwame|drugs|Didcot|c||Visitors at all hours to the flat above; "
    "his children share the stairs.",
    "SOHA-21-0020|1|new|2021-02-09|2021-02-09 16:08|agnes|verbal-abuse|Wantage|||Shouted at on the bench.",
    "SOHA-21-0005|1|new|2021-02-11|2021-02-11 12:27|sian|verbal-abuse|Didcot|h||Called names on the stairs, about "
    "her "
    "disability.",
    "SOHA-21-0025|1|new|2021-02-17|2021-02-17 11:47|dilip-e|noise|Abingdon|||Reported by telephone.",
    "SOHA-21-0016|1|new|2021-02-17|2021-02-17 13:43|beatrix|drugs|Wantage|||Smell of cannabis in the stairwell.",
    "SOHA-21-0013|1|new|2021-03-04|2021-03-04 11:32|marguerite|verbal-abuse|Didcot|||Same man, same words.",
    "SOHA-21-0010|1|new|2021-03-11|2021-03-11 16:59|kwame|drugs|Didcot|c||Same flat, a visitor kicked the outer door "
    "in.",
    "SOHA-21-0019|1|new|2021-03-16|2021-03-17 15:42|winifred|visitors|Henley|||Cold callers, reported to Trading "
    "Standards.",
};

constexpr std::string_view kThreefold[] = {
    "43200290814|2020-09-14 19:40|edith|barnaby|neighbours|1",
    "43200331207|2020-11-02 17:15|edith|barnaby|neighbours|2",
    "43200112055|2020-05-09 21:30|zoe||noise|2",
    "43190377412|2019-12-07 20:05|delia||noise|1",
    "43200288190|2020-09-11 22:10|therese||damage|3",
    "43210020318|2021-01-23 23:05|percival|shane|cuckooing|2",
};

constexpr std::string_view kLate[] = {
    "sovereign|2020-03-20|2020-04-20 10:05|zoe|noise",      "sovereign|2020-03-24|2020-04-20 10:11|percival|visitors",
    "sovereign|2020-03-30|2020-04-20 10:20|isolde|noise",   "south|2020-03-27|2020-04-14 09:30|hamish|drugs",
    "vale|2020-03-31|2020-04-15 11:45|yasmin|verbal-abuse", "police|2020-03-31|2020-04-16 08:20|therese|damage",
};

}  // namespace

std::vector<std::string_view> arcs() { return {std::begin(kArcs), std::end(kArcs)}; }

std::vector<std::string_view> told_housing_cases() { return {std::begin(kHousingCases), std::end(kHousingCases)}; }

std::vector<std::string_view> told_threefold() { return {std::begin(kThreefold), std::end(kThreefold)}; }

std::vector<std::string_view> told_late() { return {std::begin(kLate), std::end(kLate)}; }

}  // namespace south_and_vale
