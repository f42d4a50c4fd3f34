// SHOW TABLES, SHOW COLUMNS, SHOW FUNCTIONS, …
#include "base/error.h"
#include "session/command_runner.h"

namespace pyrite {

resolved::RelationPtr CommandRunner::operator()(const plan::Show& command) { throw_unsupported("SHOW " + command.what); }

}  // namespace pyrite
