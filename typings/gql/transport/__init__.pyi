from .async_transport import AsyncTransport as AsyncTransport
from .transport import Transport as Transport
