// The Python extension: the service's methods from bytes to bytes, and what Python's tools ask of the core.
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "bindings/python_columnar.h"
#include "functions/registry.h"
#include "session/configuration.h"
#include "session/connect_service.h"
#include "types/time_zone.h"

namespace nb = nanobind;

namespace pyrite {
namespace {

std::string text_of(const nb::bytes& bytes) { return std::string(bytes.c_str(), bytes.size()); }

nb::bytes bytes_of(const std::string& text) { return nb::bytes(text.data(), text.size()); }

/// Raised in Python as _pyrite.ServiceError with code, message and details.
[[noreturn]] void raise(const nb::handle& type, const ServiceError& error) {
  nb::object instance = type(error.message());
  instance.attr("code") = error.code();
  instance.attr("message") = error.message();
  instance.attr("details") = bytes_of(error.details());
  PyErr_SetObject(type.ptr(), instance.ptr());
  throw nb::python_error();
}

/// Whether a signal handler of Python raised (Ctrl-C); the exception stays set for the caller.
bool python_interrupted() {
  const nb::gil_scoped_acquire locked;
  return PyErr_CheckSignals() != 0;
}

/// Calls the core without Python's lock and turns its failures into Python's.
template <class Call>
auto without_lock(const nb::handle& error_type, const Call& call) {
  try {
    const nb::gil_scoped_release unlocked;
    return call();
  } catch (const ServiceError& error) {
    raise(error_type, error);
  } catch (const CallInterrupted&) {
    throw nb::python_error();
  }
}

void release_schema(void* capsule) noexcept {
  auto* schema = static_cast<ArrowSchema*>(capsule);
  if (schema->release) {
    schema->release(schema);
  }
  delete schema;
}

void release_array(void* capsule) noexcept {
  auto* array = static_cast<ArrowArray*>(capsule);
  if (array->release) {
    array->release(array);
  }
  delete array;
}

/// The Arrow PyCapsule protocol's pair: (arrow_schema, arrow_array).
nb::object capsules_of(Execution::Item& item) {
  auto* schema = new ArrowSchema;
  ArrowSchemaMove(item.schema.get(), schema);
  nb::capsule schema_capsule(schema, "arrow_schema", release_schema);
  auto* array = new ArrowArray;
  ArrowArrayMove(item.batch.get(), array);
  nb::capsule array_capsule(array, "arrow_array", release_array);
  return nb::make_tuple(schema_capsule, array_capsule);
}

/// Responses of one ExecutePlan, for Python's iteration.
struct Responses {
  std::unique_ptr<Execution> execution;
  nb::object error_type;

  Responses(std::unique_ptr<Execution> started, nb::object error)
      : execution(std::move(started)), error_type(std::move(error)) {}
  Responses(Responses&&) = default;
  Responses& operator=(Responses&&) = default;
  ~Responses() { end(); }

  /// Without Python's lock: threads of the query may be waiting for it.
  void end() {
    if (execution) {
      const nb::gil_scoped_release unlocked;
      execution = nullptr;
    }
  }

  nb::object next() {
    if (!execution) {
      throw nb::stop_iteration();
    }
    Execution::Item item;
    const bool more = without_lock(error_type, [&] { return execution->next(item, python_interrupted); });
    if (!more) {
      end();
      throw nb::stop_iteration();
    }
    return item.is_batch ? capsules_of(item) : nb::object(bytes_of(item.message));
  }

  void cancel() {
    if (execution) {
      execution->cancel();
    }
  }
};

struct Service {
  std::unique_ptr<ConnectService> core;
  nb::object error_type;

  Service(const nb::dict& configuration, nb::object error) : error_type(std::move(error)) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [key, value] : configuration) {
      pairs.emplace_back(nb::cast<std::string>(nb::str(key)), nb::cast<std::string>(nb::str(value)));
    }
    const std::shared_ptr<ColumnarProvider> columnar = python_columnar_provider();
    core = without_lock(error_type, [&] { return std::make_unique<ConnectService>(std::move(pairs), columnar); });
  }

  ~Service() {
    const nb::gil_scoped_release unlocked;
    core = nullptr;
  }

  Responses execute_plan(const nb::bytes& request, bool arrow_c) {
    const std::string bytes = text_of(request);
    return {without_lock(error_type, [&] { return core->execute_plan(bytes, arrow_c); }), error_type};
  }

  Responses reattach_execute(const nb::bytes& request, bool) {
    const std::string bytes = text_of(request);
    return {without_lock(error_type, [&] { return core->reattach_execute(bytes); }), error_type};
  }

  nb::bytes analyze_plan(const nb::bytes& request) {
    const std::string bytes = text_of(request);
    return bytes_of(without_lock(error_type, [&] { return core->analyze_plan(bytes, python_interrupted); }));
  }

  nb::bytes add_artifacts(const std::vector<nb::bytes>& requests) {
    std::vector<std::string> messages;
    for (const nb::bytes& request : requests) {
      messages.push_back(text_of(request));
    }
    return bytes_of(without_lock(error_type, [&] { return core->add_artifacts(messages); }));
  }

  template <std::string (ConnectService::*method)(const std::string&)>
  nb::bytes plain(const nb::bytes& request) {
    const std::string bytes = text_of(request);
    return bytes_of(without_lock(error_type, [&] { return ((*core).*method)(bytes); }));
  }
};

/// Every name of a function, aliases too, in the order of the table.
std::vector<std::string> function_names(bool working_only) {
  std::vector<std::string> names;
  for (const auto& family : function_families()) {
    for (const FunctionDef& row : family) {
      if (working_only && is_todo(row)) {
        continue;
      }
      names.emplace_back(row.name);
      for (const FunctionAlias& alias : row.aliases) {
        names.emplace_back(alias.name);
      }
    }
  }
  return names;
}

/// Nothing when the text is a statement; otherwise the error's text.
nb::object parse_statement(const std::string& text) {
  try {
    sql::parse_statement(text, {});
  } catch (const SparkError& error) {
    return nb::str(error.what());
  }
  return nb::none();
}

}  // namespace
}  // namespace pyrite

NB_MODULE(_pyrite, module) {
  using namespace pyrite;
  nb::set_leak_warnings(false);

  nb::object error_type = nb::steal(PyErr_NewExceptionWithDoc(
      "pyrite._pyrite.ServiceError",
      "A failed request. code: gRPC's status code; message: str; details: bytes, a serialized google.rpc.Status.",
      nullptr, nullptr));
  module.attr("ServiceError") = error_type;

  nb::class_<Responses>(module, "Responses", "Responses of an ExecutePlan: bytes, or a pair of Arrow capsules a batch.")
      .def("__iter__", [](nb::handle self) { return nb::borrow(self); })
      .def("__next__", &Responses::next)
      .def("cancel", &Responses::cancel, "Stops the operation.");

  nb::class_<Service>(module, "Service", "The Spark Connect service of this process: serialized requests to responses.")
      .def(
          "__init__",
          [](Service* self, const nb::dict& configuration) {
            new (self) Service(configuration, nb::module_::import_("pyrite._pyrite").attr("ServiceError"));
          },
          nb::arg("conf") = nb::dict())
      .def("execute_plan", &Service::execute_plan, nb::arg("request"), nb::arg("arrow_c") = false)
      .def("reattach_execute", &Service::reattach_execute, nb::arg("request"), nb::arg("arrow_c") = false)
      .def("analyze_plan", &Service::analyze_plan)
      .def("config", &Service::plain<&ConnectService::config>)
      .def("interrupt", &Service::plain<&ConnectService::interrupt>)
      .def("release_session", &Service::plain<&ConnectService::release_session>)
      .def("release_execute", &Service::plain<&ConnectService::release_execute>)
      .def("add_artifacts", &Service::add_artifacts)
      .def("artifact_status", &Service::plain<&ConnectService::artifact_status>)
      .def("fetch_error_details", &Service::plain<&ConnectService::fetch_error_details>)
      .def("clone_session", &Service::plain<&ConnectService::clone_session>)
      .def("get_status", &Service::plain<&ConnectService::get_status>);

  module.def(
      "zone_offset", [](const std::string& zone, int64_t seconds) { return get_time_zone(zone)->offset_at(seconds); },
      nb::arg("zone"), nb::arg("seconds"), "Seconds east of UTC of a zone (Java's names) at a moment in seconds.");
  module.def("function_names", &function_names, nb::arg("working_only") = false,
             "Names of all functions, aliases too; with working_only those that are there already.");
  module.def(
      "is_session_option", [](const std::string& key) { return Configuration().is_modifiable(key); },
      "Whether a configuration key can be set in a session; other options count for the whole process.");
  module.def("parse_statement", &parse_statement, nb::arg("text"),
             "None when the text is one SQL statement; otherwise the error's text.");
}
