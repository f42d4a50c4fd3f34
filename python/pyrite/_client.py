"""What the official client does differently in process: Arrow batches arrive as they are, and nothing is reattached."""

import uuid

import pyarrow
from google.protobuf import any_pb2
from pyspark.sql.connect.client import SparkConnectClient
from pyspark.sql.connect.proto import base_pb2

_MARK = any_pb2.Any(type_url="pyrite/batch")


class InProcessClient(SparkConnectClient):
    """The official client; results skip the IPC format."""

    def _execute_and_fetch_as_iterator(self, req, observations, *args, **kwargs):
        if not req.operation_id:
            req.operation_id = str(uuid.uuid4())  # Ctrl-C interrupts the operation by its id
        answers = super()._execute_and_fetch_as_iterator(req, observations, *args, **kwargs)
        batches = []
        # Clients since 4.0 hand a response's extension on at once: there the batch takes its place. For older ones the
        # response says nothing, and the batch goes out with the next answer.
        marker = base_pb2.ExecutePlanResponse(session_id=self._session_id, extension=_MARK)

        def wrap(batch):
            batches.append(batch)
            return marker

        self._channel.hand_over_batches(wrap)
        try:
            answer = next(answers, None)  # makes the call
        finally:
            self._channel.hand_over_batches(None)
        while answer is not None:
            while batches:
                yield _import_batch(batches.pop(0))
            if not isinstance(answer, any_pb2.Any) or answer.type_url != _MARK.type_url:
                yield answer
            answer = next(answers, None)
        while batches:
            yield _import_batch(batches.pop(0))

    def _display_server_stack_trace(self):
        """There is no server and no JVM whose stack could be shown; asking costs two calls an error."""
        return False


def _import_batch(batch):
    if isinstance(batch, tuple):
        return pyarrow.RecordBatch._import_from_c_capsule(*batch)
    return pyarrow.record_batch(batch)


def adopt(session):
    """Turns the client of a new in-process session into an InProcessClient."""
    client = session.client
    if type(client) is SparkConnectClient:
        # The session's constructor names the client class itself; this is the only place to choose another.
        client.__class__ = InProcessClient
        client._use_reattachable_execute = False
    return session
