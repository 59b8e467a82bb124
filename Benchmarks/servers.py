"""The servers that are measured: started on a folder of their own, asked for their CPU time and memory, stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request


class Processes:
    """CPU time and peak memory of some processes, from /proc (proc(5))."""

    def __init__(self, pids):
        self._pids = pids

    def cpu_seconds(self):
        """User and system time so far."""
        ticks = 0
        for pid in self._pids:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def peak_bytes(self):
        """The most resident memory since `forget_peak`; pages that processes share count for each."""
        return self._status("VmHWM")

    def resident_bytes(self):
        """Resident memory now."""
        return self._status("VmRSS")

    def forget_peak(self):
        for pid in self._pids:
            with open(f"/proc/{pid}/clear_refs", "w") as file:
                file.write("5")

    def _status(self, field):
        total = 0
        for pid in self._pids:
            with open(f"/proc/{pid}/status") as file:
                total += int(re.search(rf"^{field}:\s+(\d+) kB$", file.read(), re.MULTILINE)[1]) * 1024
        return total


class Roost:
    """`roost serve` with its defaults: durability full, SQLite, a local folder."""

    def __init__(self, binaries, folder):
        program = os.path.join(binaries, "roost")
        self._log = os.path.join(folder, "roost.log")
        self._data = os.path.join(folder, "data")
        with open(self._log, "w") as log:
            self._process = subprocess.Popen(
                [program, "serve", "--data", self._data, "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            self.port = self._wait_for_port()
            self._token = subprocess.run(
                [program, "token", "create", "--data", self._data, "--user", "bench"],
                check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        except BaseException:
            self.stop()
            raise
        self.processes = Processes([self._process.pid])

    def _wait_for_port(self):
        for line in self._process.stdout:
            if found := re.match(r"Roost serves .* at http://.*:(\d+)$", line):
                return int(found[1])
        with open(self._log) as log:
            raise RuntimeError("roost did not start: " + log.read()[-2000:])

    def initialize(self, size):
        """Begins an upload; returns its id."""
        body = {"media_type": "video/mp4", "media_category": "amplify_video", "total_bytes": size}
        return self._call("POST", "/2/media/upload/initialize", body)["id"]

    def segments(self, upload):
        """What the server says about the segments: index → (size, CRC-32C in hexadecimal)."""
        segments = self._call("GET", f"/2/media/upload?media_id={upload}").get("segments", [])
        return {segment["index"]: (segment["size"], segment["crc32c"]) for segment in segments}

    def files(self, upload):
        """The files in which the upload's segments are."""
        return [
            os.path.join(folder, name)
            for folder, _, names in os.walk(os.path.join(self._data, "blobs"))
            for name in names if name.startswith(f"{upload}.")]

    def abort(self, upload):
        """Deletes an upload and waits until its bytes are gone."""
        self._call("DELETE", f"/2/media/upload/{upload}")
        deadline = time.monotonic() + 60
        while self.files(upload):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the files of {upload} are still there a minute after it was deleted")
            time.sleep(0.05)

    def multipart(self, upload, index, segment):
        """The request that appends a segment as multipart/form-data."""
        boundary = "roost-benchmark-boundary"
        before = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="segment_index"\r\n\r\n{index}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="blob"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode()
        after = f"\r\n--{boundary}--\r\n".encode()
        return self._append(upload, f"multipart/form-data; boundary={boundary}", [before, segment.bytes, after])

    def json(self, upload, index, segment):
        """The request that appends a segment as base64 in JSON."""
        return self._append(
            upload, "application/json", [f'{{"segment_index":{index},"media":"'.encode(), segment.base64, b'"}'])

    def _append(self, upload, content_type, body):
        head = (
            f"POST /2/media/upload/{upload}/append HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Type: {content_type}\r\n"
            f"Content-Length: {sum(map(len, body))}\r\n\r\n").encode()
        return [head + body[0], *body[1:]]

    def _call(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["data"]

    def stop(self):
        stop(self._process, signal.SIGTERM)
        self._process.stdout.close()


class Nginx:
    """nginx with ngx_http_dav_module: PUT writes to a temporary file, then renames; nothing is synchronized."""

    CONFIGURATION = """
        daemon off;
        {user}
        worker_processes {workers};
        pid {folder}/nginx.pid;
        events {{ worker_connections 1024; }}
        http {{
            access_log off;
            client_body_temp_path {folder}/temp;
            proxy_temp_path {folder}/unused; fastcgi_temp_path {folder}/unused;
            uwsgi_temp_path {folder}/unused; scgi_temp_path {folder}/unused;
            server {{
                listen 127.0.0.1:{port};
                root {folder}/files;
                client_max_body_size 0;
                client_body_buffer_size {buffer};
                keepalive_requests 1000000;
                location / {{ dav_methods PUT; }}
            }}
        }}
        """

    def __init__(self, folder, buffer):
        version = subprocess.run(["nginx", "-V"], check=True, stderr=subprocess.PIPE, text=True).stderr
        if "http_dav_module" not in version:
            raise RuntimeError("this nginx has no ngx_http_dav_module; the Debian package `nginx` has it")
        self.version = version.splitlines()[0].rpartition(" ")[2]
        self._files = os.path.join(folder, "files")
        os.mkdir(self._files)
        self.port = free_port()
        configuration = os.path.join(folder, "nginx.conf")
        with open(configuration, "w") as file:
            # Started by root, the workers would be another user's, who may not write here.
            user = "user root;" if os.geteuid() == 0 else ""
            file.write(self.CONFIGURATION.format(user=user, folder=folder, port=self.port, buffer=buffer,
                workers=os.cpu_count()))
        log = os.path.join(folder, "error.log")
        self._process = subprocess.Popen(["nginx", "-p", folder, "-c", configuration, "-e", log])
        try:
            self.processes = Processes([self._process.pid, *self._wait_for_workers(log)])
        except BaseException:
            self.stop()
            raise

    def _wait_for_workers(self, log):
        deadline = time.monotonic() + 10
        while self._process.poll() is None and time.monotonic() < deadline:
            with open(f"/proc/{self._process.pid}/task/{self._process.pid}/children") as children:
                workers = [int(pid) for pid in children.read().split()]
            if len(workers) == os.cpu_count():
                return workers
            time.sleep(0.05)
        with open(log) as file:
            raise RuntimeError("nginx did not start: " + file.read()[-2000:])

    def put(self, name, segment):
        """The request that stores a segment under a name."""
        head = f"PUT /{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(segment.bytes)}\r\n\r\n"
        return [head.encode(), segment.bytes]

    def files(self):
        return [os.path.join(self._files, name) for name in os.listdir(self._files)]

    def clear(self):
        for path in self.files():
            os.remove(path)

    def stop(self):
        stop(self._process, signal.SIGTERM)


def free_port():
    for port in range(28080, 28180):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no port from 28080 to 28179 is free")


def stop(process, number):
    """Ends a process that was started here, by its id; a stubborn one is killed."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
