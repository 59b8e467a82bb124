"""Append throughput by segment size and number of connections, as a plot. No budget: it shows where the path bends."""

import statistics

from rows.append import CONNECTIONS, MIB, Segment, append, multipart

SIZES = {"64 KiB": 64 << 10, "256 KiB": 256 << 10, "1 MiB": MIB, "4 MiB": 4 * MIB, "8 MiB": 8 * MIB}
CONNECTION_COUNTS = [1, 2, CONNECTIONS, 32]
# Bytes of one measurement.
VOLUME = 128 * MIB


def measure(bench):
    rates = {}
    with bench.roost("--profile", "open") as roost:
        for name, size in SIZES.items():
            segments = [Segment(size) for _ in range(4)]
            for connections in CONNECTION_COUNTS:
                count = max(1, VOLUME // size // connections)
                used = [segments[index % 4] for index in range(connections)]
                rates[connections, name] = statistics.median(
                    append(roost, multipart, used, connections, count).rate for _ in range(3))
                print(f"{name:>8} × {connections:2} connections  {rates[connections, name]:5.0f} MB/s", flush=True)
    if bench.plot:
        with open(bench.plot, "w") as file:
            file.write(plot(rates))
    return []


def plot(rates):
    """A line for each number of connections, as SVG."""
    width, height, left, bottom, top, right = 640, 360, 56, 40, 24, 110
    highest = max(100, -(-max(rates.values()) // 100) * 100)
    colours = ["#9aa5b1", "#3ebd93", "#2186eb", "#cf1124"]
    names = list(SIZES)

    def x(index):
        return left + index * (width - left - right) / (len(names) - 1)

    def y(rate):
        return height - bottom - rate * (height - top - bottom) / highest

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="16">Append throughput, MB/s, by segment size and connections</text>']
    for step in range(5):
        rate = highest * step / 4
        lines.append(f'<path d="M{left} {y(rate):.0f}H{width - right}" stroke="#e4e7eb"/>')
        lines.append(f'<text x="{left - 6}" y="{y(rate) + 4:.0f}" text-anchor="end">{rate:.0f}</text>')
    for index, name in enumerate(names):
        lines.append(f'<text x="{x(index):.0f}" y="{height - 16}" text-anchor="middle">{name}</text>')
    for colour, connections in zip(colours, CONNECTION_COUNTS):
        points = " ".join(f"{x(index):.0f},{y(rates[connections, name]):.0f}" for index, name in enumerate(names))
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    # The names of lines that end close to each other are kept a line of text apart.
    previous = 0.0
    ends = sorted((y(rates[connections, names[-1]]), connections, colour)
        for colour, connections in zip(colours, CONNECTION_COUNTS))
    for end, connections, colour in ends:
        previous = max(end, previous + 14)
        lines.append(
            f'<text x="{width - right + 8}" y="{previous + 4:.0f}" fill="{colour}">'
            f'{connections} connection{"s" if connections > 1 else ""}</text>')
    return "\n".join([*lines, "</svg>", ""])
