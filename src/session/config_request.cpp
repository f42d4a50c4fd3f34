// Every operation of the Config request.
#include "session/config_request.h"

#include <spark/connect/base.pb.h>

#include "base/error.h"

namespace pyrite {
namespace {

namespace proto = spark::connect;

void add(proto::ConfigResponse& out, const std::string& key, const std::optional<std::string>& value) {
  proto::KeyValue& pair = *out.add_pairs();
  pair.set_key(key);
  if (value) {
    pair.set_value(*value);
  }
}

}  // namespace

void answer_config(Session& session, const proto::ConfigRequest& request, proto::ConfigResponse& out) {
  Configuration& configuration = session.configuration();
  const proto::ConfigRequest::Operation& operation = request.operation();
  switch (operation.op_type_case()) {
    case proto::ConfigRequest::Operation::kSet:
      for (const proto::KeyValue& pair : operation.set().pairs()) {
        try {
          configuration.set(pair.key(), pair.value());
        } catch (const SparkError& error) {
          if (!operation.set().silent()) {
            throw;
          }
          out.add_warnings(error.what());
        }
        add(out, pair.key(), pair.value());
      }
      return;
    case proto::ConfigRequest::Operation::kGet:
      for (const std::string& key : operation.get().keys()) {
        add(out, key, configuration.get(key));
      }
      return;
    case proto::ConfigRequest::Operation::kGetWithDefault:
      for (const proto::KeyValue& pair : operation.get_with_default().pairs()) {
        add(out, pair.key(),
            configuration.find_set(pair.key(),
                                   pair.has_value() ? std::optional<std::string>(pair.value()) : std::nullopt));
      }
      return;
    case proto::ConfigRequest::Operation::kGetOption:
      for (const std::string& key : operation.get_option().keys()) {
        add(out, key, configuration.find(key));
      }
      return;
    case proto::ConfigRequest::Operation::kGetAll: {
      const std::string& prefix = operation.get_all().prefix();
      for (const auto& [key, value] : configuration.all_set()) {
        if (key.starts_with(prefix)) {
          add(out, key.substr(prefix.size()), value);
        }
      }
      return;
    }
    case proto::ConfigRequest::Operation::kUnset:
      for (const std::string& key : operation.unset().keys()) {
        configuration.unset(key);
        add(out, key, std::nullopt);
      }
      return;
    case proto::ConfigRequest::Operation::kIsModifiable:
      for (const std::string& key : operation.is_modifiable().keys()) {
        add(out, key, configuration.is_modifiable(key) ? "true" : "false");
      }
      return;
    case proto::ConfigRequest::Operation::OP_TYPE_NOT_SET:
      break;
  }
  throw_unsupported("this configuration operation");
}

}  // namespace pyrite
