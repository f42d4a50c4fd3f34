"""A grpc.Channel without a socket: the client's stubs call the service of this process."""

import sys
import threading

import grpc

_CODES = {code.value[0]: code for code in grpc.StatusCode}
_DETAILS_KEY = "grpc-status-details-bin"


class LocalRpcError(grpc.RpcError, grpc.Call):
    """A failed call as gRPC reports it: code, details and the serialized google.rpc.Status in the trailing metadata."""

    def __init__(self, code, message, status=None):
        super().__init__(message)
        self._code = code
        self._message = message
        self._trailing = ((_DETAILS_KEY, status),) if status else ()

    @classmethod
    def of(cls, error):
        """From the extension's ServiceError (code, message, details)."""
        code = error.code if isinstance(error.code, int) else grpc.StatusCode.INTERNAL.value[0]
        return cls(_CODES.get(code, grpc.StatusCode.UNKNOWN), error.message, bytes(error.details or b""))

    def code(self):
        return self._code

    def details(self):
        return self._message

    def trailing_metadata(self):
        return self._trailing

    def initial_metadata(self):
        return ()

    def is_active(self):
        return False

    def time_remaining(self):
        return None

    def cancel(self):
        return False

    def add_callback(self, callback):
        return False

    def __str__(self):
        return f"<{self._code.name}: {self._message}>"


class _Responses:
    """The answer of ExecutePlan: an iterator of messages that can be cancelled."""

    def __init__(self, channel, source, deserialize, wrap_batch):
        self._channel = channel
        self._source = source
        self._deserialize = deserialize
        self._wrap_batch = wrap_batch

    def __iter__(self):
        return self

    def __next__(self):
        if self._source is None:
            raise StopIteration
        try:
            item = next(self._source)
        except self._channel.error_class as error:
            self._source = None
            raise LocalRpcError.of(error) from None
        except BaseException:
            self._source = None
            raise
        return self._deserialize(item) if isinstance(item, bytes) else self._wrap_batch(item)

    def cancel(self):
        self._source = None
        return True

    def code(self):
        return grpc.StatusCode.OK

    def details(self):
        return ""

    def initial_metadata(self):
        return ()

    def trailing_metadata(self):
        return ()


class LocalChannel(grpc.Channel):
    """Serves the Spark Connect stubs by calling `service` directly.

    `service` has a method for each remote procedure, in snake case, from bytes to bytes; execute_plan gives an iterator.
    """

    def __init__(self, service, session_id, user_id, error_class):
        self.service = service
        self.error_class = error_class
        self._session_id = session_id
        self._user_id = user_id
        self._next_call = threading.local()

    def hand_over_batches(self, wrap):
        """The next ExecutePlan of this thread yields `wrap(batch)` for Arrow batches, uncopied; None: as IPC bytes."""
        self._next_call.wrap = wrap

    def unary_unary(self, method, request_serializer=None, response_deserializer=None, *args, **kwargs):
        procedure = self._procedure(method)
        error_class = self.error_class
        is_stream = method.endswith("/ExecutePlan")  # the client asks so for what it needs no answer to

        def call(request, timeout=None, metadata=None, credentials=None, wait_for_ready=None, compression=None):
            try:
                answer = procedure(request_serializer(request))
                if is_stream:
                    answers = list(answer)
                    answer = answers[-1] if answers else b""
                return response_deserializer(answer)
            except error_class as error:
                raise LocalRpcError.of(error) from None

        return call

    def unary_stream(self, method, request_serializer=None, response_deserializer=None, *args, **kwargs):
        procedure = self._procedure(method)
        error_class = self.error_class
        can_hand_over = method.endswith("/ExecutePlan")

        def call(request, timeout=None, metadata=None, credentials=None, wait_for_ready=None, compression=None):
            wrap = getattr(self._next_call, "wrap", None)
            self._next_call.wrap = None
            try:
                message = request_serializer(request)
                source = iter(procedure(message, wrap is not None) if can_hand_over else procedure(message))
            except error_class as error:
                raise LocalRpcError.of(error) from None
            return _Responses(self, source, response_deserializer, wrap)

        return call

    def stream_unary(self, method, request_serializer=None, response_deserializer=None, *args, **kwargs):
        procedure = self._procedure(method)
        error_class = self.error_class

        def call(requests, timeout=None, metadata=None, credentials=None, wait_for_ready=None, compression=None):
            try:
                return response_deserializer(procedure([request_serializer(request) for request in requests]))
            except error_class as error:
                raise LocalRpcError.of(error) from None

        return call

    def stream_stream(self, method, request_serializer=None, response_deserializer=None, *args, **kwargs):
        return self._procedure(method)

    def subscribe(self, callback, try_to_connect=False):
        callback(grpc.ChannelConnectivity.READY)

    def unsubscribe(self, callback):
        pass

    def close(self):
        """Releases the session, which has no other door."""
        service, self.service = self.service, None
        if service is None or sys.is_finalizing():
            return
        from pyspark.sql.connect.proto import base_pb2

        if not hasattr(base_pb2, "ReleaseSessionRequest"):  # PySpark 3.5: the session ends with the process
            return
        user = base_pb2.UserContext(user_id=self._user_id)
        request = base_pb2.ReleaseSessionRequest(session_id=self._session_id, user_context=user)
        try:
            service.release_session(request.SerializeToString())
        except self.error_class:
            pass  # released before

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
        return False

    def _procedure(self, method):
        name = method.rsplit("/", 1)[-1]
        snake = "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")
        found = getattr(self.service, snake, None)

        def refuse(*_):
            raise LocalRpcError(grpc.StatusCode.UNIMPLEMENTED, f"Pyrite does not serve {name} in process.")

        return found or refuse
