#include "consumers/report/told_bound.h"

#include <cstddef>

namespace moot {
namespace {

double least_of(const BoundTerm& term) {
  if (term.printed) return term.added ? *term.printed : -*term.printed;
  return term.added ? 1 : -term.most;
}

// Whether "the sum is at most the bound", or of whole numbers its contrary, leaves one value for a withheld number.
bool leaves_one(std::vector<BoundTerm> terms, double bound, bool holds) {
  if (!holds) {  // more than the bound: the sum of all with their signs turned is at most this
    for (BoundTerm& term : terms) term.added = !term.added;
    bound = -bound - 1;
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms[i].printed || terms[i].most < 2) continue;  // of 1 to 1 there is nothing to be told
    double room = bound;
    for (std::size_t j = 0; j < terms.size(); ++j)
      if (j != i) room -= least_of(terms[j]);
    // Added, it is at most the room; taken away, at least what the room lacks. What cannot be is no answer at all.
    if (terms[i].added ? room >= 1 && room < 2 : -room <= terms[i].most && -room > terms[i].most - 1) return true;
  }
  return false;
}

}  // namespace

bool answer_tells(const std::vector<BoundTerm>& terms, double bound) {
  return leaves_one(terms, bound, true) || leaves_one(terms, bound, false);
}

}  // namespace moot
