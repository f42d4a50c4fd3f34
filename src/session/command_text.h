// A command as EXPLAIN shows it.
#pragma once

#include <string>

#include "plan/command.h"

namespace pyrite {

struct CommandText {
  std::string name;         ///< Spark's name of the command's node
  std::string arguments;    ///< what it works on
  plan::RelationPtr query;  ///< what it stores, or nullptr
};

CommandText command_text(const plan::Command& command);

}  // namespace pyrite
