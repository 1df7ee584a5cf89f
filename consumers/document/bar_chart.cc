#include "consumers/document/bar_chart.h"

#include <algorithm>
#include <cmath>

namespace moot {
namespace {

// In pixels of the drawing.
constexpr int kWidth = 640;
constexpr int kLongestBar = 440;  // what is left is for the text at its end
constexpr int kTextHeight = 18;
constexpr int kBarHeight = 14;
constexpr int kBarStep = 20;
constexpr int kRowGap = 8;

std::string as_svg_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

class Drawing {
 public:
  explicit Drawing(const std::vector<BarRow>& rows) {
    for (const BarRow& row : rows)
      for (const Bar* bar : {&row.now, row.before ? &*row.before : nullptr})
        if (bar != nullptr && bar->value) most_ = std::max(most_, *bar->value);
    for (const BarRow& row : rows) add(row);
  }

  int height() const { return std::max(1, y_ - kRowGap); }
  const std::string& shapes() const { return shapes_; }
  const std::string& words() const { return words_; }

 private:
  void add(const BarRow& row) {
    if (!row.label.empty()) {
      text(0, y_ + kTextHeight - 5, row.label);
      y_ += kTextHeight;
    }
    words_ += (words_.empty() ? "" : "; ") + row.label + (row.label.empty() ? "" : ": ") + row.now.text;
    add(row.now, "fill=\"#1d70b8\"");
    if (row.before) {
      words_ += ", " + row.before->text;
      add(*row.before, "fill=\"#ffffff\" stroke=\"#0b0c0c\" stroke-width=\"2\"");
    }
    y_ += kRowGap;
  }

  void add(const Bar& bar, const char* look) {
    int width = 0;
    if (bar.value && *bar.value > 0 && most_ > 0)
      width = std::max(2, static_cast<int>(std::lround(*bar.value / most_ * kLongestBar)));
    if (width > 0)
      shapes_ += "<rect x=\"1\" y=\"" + std::to_string(y_ + 1) + "\" width=\"" + std::to_string(width) +
                 "\" height=\"" + std::to_string(kBarHeight) + "\" " + look + "/>\n";
    text(width > 0 ? width + 8 : 0, y_ + kBarHeight - 1, bar.text);
    y_ += kBarStep;
  }

  void text(int x, int y, const std::string& text) {
    shapes_ +=
        "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\">" + as_svg_text(text) + "</text>\n";
  }

  double most_ = 0;
  int y_ = 0;
  std::string shapes_;
  std::string words_;
};

}  // namespace

std::string bar_chart(const std::string& id, const std::string& title, const std::vector<BarRow>& rows) {
  const Drawing drawing(rows);
  const std::string height = std::to_string(drawing.height()), width = std::to_string(kWidth);
  const std::string title_id = "chart-" + as_svg_text(id) + "-title", text_id = "chart-" + as_svg_text(id) + "-text";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height + "\" width=\"" + width +
         "\" height=\"" + height + "\" style=\"max-width: 100%; height: auto\" role=\"img\" aria-labelledby=\"" +
         title_id + " " + text_id + "\" font-family=\"Arial, 'Liberation Sans', sans-serif\" font-size=\"14\" " +
         "fill=\"#0b0c0c\">\n<title id=\"" + title_id + "\">" + as_svg_text(title) + "</title>\n<desc id=\"" + text_id +
         "\">" + as_svg_text(drawing.words()) + "</desc>\n" + drawing.shapes() + "</svg>\n";
}

}  // namespace moot
