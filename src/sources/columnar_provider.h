// Columnar file formats that the host program reads and writes for the engine, such as ORC by Python's pyarrow.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "types/type.h"

struct ArrowArray;
struct ArrowSchema;

namespace pyrite {

/// Why a file could not be read or written; the engine says what it was doing.
class ColumnarFailure : public std::runtime_error {
 public:
  enum class Kind {
    missing_file,
    unreadable,   ///< damaged, or no permission
    unsupported,  ///< of a kind that the provider cannot handle; the text names it
  };
  ColumnarFailure(Kind kind, const std::string& why) : std::runtime_error(why), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// One file, open. Used by one thread at a time. Every method throws ColumnarFailure.
class ColumnarReader {
 public:
  virtual ~ColumnarReader() = default;
  /// The file's columns as a structure, by Spark's types; without fields: the file holds nothing.
  virtual const Type& schema() const = 0;
  /// Parts that can be read on their own (stripes), in the order of their rows.
  virtual size_t pieces() const = 0;
  virtual int64_t rows_of(size_t piece) const = 0;
  /// Reads fields of a piece, by their ascending positions in schema(), as one struct array of Arrow C data.
  /// Moments and days of time zones and times are integers of Spark's units where Arrow's own types are too narrow.
  virtual void read(size_t piece, const std::vector<int>& fields, ArrowSchema* schema, ArrowArray* rows) = 0;
  /// The zone in which a piece's moments before 1900, and its days before October 1582, count by the calendar of Java's
  /// old classes; "" where any will do, "-" where they count by the proleptic calendar.
  virtual std::string old_calendar_zone(size_t piece) = 0;
};

class ColumnarWriter {
 public:
  virtual ~ColumnarWriter() = default;
  /// Takes a struct array of the columns that the writer was made for.
  virtual void write(ArrowSchema* schema, ArrowArray* rows) = 0;
  virtual void finish() = 0;
};

class ColumnarProvider {
 public:
  virtual ~ColumnarProvider() = default;
  virtual std::unique_ptr<ColumnarReader> open(const std::string& format, const std::string& path) = 0;
  /// `schema`: Arrow's, with Spark's type as the fields' metadata "spark.sql.catalyst.type" where Arrow has none like
  /// it.
  virtual std::unique_ptr<ColumnarWriter> create(const std::string& format, const std::string& path,
                                                 const std::string& codec, ArrowSchema* schema) = 0;
};

/// Whether a format is read and written by the host program's provider.
bool is_provided(const std::string& format);

}  // namespace pyrite
