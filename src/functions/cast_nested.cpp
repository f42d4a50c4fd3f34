// Casts of arrays, maps and structs: each child column is cast as a whole, then copied into place.
#include "functions/cast_nested.h"

#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/memory_column.h"

namespace pyrite {
namespace {

using Columns = std::span<const ColumnView>;

struct ChildCast {
  CallInfo call;
  Kernel kernel;  ///< empty: the types are the same
  std::shared_ptr<void> state;
};

/// What a nested cast does to its children, prepared once a call.
struct NestedCast {
  std::vector<ChildCast> children;

  explicit NestedCast(const CallInfo& call) {
    const Type &from = call.argument_types[0], &to = call.result_type;
    if (from.is(TypeKind::array)) {
      add(call, from.element(), to.element());
    } else if (from.is(TypeKind::map)) {
      add(call, from.key(), to.key());
      add(call, from.value(), to.value());
    } else {
      for (size_t i = 0; i < from.fields().size(); ++i) {
        add(call, from.fields()[i].type, to.fields()[i].type);
      }
    }
  }

 private:
  void add(const CallInfo& outer, const Type& from, const Type& to) {
    ChildCast child;
    child.call = outer;
    child.call.argument_types = {from};
    child.call.argument_nullable = {true};
    child.call.constants = {std::nullopt};
    child.call.result_type = to;
    if (!same_type(from, to)) {
      child.kernel = cast_kernel(from, to, outer.mode);
      check(child.kernel.run != nullptr, "no cast from " + simple_string(from) + " to " + simple_string(to));
      if (child.kernel.prepare) {
        child.state = child.kernel.prepare(child.call);
      }
    }
    children.push_back(std::move(child));
  }
};

/// A view of some positions of a child column.
ColumnView select(const ColumnView& column, const std::vector<uint32_t>& positions, std::vector<uint32_t>& selection) {
  ColumnView view = column;
  selection.resize(positions.size());
  for (size_t i = 0; i < positions.size(); ++i) {
    selection[i] = static_cast<uint32_t>(column.position(positions[i]));
  }
  view.selection = selection.data();
  view.size = positions.size();
  view.constant = false;
  return view;
}

/// Casts the child's values at `positions` and writes them to `targets`.
void cast_child(const ChildCast& cast, const ColumnView& child, const std::vector<uint32_t>& positions,
                const std::vector<size_t>& targets, ColumnWriter& out) {
  if (!cast.kernel.run) {
    for (size_t i = 0; i < positions.size(); ++i) {
      out.copy(targets[i], child, positions[i]);
    }
    return;
  }
  std::vector<uint32_t> selection;
  const ColumnView view = select(child, positions, selection);
  MemoryColumn results(cast.call.result_type, positions.size());
  const KernelContext context{cast.call, cast.state.get()};
  cast.kernel.run(context, std::span(&view, 1), positions.size(), results);
  const ColumnView cast_view = results.view();
  for (size_t i = 0; i < positions.size(); ++i) {
    if (cast_view.is_null(i)) {
      out.set_null(targets[i]);
    } else {
      write_value(out, targets[i], read_value(cast_view, i));
    }
  }
}

void cast_lists(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& in = arguments[0];
  std::vector<uint32_t> positions;
  std::vector<size_t> targets;
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot slot = in.list(row);
    const size_t start = out.start_list(row, slot.length);
    for (uint64_t i = 0; i < slot.length; ++i) {
      positions.push_back(static_cast<uint32_t>(slot.offset + i));
      targets.push_back(start + i);
    }
  }
  const NestedCast& cast = context.as<NestedCast>();
  for (size_t child = 0; child < cast.children.size(); ++child) {
    cast_child(cast.children[child], in.children[child], positions, targets, out.child(child));
  }
}

void cast_structures(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& in = arguments[0];
  std::vector<uint32_t> positions;
  std::vector<size_t> targets;
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
    } else {
      positions.push_back(static_cast<uint32_t>(in.position(row)));
      targets.push_back(row);
    }
  }
  const NestedCast& cast = context.as<NestedCast>();
  for (size_t child = 0; child < cast.children.size(); ++child) {
    cast_child(cast.children[child], in.children[child], positions, targets, out.child(child));
  }
}

std::shared_ptr<void> prepare(const CallInfo& call) { return std::make_shared<NestedCast>(call); }

}  // namespace

Kernel nested_cast_kernel(const Type& from, const Type& to) {
  if (from.kind() != to.kind()) {
    return {};
  }
  if (from.is(TypeKind::array) || from.is(TypeKind::map)) {
    return {&cast_lists, &prepare};
  }
  return from.is(TypeKind::structure) ? Kernel{&cast_structures, &prepare} : Kernel{};
}

}  // namespace pyrite
