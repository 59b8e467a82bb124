"""The servers that are measured: started on a folder of their own, asked for their CPU time and memory, stopped."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from load import send_all


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
    """`roost serve` with its defaults: durability full, SQLite, a local folder; stopped at the end of a `with`."""

    def __init__(self, binaries, folder, *options):
        program = self._program = os.path.join(binaries, "roost")
        self._folder = tempfile.mkdtemp(prefix="roost-", dir=folder)
        self._log = os.path.join(self._folder, "log")
        self._data = os.path.join(self._folder, "data")
        with open(self._log, "w") as log:
            self._process = subprocess.Popen(
                [program, "serve", "--data", self._data, "--port", "0", *options], stdout=subprocess.PIPE, stderr=log,
                text=True)
        try:
            self.port = self._wait_for_port()
            self.token = subprocess.run(
                [program, "token", "create", "--data", self._data, "--user", "bench", "--scopes",
                    "media.write tweet.read users.read"],
                check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        except BaseException:
            self.stop()
            raise
        self.processes = Processes([self._process.pid])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self._folder)

    def _wait_for_port(self):
        for line in self._process.stdout:
            if found := re.match(r"Roost serves .* at http://.*:(\d+)$", line):
                return int(found[1])
        with open(self._log) as log:
            raise RuntimeError("roost did not start: " + log.read()[-2000:])

    def tree_cpu_seconds(self):
        """CPU time of the server and everything it started that still runs: its image helpers."""
        ticks = 0
        for pid in self._process_tree():
            with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/stat") as file:
                ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def _process_tree(self):
        found = [self._process.pid]
        for pid in found:
            with contextlib.suppress(FileNotFoundError):
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{thread}/children") as file:
                        found += map(int, file.read().split())
        return found

    def run(self, *arguments):
        """A command beside the server; what it prints, read as JSON."""
        return json.loads(
            subprocess.run(
                [self._program, *arguments, "--data", self._data], check=True, stdout=subprocess.PIPE, text=True).stdout)

    def initialize(self, size, media_type="video/mp4", category="amplify_video"):
        """Begins an upload; returns its id."""
        body = {"media_type": media_type, "media_category": category, "total_bytes": size}
        return self.call("POST", "/2/media/upload/initialize", body)["id"]

    def upload(self, data, media_type, category):
        """Begins an upload and sends all of it; returns its id."""
        upload = self.initialize(len(data), media_type, category)
        size = 4 << 20
        parts = [data[start:start + size] for start in range(0, len(data), size)]
        send_all(self.port, [[self.multipart(upload, index, part) for index, part in enumerate(parts)]])
        return upload

    def one_shots(self, data, count, connections):
        """Uploads a photo again and again; returns the seconds it took and the ids."""
        request = self._multipart(
            "/2/media/upload", [("media_category", b"tweet_image"), ("media_type", b"image/jpeg")], data)
        answers = []
        seconds = send_all(self.port, [[request] * (count // connections) for _ in range(connections)], answers)
        return seconds, [json.loads(answer)["data"]["id"] for answer in answers]

    def status(self, upload):
        return self.call("GET", f"/2/media/upload?media_id={upload}")

    def segments(self, upload):
        """What the server says about the segments: index → (size, CRC-32C in hexadecimal)."""
        segments = self.status(upload).get("segments", [])
        return {segment["index"]: (segment["size"], segment["crc32c"]) for segment in segments}

    def wait_until_processed(self, upload, expected=None, pause=0.01):
        """Waits for the final state, asking after each pause; `expected` is the only one that is no error."""
        deadline = time.monotonic() + 600
        while (state := self.status(upload)["processing_info"]["state"]) not in ("succeeded", "failed"):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{upload} is still {state}")
            time.sleep(pause)
        if expected and state != expected:
            raise RuntimeError(f"{upload} {state}: {self.status(upload)}")

    def wait_until_idle(self):
        """Waits until no job is queued or running."""
        while any(value for name, value in self.metrics().items() if name.startswith("roost_jobs{")):
            time.sleep(0.1)

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60) as response:
            lines = response.read().decode().splitlines()
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line and line[0] != "#"}

    def processing_seconds(self):
        """Seconds of all jobs that succeeded, by kind."""
        found = {}
        for name, value in self.metrics().items():
            if match := re.match(r'roost_processing_seconds_sum\{.*kind="(\w+)".*outcome="succeeded"', name):
                found[match[1]] = value
        return found

    def check_digest(self, upload, data):
        """What the server stored is what was sent, by its own word and by its file."""
        digest = hashlib.sha256(data).hexdigest()
        if self.status(upload)["original"]["sha256"] != digest:
            raise RuntimeError(f"the server's digest of {upload} is not that of what was sent")
        for path in self.files(upload):
            with open(path, "rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == digest:
                    return
        raise RuntimeError(f"no file of {upload} holds what was sent")

    def files(self, upload):
        """The files in which the upload's segments, original and renditions are."""
        return [
            os.path.join(folder, name)
            for folder, _, names in os.walk(os.path.join(self._data, "blobs"))
            for name in names if name.startswith(f"{upload}.")]

    def abort(self, upload):
        """Deletes an open upload and waits until its bytes are gone."""
        self.call("DELETE", f"/2/media/upload/{upload}")
        self._wait_until_gone(upload)

    def remove(self, upload):
        """Deletes media and waits until its bytes are gone."""
        subprocess.run(
            [self._program, "media", "remove", upload, "--data", self._data], check=True, stdout=subprocess.DEVNULL)
        self._wait_until_gone(upload)

    def _wait_until_gone(self, upload):
        deadline = time.monotonic() + 60
        while self.files(upload):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the files of {upload} are still there a minute after it was deleted")
            time.sleep(0.05)

    def multipart(self, upload, index, data):
        """The request that appends bytes as multipart/form-data."""
        return self._multipart(f"/2/media/upload/{upload}/append", [("segment_index", b"%d" % index)], data)

    def json(self, upload, index, base64):
        """The request that appends bytes, given in base64, in JSON."""
        return self._post(
            f"/2/media/upload/{upload}/append", "application/json",
            [f'{{"segment_index":{index},"media":"'.encode(), base64, b'"}'])

    def _multipart(self, path, fields, data):
        boundary = b"roost-benchmark-boundary"
        before = b"".join(
            b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, name.encode(), value)
            for name, value in fields)
        before += (
            b'--%s\r\nContent-Disposition: form-data; name="media"; filename="blob"\r\n'
            b"Content-Type: application/octet-stream\r\n\r\n" % boundary)
        after = b"\r\n--%s--\r\n" % boundary
        return self._post(path, f"multipart/form-data; boundary={boundary.decode()}", [before, data, after])

    def _post(self, path, content_type, body):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {sum(map(len, body))}\r\n\r\n").encode()
        return [head + body[0], *body[1:]]

    def call(self, method, path, body=None):
        """A request with JSON in and out; returns `data` of the answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
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
        folder = self._folder = tempfile.mkdtemp(prefix="nginx-", dir=folder)
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

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self._folder)

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

    def put(self, name, data):
        """The request that stores bytes under a name."""
        return [f"PUT /{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(data)}\r\n\r\n".encode(), data]

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
