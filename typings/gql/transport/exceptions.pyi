class TransportError(Exception): ...
class TransportProtocolError(TransportError): ...

class TransportServerError(TransportError):
    code: int | None
    def __init__(self, message: str, code: int | None = None) -> None: ...

class TransportClosed(TransportError): ...  # noqa: N818 - the name is given.
class TransportConnectionFailed(TransportError): ...  # noqa: N818 - the name is given.
class TransportAlreadyConnected(TransportError): ...  # noqa: N818 - the name is given.
