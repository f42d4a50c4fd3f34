// Casts of datetime types.
#include "functions/datetime_cast.h"

namespace pyrite {

Kernel datetime_cast_kernel(const Type&, const Type&, resolved::EvalMode) { return {}; }

}  // namespace pyrite
