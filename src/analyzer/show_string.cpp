// show(): the table of strings that df.show() prints, and its HTML form.
#include <algorithm>

#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/bind_call.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

size_t code_points(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Columns that a terminal gives the text: wide characters take two.
size_t display_width(std::string_view text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t point = lead < 0x80 ? lead : lead & (0xFF >> (length + 1));
    for (size_t k = 1; k < length && i + k < text.size(); ++k) {
      point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    const bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                      (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                      (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
                      (point >= 0xFFE0 && point <= 0xFFE6);
    width += wide ? 2 : 1;
    i += length;
  }
  return width;
}

std::string first_points(std::string_view text, size_t count) {
  size_t at = 0;
  while (at < text.size()) {
    if ((text[at] & 0xC0) != 0x80 && count-- == 0) {
      break;
    }
    ++at;
  }
  return std::string(text.substr(0, at));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\v':
        out += "\\v";
        break;
      case '\a':
        out += "\\a";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string shortened(const std::string& cell, int truncate) {
  if (truncate <= 0 || code_points(cell) <= static_cast<size_t>(truncate)) {
    return cell;
  }
  return truncate < 4 ? first_points(cell, static_cast<size_t>(truncate))
                      : first_points(cell, static_cast<size_t>(truncate) - 3) + "...";
}

struct Cells {
  std::vector<std::vector<std::string>> rows;  ///< the first holds the names
  bool more = false;
};

Cells collect_cells(Analysis& analysis, const plan::RelationPtr& relation, int count, int truncate) {
  const resolved::RelationPtr input = analysis.resolve_to_plan(relation);
  std::vector<NamedExpression> list;
  Cells out;
  out.rows.emplace_back();
  for (const Column& column : input->output) {
    out.rows[0].push_back(escaped(column.name));
    ExpressionPtr text = analysis.bind("to_pretty_string", {resolved::reference(column)});
    list.push_back({column_for(column.name, text), text});
  }
  const int64_t wanted = std::max(0, std::min(count, 2147483647 - 15));
  // Rows first, then their texts: only what is shown is turned into text.
  const resolved::RelationPtr limited =
      resolved::make_relation(resolved::Limit{input, wanted + 1, 0}, std::vector<Column>(input->output));
  const std::vector<ValueList> rows = analysis.host.run(project(limited, std::move(list)));
  out.more = static_cast<int64_t>(rows.size()) > wanted;
  for (size_t r = 0; r < rows.size() && static_cast<int64_t>(r) < wanted; ++r) {
    std::vector<std::string> cells;
    for (const Value& value : rows[r]) {
      cells.push_back(shortened(escaped(value.is_null() ? "NULL" : value.text()), truncate));
    }
    out.rows.push_back(std::move(cells));
  }
  return out;
}

std::string padded(const std::string& cell, size_t width, bool left) {
  const size_t have = display_width(cell);
  const std::string space(width > have ? width - have : 0, ' ');
  return left ? cell + space : space + cell;
}

std::string table_text(const Cells& cells, int truncate) {
  const size_t columns = cells.rows[0].size();
  std::vector<size_t> widths(columns, 3);
  for (const auto& row : cells.rows) {
    for (size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], display_width(row[c]));
    }
  }
  std::string rule = "+";
  for (const size_t width : widths) {
    rule += std::string(width, '-') + "+";
  }
  rule += columns == 0 ? "+\n" : "\n";
  std::string out = rule;
  for (size_t r = 0; r < cells.rows.size(); ++r) {
    out += '|';
    for (size_t c = 0; c < columns; ++c) {
      out += padded(cells.rows[r][c], widths[c], truncate <= 0) + "|";
    }
    out += columns == 0 ? "|\n" : "\n";
    if (r == 0) {
      out += rule;
    }
  }
  return out + rule;
}

std::string vertical_text(const Cells& cells) {
  const std::vector<std::string>& names = cells.rows[0];
  size_t name_width = 3;
  size_t value_width = 3;
  for (const std::string& name : names) {
    name_width = std::max(name_width, display_width(name));
  }
  for (size_t r = 1; r < cells.rows.size(); ++r) {
    for (const std::string& cell : cells.rows[r]) {
      value_width = std::max(value_width, display_width(cell));
    }
  }
  std::string out;
  for (size_t r = 1; r < cells.rows.size(); ++r) {
    std::string head = "-RECORD " + std::to_string(r - 1);
    const size_t width = name_width + value_width + 5;
    head += head.size() < width ? std::string(width - head.size(), '-') : "";
    out += head + "\n";
    for (size_t c = 0; c < names.size(); ++c) {
      out += " " + padded(names[c], name_width, true) + " | " + padded(cells.rows[r][c], value_width, true) + " \n";
    }
  }
  return out;
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string(1, c);
  }
  return out;
}

Resolved one_text(const char* name, std::string text) {
  const Column column = new_column(name, Type::string(), false);
  return plain(resolved::make_relation(resolved::InlineRows{{{resolved::string_literal(std::move(text))}}}, {column}));
}

std::string more_note(int rows) { return "only showing top " + std::to_string(rows) + (rows == 1 ? " row" : " rows"); }

}  // namespace

Resolved Analysis::resolve_node(const plan::ShowString& node) {
  const Cells cells = collect_cells(*this, node.input, node.rows, node.truncate);
  std::string text = node.vertical ? vertical_text(cells) : table_text(cells, node.truncate);
  if (node.vertical && cells.rows.size() == 1) {
    text = "(0 rows)";
  } else if (cells.more) {
    text += more_note(std::max(0, node.rows));
  }
  return one_text("show_string", std::move(text));
}

Resolved Analysis::resolve_node(const plan::HtmlString& node) {
  const Cells cells = collect_cells(*this, node.input, node.rows, node.truncate);
  std::string html = "<table border='1'>\n";
  for (size_t r = 0; r < cells.rows.size(); ++r) {
    const std::string tag = r == 0 ? "th" : "td";
    html += "<tr>";
    for (const std::string& cell : cells.rows[r]) {
      html += "<" + tag + ">" + html_escaped(cell) + "</" + tag + ">";
    }
    html += "</tr>\n";
  }
  html += "</table>\n";
  if (cells.more) {
    html += more_note(std::max(0, node.rows)) + "\n";
  }
  return one_text("html_string", std::move(html));
}

}  // namespace pyrite::analysis
