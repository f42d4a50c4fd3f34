// The columnar formats that Python reads and writes for the engine.
#include "bindings/python_columnar.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <condition_variable>
#include <mutex>

#include "nanoarrow/nanoarrow.h"

namespace nb = nanobind;

namespace pyrite {
namespace {

/// Lets threads into Python until the interpreter ends, and then waits for those that are inside.
class PythonGate {
 public:
  bool enter() {
    const std::lock_guard lock(mutex_);
    inside_ += closed_ ? 0 : 1;
    return !closed_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --inside_;
    changed_.notify_all();
  }
  /// Without Python's lock, or those inside would never leave.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.wait(lock, [&] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t inside_ = 0;
  bool closed_ = false;
};
using PythonGatePtr = std::shared_ptr<PythonGate>;

/// The kind of exception says the kind of failure; most mean a file that cannot be read or written.
ColumnarFailure failure_of(const nb::python_error& error) {
  ColumnarFailure::Kind kind = ColumnarFailure::Kind::unreadable;
  if (error.matches(PyExc_FileNotFoundError)) {
    kind = ColumnarFailure::Kind::missing_file;
  } else if (error.matches(PyExc_NotImplementedError) || error.matches(PyExc_ImportError)) {
    kind = ColumnarFailure::Kind::unsupported;
  }
  std::string text = nb::cast<std::string>(nb::str(error.value()));
  return ColumnarFailure(kind, text.empty() ? nb::cast<std::string>(error.type().attr("__name__")) : text);
}

/// Runs `work` with Python's lock; its exceptions become ColumnarFailures.
template <class Work>
auto in_python(PythonGate& gate, const Work& work) {
  if (!gate.enter()) {
    throw ColumnarFailure(ColumnarFailure::Kind::unsupported, "reading and writing ORC while Python ends");
  }
  struct Leave {
    PythonGate& gate;
    ~Leave() { gate.leave(); }
  } leave{gate};
  const nb::gil_scoped_acquire locked;
  try {
    return work();
  } catch (const nb::python_error& error) {
    throw failure_of(error);
  } catch (const nb::cast_error&) {
    throw ColumnarFailure(ColumnarFailure::Kind::unreadable, "Python gave a value of another type than expected");
  }
}

/// A Python object that may be let go by any thread, also after Python's end (it then leaks).
class SharedObject {
 public:
  SharedObject(PythonGatePtr gate, nb::object object) : gate_(std::move(gate)), object_(std::move(object)) {}
  ~SharedObject() {
    if (!gate_->enter()) {
      object_.release();
      return;
    }
    {
      const nb::gil_scoped_acquire locked;
      object_.reset();
    }
    gate_->leave();
  }
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;
  const nb::object& operator*() const { return object_; }
  PythonGate& gate() const { return *gate_; }

 private:
  PythonGatePtr gate_;
  nb::object object_;
};

nb::int_ address(const void* pointer) { return nb::int_(reinterpret_cast<uintptr_t>(pointer)); }

class PythonReader final : public ColumnarReader {
 public:
  PythonReader(PythonGatePtr gate, nb::object reader)
      : schema_(parse_type_json(nb::cast<std::string>(reader.attr("schema_json")))),
        rows_(nb::cast<std::vector<int64_t>>(reader.attr("rows_of_pieces"))),
        reader_(std::move(gate), std::move(reader)) {}

  const Type& schema() const override { return schema_; }
  size_t pieces() const override { return rows_.size(); }
  int64_t rows_of(size_t piece) const override { return rows_[piece]; }

  void read(size_t piece, const std::vector<int>& fields, ArrowSchema* schema, ArrowArray* rows) override {
    in_python(reader_.gate(),
              [&] { (*reader_).attr("read")(piece, nb::cast(fields), address(rows), address(schema)); });
  }

  std::string old_calendar_zone(size_t piece) override {
    return in_python(reader_.gate(),
                     [&] { return nb::cast<std::string>((*reader_).attr("old_calendar_zone")(piece)); });
  }

 private:
  Type schema_;
  std::vector<int64_t> rows_;
  SharedObject reader_;
};

class PythonWriter final : public ColumnarWriter {
 public:
  PythonWriter(PythonGatePtr gate, nb::object writer) : writer_(std::move(gate), std::move(writer)) {}

  ~PythonWriter() override {
    try {
      in_python(writer_.gate(), [&] { (*writer_).attr("abandon")(); });
    } catch (const ColumnarFailure&) {  // the file is going to be removed
    }
  }

  void write(ArrowSchema* schema, ArrowArray* rows) override {
    in_python(writer_.gate(), [&] { (*writer_).attr("write")(address(rows), address(schema)); });
  }
  void finish() override {
    in_python(writer_.gate(), [&] { (*writer_).attr("finish")(); });
  }

 private:
  SharedObject writer_;
};

class PythonProvider final : public ColumnarProvider {
 public:
  explicit PythonProvider(PythonGatePtr gate) : gate_(std::move(gate)) {}

  std::unique_ptr<ColumnarReader> open(const std::string& format, const std::string& path) override {
    return in_python(*gate_,
                     [&] { return std::make_unique<PythonReader>(gate_, code(format).attr("open_reader")(path)); });
  }

  std::unique_ptr<ColumnarWriter> create(const std::string& format, const std::string& path, const std::string& codec,
                                         ArrowSchema* schema) override {
    return in_python(*gate_, [&] {
      return std::make_unique<PythonWriter>(gate_, code(format).attr("open_writer")(path, codec, address(schema)));
    });
  }

 private:
  static nb::object code(const std::string& format) { return nb::module_::import_(("pyrite._" + format).c_str()); }

  PythonGatePtr gate_;
};

}  // namespace

std::shared_ptr<ColumnarProvider> python_columnar_provider() {
  const auto gate = std::make_shared<PythonGate>();
  nb::module_::import_("atexit").attr("register")(nb::cpp_function([gate] {
    const nb::gil_scoped_release unlocked;
    gate->close();
  }));
  return std::make_shared<PythonProvider>(gate);
}

}  // namespace pyrite
