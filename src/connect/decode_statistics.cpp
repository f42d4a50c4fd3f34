// The messages of df.stat and df.na to unresolved relations.
#include <spark/connect/relations.pb.h>

#include "connect/decode.h"

namespace pyrite::connect {
namespace {

namespace proto = spark::connect;

std::vector<std::string> strings(const auto& values) { return {values.begin(), values.end()}; }

}  // namespace

plan::Relation::Node Decoder::statistics_node(const proto::Relation& message) {
  using Message = proto::Relation;
  switch (message.rel_type_case()) {
    case Message::kFillNa: {
      const auto& fill = message.fill_na();
      if (fill.values_size() == 0) {
        throw SparkError("CONNECT_INVALID_PLAN.NA_FILL_VALUES_EMPTY");
      }
      if (fill.values_size() > 1 && fill.values_size() != fill.cols_size()) {
        throw SparkError("CONNECT_INVALID_PLAN.NA_FILL_VALUES_LENGTH_MISMATCH");
      }
      plan::FillNull out{input(fill.input()), strings(fill.cols()), {}};
      for (const auto& value : fill.values()) {
        out.values.push_back(literal_expression(value));
      }
      return out;
    }
    case Message::kDropNa: {
      const auto& drop = message.drop_na();
      return plan::DropNull{input(drop.input()), strings(drop.cols()),
                            drop.has_min_non_nulls() ? std::optional<int>(drop.min_non_nulls()) : std::nullopt};
    }
    case Message::kReplace: {
      const auto& replace = message.replace();
      plan::ReplaceValues out{input(replace.input()), strings(replace.cols()), {}};
      for (const auto& replacement : replace.replacements()) {
        out.replacements.emplace_back(literal_expression(replacement.old_value()),
                                      literal_expression(replacement.new_value()));
      }
      return out;
    }
    case Message::kSummary:
      return plan::Summary{input(message.summary().input()), strings(message.summary().statistics())};
    case Message::kDescribe:
      return plan::Describe{input(message.describe().input()), strings(message.describe().cols())};
    case Message::kCrosstab:
      return plan::Crosstab{input(message.crosstab().input()), message.crosstab().col1(), message.crosstab().col2()};
    case Message::kCov:
      return plan::Covariance{input(message.cov().input()), message.cov().col1(), message.cov().col2()};
    case Message::kCorr:
      return plan::Correlation{input(message.corr().input()), message.corr().col1(), message.corr().col2(),
                               message.corr().has_method() ? message.corr().method() : "pearson"};
    case Message::kApproxQuantile: {
      const auto& quantile = message.approx_quantile();
      return plan::ApproxQuantile{input(quantile.input()),
                                  strings(quantile.cols()),
                                  {quantile.probabilities().begin(), quantile.probabilities().end()},
                                  quantile.relative_error()};
    }
    case Message::kFreqItems:
      return plan::FrequentItems{input(message.freq_items().input()), strings(message.freq_items().cols()),
                                 message.freq_items().has_support() ? message.freq_items().support() : 0.01};
    case Message::kSampleBy: {
      const auto& sample = message.sample_by();
      plan::SampleBy out;
      out.input = input(sample.input());
      out.column = expression(sample.col());
      for (const auto& fraction : sample.fractions()) {
        out.fractions.emplace_back(literal_expression(fraction.stratum()), fraction.fraction());
      }
      out.seed = sample.has_seed() ? std::optional<int64_t>(sample.seed()) : std::nullopt;
      return out;
    }
    default:
      throw_internal("a statistics message of an unknown kind");
  }
}

}  // namespace pyrite::connect
