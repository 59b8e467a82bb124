"""The load generator: keep-alive connections on plain sockets, a thread for each, requests prepared beforehand."""

import http.client
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor


class Connection:
    """One keep-alive connection to a server on this machine."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        # The kernel's timeouts, not Python's: those make the socket non-blocking, and a large send many small ones.
        self._socket.settimeout(None)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self._socket.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", 60, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request):
        """Sends a request, given as a list of buffers, and reads its answer's body; anything but a 2xx is an error."""
        for part in request[:-1]:
            self._socket.sendall(part, socket.MSG_MORE)
        self._socket.sendall(request[-1])
        response = http.client.HTTPResponse(self._socket)
        response.begin()
        body = response.read()
        response.close()
        if response.status // 100 != 2:
            raise RuntimeError(f"answered {response.status}: {body[:400]!r}")
        return body

    def close(self):
        self._socket.close()


def send_all(port, plans, answers=None):
    """Sends each plan's requests one after the other, all plans at once on a connection each; returns the seconds.

    The answers' bodies are added to `answers`, if it is given.
    """
    connections = [Connection(port) for _ in plans]
    began = []
    start = threading.Barrier(len(plans), action=lambda: began.append(time.perf_counter()))

    def work(connection, plan):
        start.wait(60)
        for request in plan:
            body = connection.send(request)
            if answers is not None:
                answers.append(body)

    try:
        with ThreadPoolExecutor(len(plans)) as pool:
            for future in [pool.submit(work, *pair) for pair in zip(connections, plans)]:
                future.result()
        return time.perf_counter() - began[0]
    finally:
        for connection in connections:
            connection.close()
