"""One-shot photos, judged, decoded and all renditions durable, beside a bare libvips loop that makes the same files."""

import os
import subprocess
import tempfile

from results import Finding, median_of

BUDGET_RATE, BUDGET_CPU = 0.7, 1.25
QUALITY = {"64 KiB": ("1024x768", 11), "3 megapixels": ("2048x1536", 3)}
# The longest sides of what Roost makes of a photo beside the full size.
BOUNDED_SIDES = [2048, 1200, 680]
COUNT = {"64 KiB": 120, "3 megapixels": 48}


def measure(bench):
    findings = []
    for name, (size, quality) in QUALITY.items():
        photo = make(bench.folder, size, quality)
        findings += compare(bench, f"one-shot images, {name}", photo, COUNT[name])
    return findings


def make(folder, size, quality):
    path = os.path.join(folder, f"{size}.jpg")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"mandelbrot=size={size}:maxiter=120", "-frames:v", "1",
            "-q:v", str(quality), path], check=True)
    return path


def compare(bench, name, photo, count):
    with open(photo, "rb") as file:
        data = file.read()
    sides = [0, *(side for side in BOUNDED_SIDES if side < max(jpeg_size(data)))]
    with bench.roost() as roost:
        check_renditions(bench, roost, photo, data, sides)
    pairs = []
    for turn in range(bench.rounds):
        order = [lambda: ours(bench, data, count), lambda: theirs(bench, photo, count, sides)]
        if turn % 2 == 0:
            pairs.append((order[0](), order[1]()))
        else:
            pairs.append((order[1](), order[0]())[::-1])
    (mine, my_cpu), (peers, peer_cpu) = (tuple(zip(*side)) for side in zip(*pairs))
    kibibytes = len(data) >> 10
    return [
        Finding(
            f"{name} ({kibibytes} KiB, {len(sides)} renditions)", f"{median_of(mine)} images/s",
            f"{median_of(peers)} images/s (libvips)", [our / their for our, their in zip(mine, peers)], BUDGET_RATE,
            is_limit=False),
        Finding(
            f"{name}, CPU for each", f"{median_of([cpu * 1000 for cpu in my_cpu], 1)} ms",
            f"{median_of([cpu * 1000 for cpu in peer_cpu], 1)} ms (libvips)",
            [our / their for our, their in zip(my_cpu, peer_cpu)], BUDGET_CPU, is_limit=True),
    ]


def check_renditions(bench, roost, photo, data, sides):
    """Both make pictures of the same sizes; the original is kept as it was sent."""
    _, [upload] = roost.one_shots(data, 1, connections=1)
    roost.check_digest(upload, data)
    # The attempt is erased a moment later; it is the original's file under another name.
    sizes = sorted(jpeg_size(read(path)) for path in roost.files(upload) if "/attempts/" not in path)
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        run_peer(bench, photo, folder, 1, sides)
        expected = sorted([jpeg_size(data), *(jpeg_size(read(os.path.join(folder, name))) for name in os.listdir(folder))])
    if sizes != expected:
        raise RuntimeError(f"renditions of {sizes} beside the peer's {expected}")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def jpeg_size(data):
    """Width and height from the frame header (ITU-T T.81, B.2.2)."""
    offset = 2
    while True:
        marker, length = data[offset + 1], int.from_bytes(data[offset + 2:offset + 4])
        if marker in (0xC0, 0xC1, 0xC2):
            return int.from_bytes(data[offset + 7:offset + 9]), int.from_bytes(data[offset + 5:offset + 7])
        offset += 2 + length


def ours(bench, data, count):
    """Images per second, and CPU seconds for each, of a new server and its helpers once they are warm.

    No helper is replaced within these few images: the time of one that has ended could not be counted.
    """
    connections = 2 * os.cpu_count()
    with bench.roost() as roost:
        roost.one_shots(data, 2 * connections, connections)
        cpu = roost.tree_cpu_seconds()
        seconds, uploads = roost.one_shots(data, count, connections)
        cpu = roost.tree_cpu_seconds() - cpu
        roost.check_digest(uploads[-1], data)
    return count / seconds, cpu / count


def theirs(bench, photo, count, sides):
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        seconds, cpu = run_peer(bench, photo, folder, count, sides)
    return count / seconds, cpu / count


def run_peer(bench, photo, folder, count, sides):
    output = subprocess.run(
        [bench.peer("images"), photo, folder, str(count), str(os.cpu_count()), *map(str, sides)], check=True,
        stdout=subprocess.PIPE, text=True)
    return map(float, output.stdout.split())
