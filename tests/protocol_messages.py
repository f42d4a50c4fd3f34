"""Makes messages of the Connect protocol from their descriptors and sends them to a service of this process.

usage: protocol_messages.py each | random SECONDS

Prints one line for each message that was answered wrongly: by INTERNAL_ERROR, by an error without a name, or by something
that is no error of the protocol at all. The last line says how many messages were sent. Run it in an empty
folder: messages write files and tables.
"""

import faulthandler
import random
import signal
import sys
import uuid

import pyrite._pyrite as core
from google.rpc import error_details_pb2, status_pb2
from pyspark.sql.connect.proto import base_pb2, catalog_pb2, commands_pb2, expressions_pb2, relations_pb2, types_pb2

SEED = 42
LONGEST_CALL = 2  # seconds; a query may run longer (a range of 2^62 rows), but it must stop when it is told to
LONGEST_STOP = 30
TEXTS = ["id", "s", "", "nothing", "a.b", "`", "bigint", "id bigint", "select 1 as id, 'x' as s", "count", "parquet",
         "sum", "{}", '"long"', "\u00e9\u4e2d", "x" * 300, "pearson", "left", "mean", "1 day", "id + 1", "*", "%"]  # fmt: skip
NUMBERS = [0, 1, 2, 3, 7, -1, 100, 2**31 - 1, -(2**31)]
WHOLE = {
    "spark.connect.Relation",
    "spark.connect.Expression",
    "spark.connect.Expression.Literal",
    "spark.connect.DataType",
}


class TooLong(BaseException):
    """The call took longer than LONGEST_CALL."""


def stop_call(*_):
    raise TooLong


class Maker:
    """Fills messages with values; `random` decides which fields and which values."""

    def __init__(self, seed, chance=1.0, depth=3):
        self.random = random.Random(seed)
        self.chance = chance
        self.depth = depth

    def relation(self):
        """A small relation that is valid."""
        choice = self.random.randrange(3) if self.chance < 1 else 0
        if choice == 0:
            return relations_pb2.Relation(sql=relations_pb2.SQL(query="select 1 as id, 'x' as s"))
        if choice == 1:
            return relations_pb2.Relation(range=relations_pb2.Range(start=0, end=3, step=1))
        return relations_pb2.Relation(local_relation=relations_pb2.LocalRelation(schema="id bigint, s string"))

    def expression(self):
        """A small expression that is valid over `relation`."""
        attribute = expressions_pb2.Expression.UnresolvedAttribute(unparsed_identifier="id")
        return expressions_pb2.Expression(unresolved_attribute=attribute)

    def leaf(self, full_name):
        if full_name == "spark.connect.Relation":
            return self.relation()
        if full_name == "spark.connect.Expression":
            return self.expression()
        if full_name == "spark.connect.Expression.Literal":
            return expressions_pb2.Expression.Literal(integer=1)
        return types_pb2.DataType(long=types_pb2.DataType.Long())

    def fill(self, message, depth=0):
        """Sets fields of the message, and those of the messages in it."""
        chosen = {oneof.name: self.random.choice(oneof.fields) for oneof in message.DESCRIPTOR.oneofs}
        for field in message.DESCRIPTOR.fields:
            if field.containing_oneof and chosen[field.containing_oneof.name] is not field:
                continue
            if self.random.random() <= self.chance:
                self.set(message, field, depth)
        return message

    def set(self, message, field, depth=0):
        """Sets one field."""
        if field.message_type and field.message_type.GetOptions().map_entry:
            self.put(getattr(message, field.name), field.message_type.fields_by_name["value"], depth)
        elif field.is_repeated:
            values = getattr(message, field.name)
            for _ in range(1 if self.chance == 1 else self.random.randrange(3)):
                if field.message_type:
                    self.fill_message(values.add(), depth)
                else:
                    values.append(self.scalar(field))
        elif field.message_type:
            inner = getattr(message, field.name)
            inner.SetInParent()
            self.fill_message(inner, depth)
        else:
            setattr(message, field.name, self.scalar(field))

    def put(self, entries, value, depth):
        if value.message_type:
            self.fill_message(entries["id"], depth)
        else:
            entries["id"] = self.scalar(value)

    def fill_message(self, message, depth):
        name = message.DESCRIPTOR.full_name
        if name in WHOLE and (depth >= self.depth or self.chance == 1 or self.random.random() < 0.3):
            message.CopyFrom(self.leaf(name))
        elif depth < 2 * self.depth:
            self.fill(message, depth + 1)

    def scalar(self, field):
        if field.enum_type:
            return self.random.choice(field.enum_type.values).number
        if field.cpp_type == field.CPPTYPE_BOOL:
            return self.random.random() < 0.5
        if field.cpp_type in (field.CPPTYPE_DOUBLE, field.CPPTYPE_FLOAT):
            return self.random.choice([0.0, 0.5, 1.0, -1.0, 1e300 if field.cpp_type == field.CPPTYPE_DOUBLE else 1e30])
        if field.type == field.TYPE_BYTES:
            return self.random.choice([b"", b"\x00", b"id", bytes(range(256))])
        if field.cpp_type == field.CPPTYPE_STRING:
            return TEXTS[0] if self.chance == 1 else self.random.choice(TEXTS)
        number = 1 if self.chance == 1 else self.random.choice(NUMBERS)
        return abs(number) if field.cpp_type in (field.CPPTYPE_UINT32, field.CPPTYPE_UINT64) else number


class Sender:
    """Sends requests to a service and keeps what was answered wrongly."""

    def __init__(self):
        self.service = core.Service({})
        self.session_id = str(uuid.uuid4())
        self.user = base_pb2.UserContext(user_id="test")
        self.sent = 0
        signal.signal(signal.SIGALRM, stop_call)

    def stamp(self, request):
        request.session_id = self.session_id
        request.user_context.CopyFrom(self.user)
        for field in ("client_observed_server_side_session_id", "operation_id"):
            if field in request.DESCRIPTOR.fields_by_name:
                request.ClearField(field)
        return request.SerializeToString()

    def plan(self, plan):
        self.call("execute_plan", self.stamp(base_pb2.ExecutePlanRequest(plan=plan)), plan)

    def relation(self, relation):
        self.plan(base_pb2.Plan(root=relation))
        schema = base_pb2.AnalyzePlanRequest.Schema(plan=base_pb2.Plan(root=relation))
        self.call("analyze_plan", self.stamp(base_pb2.AnalyzePlanRequest(schema=schema)), relation)

    def expression(self, expression):
        project = relations_pb2.Project(input=Maker(0).relation(), expressions=[expression])
        self.relation(relations_pb2.Relation(project=project))

    def request(self, method, request):
        self.call(method, self.stamp(request), request)

    def call(self, method, data, shown):
        """Calls the service; returns the error's condition, or None."""
        self.sent += 1
        faulthandler.dump_traceback_later(LONGEST_CALL + LONGEST_STOP, exit=True)
        try:
            signal.setitimer(signal.ITIMER_REAL, LONGEST_CALL)
            try:
                answer = getattr(self.service, method)([data] if method == "add_artifacts" else data)
                if method in ("execute_plan", "reattach_execute"):
                    for _ in answer:
                        pass
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except TooLong:
            return None
        except core.ServiceError as error:
            return self.check_error(method, error, shown)
        except Exception as error:
            self.report(method, repr(error), shown)
        finally:
            faulthandler.cancel_dump_traceback_later()
        return None

    def check_error(self, method, error, shown):
        status = status_pb2.Status.FromString(bytes(error.details))
        info = error_details_pb2.ErrorInfo()
        if len(status.details) != 1 or not status.details[0].Unpack(info):
            self.report(method, f"no details: {error.message}", shown)
            return None
        # Spark leaves some errors without a condition: then the exception's class says more than that something failed.
        condition = info.metadata.get("errorClass") or info.reason
        if condition in ("INTERNAL_ERROR", "org.apache.spark.SparkException"):
            self.report(method, f"{condition}: {error.message}", shown)
        return condition

    def report(self, method, text, shown):
        message = shown if isinstance(shown, str) else " ".join(str(shown).split())
        print(f"{method}: {text[:300]} for {message[:600]}", flush=True)


def members(message_type, oneof):
    return message_type.DESCRIPTOR.oneofs_by_name[oneof].fields


def variants(message_type, oneof):
    """Each member of the oneof: empty, with its first-level messages set, and filled as far as it goes."""
    for field in members(message_type, oneof):
        empty = message_type()
        if field.message_type:
            getattr(empty, field.name).SetInParent()
        else:
            Maker(SEED).set(empty, field)
        yield empty
        for seed in range(3):
            filled = message_type()
            Maker(seed).set(filled, field)
            yield filled
        if field.message_type:
            for inner in field.message_type.fields:  # the filled message without one field
                partly = message_type()
                partly.CopyFrom(filled)
                getattr(partly, field.name).ClearField(inner.name)
                yield partly


def send_each(sender):
    """Every member of every union of the protocol."""
    for relation in variants(relations_pb2.Relation, "rel_type"):
        sender.relation(relation)
    for catalog in variants(catalog_pb2.Catalog, "cat_type"):
        sender.relation(relations_pb2.Relation(catalog=catalog))
    for read in variants(relations_pb2.Read, "read_type"):
        sender.relation(relations_pb2.Relation(read=read))
    for expression in variants(expressions_pb2.Expression, "expr_type"):
        sender.expression(expression)
    for literal in variants(expressions_pb2.Expression.Literal, "literal_type"):
        sender.expression(expressions_pb2.Expression(literal=literal))
    for data_type in variants(types_pb2.DataType, "kind"):
        cast = expressions_pb2.Expression.Cast(expr=Maker(0).expression(), type=data_type)
        sender.expression(expressions_pb2.Expression(cast=cast))
        sender.relation(
            relations_pb2.Relation(to_schema=relations_pb2.ToSchema(input=Maker(0).relation(), schema=data_type))
        )
    for command in variants(commands_pb2.Command, "command_type"):
        sender.plan(base_pb2.Plan(command=command))
    for write in variants(commands_pb2.WriteOperation, "save_type"):
        write.input.CopyFrom(Maker(0).relation())
        sender.plan(base_pb2.Plan(command=commands_pb2.Command(write_operation=write)))
    for plan in variants(base_pb2.Plan, "op_type"):
        sender.plan(plan)
    for request in variants(base_pb2.AnalyzePlanRequest, "analyze"):
        sender.request("analyze_plan", request)
    for operation in variants(base_pb2.ConfigRequest.Operation, "op_type"):
        sender.request("config", base_pb2.ConfigRequest(operation=operation))
    for method, request_type in REQUESTS.items():
        sender.request(method, request_type())
        sender.request(method, Maker(SEED).fill(request_type()))


REQUESTS = {
    "interrupt": base_pb2.InterruptRequest,
    "release_execute": base_pb2.ReleaseExecuteRequest,
    "reattach_execute": base_pb2.ReattachExecuteRequest,
    "add_artifacts": base_pb2.AddArtifactsRequest,
    "artifact_status": base_pb2.ArtifactStatusesRequest,
    "fetch_error_details": base_pb2.FetchErrorDetailsRequest,
    "clone_session": base_pb2.CloneSessionRequest,
    "get_status": base_pb2.GetStatusRequest,
}


def nested_relation(levels):
    relation = relations_pb2.Relation()
    relation.sql.query = "select 1 as id"
    data = relation.SerializeToString()
    for _ in range(levels):
        data = field_bytes("filter", field_bytes("input", data, relations_pb2.Filter), relations_pb2.Relation)
    return data


def field_bytes(name, data, message_type):
    """A message field in protobuf's encoding: nesting deeper than Python's own encoder allows."""
    return varint(message_type.DESCRIPTOR.fields_by_name[name].number << 3 | 2) + varint(len(data)) + data


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def send_deep(sender):
    """Nesting beyond every limit."""
    request = base_pb2.ExecutePlanRequest()
    head = sender.stamp(request)
    for levels in (50, 1000, 9000, 30_000):
        plan = field_bytes("root", nested_relation(levels), base_pb2.Plan)
        sender.call("execute_plan", head + field_bytes("plan", plan, base_pb2.ExecutePlanRequest), f"{levels} levels")


def damaged(chance, data):
    """The bytes cut off, or with some of them changed."""
    data = bytearray(data)
    kind = chance.randrange(3)
    if kind == 0:
        return bytes(data[: chance.randrange(len(data) + 1)])
    for _ in range(chance.randrange(1, 6)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data) if kind == 1 else bytes(data) + chance.randbytes(chance.randrange(20))


def send_random(sender, seconds):
    """Random messages, and the bytes of random messages damaged, until the time is over."""
    import time

    deadline = time.monotonic() + seconds
    send_deep(sender)
    seed = SEED
    methods = {"execute_plan": base_pb2.ExecutePlanRequest, "analyze_plan": base_pb2.AnalyzePlanRequest,
               "config": base_pb2.ConfigRequest, **REQUESTS}  # fmt: skip
    while time.monotonic() < deadline:
        seed += 1
        maker = Maker(seed, chance=0.7)
        relation = maker.fill(relations_pb2.Relation())
        sender.relation(relation)
        sender.expression(maker.fill(expressions_pb2.Expression()))
        sender.plan(base_pb2.Plan(command=maker.fill(commands_pb2.Command())))
        method = maker.random.choice(list(methods))
        request = maker.fill(methods[method]())
        sender.request(method, request)
        data = sender.stamp(base_pb2.ExecutePlanRequest(plan=base_pb2.Plan(root=relation)))
        sender.call("execute_plan", damaged(maker.random, data), f"damaged bytes of seed {seed}: {relation}")
        sender.call("execute_plan", maker.random.randbytes(maker.random.randrange(200)), f"noise of seed {seed}")


def main(arguments):
    sender = Sender()
    if arguments == ["each"]:
        send_each(sender)
    else:
        send_random(sender, float(arguments[1]))
    count = Maker(0).relation()
    condition = sender.call(
        "execute_plan", sender.stamp(base_pb2.ExecutePlanRequest(plan=base_pb2.Plan(root=count))), ""
    )
    if condition is not None:
        print(f"the session is not usable any more: {condition}")
    print(f"sent {sender.sent}")


if __name__ == "__main__":
    main(sys.argv[1:])
