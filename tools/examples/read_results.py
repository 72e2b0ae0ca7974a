#!/usr/bin/python3
"""Open a Throng results file with plain h5py, check it the way PedPy's loader does, and show what is in it.

    read_results.py run.h5 [--plot run.svg]

Needs h5py and numpy; draws a PNG with matplotlib where it is installed, else an SVG of its own.
Exit status: 0 sound, 1 a check failed, 2 cannot be opened.
"""
import argparse
import sys

import h5py
import numpy as np


class CheckFailed(Exception):
    """One of the loader's conditions does not hold."""


def check(condition, message):
    if not condition:
        raise CheckFailed(message)


def check_as_pedpy(file):
    """The conditions of PedPy's load_trajectory_from_ped_data_archive_hdf5 and its geometry loader, in their order."""
    check("trajectory" in file, "no dataset 'trajectory' at the root")
    trajectory = file["trajectory"]
    names = trajectory.dtype.names
    check(names is not None, "'trajectory' is not a compound dataset")
    check({"id", "frame", "x", "y"}.issubset(names), f"'trajectory' lacks columns: has {names}")
    check("fps" in trajectory.attrs, "attribute 'fps' is missing on the dataset")
    check(float(trajectory.attrs["fps"]) > 0, "'fps' is not above 0")
    check(trajectory.ndim == 1, "'trajectory' is not one-dimensional")
    check("wkt_geometry" in file.attrs, "root attribute 'wkt_geometry' is missing")
    wkt = file.attrs["wkt_geometry"]
    check(isinstance(wkt, str), f"'wkt_geometry' arrives as {type(wkt).__name__}, not str: not a scalar variable-length text")
    check(wkt.startswith("POLYGON"), "'wkt_geometry' is not one POLYGON")


def rings(wkt):
    """Rings of a POLYGON text, each (n, 2)."""
    inner = wkt[wkt.find("(") + 1 : wkt.rfind(")")]
    parts = [part.strip(" (),") for part in inner.split(")")]
    return [np.array([[float(v) for v in point.split()] for point in part.split(",")]) for part in parts if part]


def check_rows(file):
    """What PedPy relies on without checking: frames in order, nobody twice in a frame, finite positions."""
    rows = file["trajectory"][:]
    if len(rows) == 0:
        return rows
    check(np.isfinite(rows["x"]).all() and np.isfinite(rows["y"]).all(), "a position is not finite")
    frame, ident = rows["frame"].astype(np.int64), rows["id"].astype(np.int64)
    check((np.diff(frame) >= 0).all(), "rows are not in frame order")
    same_frame = np.diff(frame) == 0
    check((np.diff(ident)[same_frame] > 0).all(), "ids do not rise within a frame")
    if "trajectory_index" in file:
        index = file["trajectory_index"][:]
        check(len(index) == 0 or int(index["end"][-1]) == len(rows), "the index does not end with the trajectory")
        check((index["begin"][1:] == index["end"][:-1]).all(), "the index has gaps")
    return rows


def texts(dataset):
    return [value.decode() if isinstance(value, bytes) else str(value) for value in dataset[:]]


def table_rows(group):
    return int(group.attrs["rows"])


def print_overview(file, rows):
    attrs = file.attrs
    fps = float(file["trajectory"].attrs["fps"])
    print(f"{attrs['run_name']}: model {attrs['model']} ({attrs['profile']}), seed {int(attrs['seed'])}, program {attrs['program_version']}")
    people = len(np.unique(rows["id"])) if len(rows) else 0
    frames = len(np.unique(rows["frame"])) if len(rows) else 0
    print(f"trajectory: {len(rows)} rows, {people} people, {frames} frames at {fps:g} per second")
    for credit in attrs["sources"]:
        print(f"data: {credit}")


def print_zones(file):
    info = file["info/zones"]
    if table_rows(info) == 0:
        print("no zones")
        return
    samples = file["zones"][:]
    print(f"\n{'zone':24} {'area m2':>9} {'people max':>11} {'mean 1/m2':>10} {'peak 1/m2':>10} {'flow 1/(m s)':>12} {'worst level':>12}")
    words = ["normal", "yellow", "orange", "red", "critical", "unknown"]
    for row, (name, area) in enumerate(zip(texts(info["id"]), info["area"][:])):
        of_zone = samples[samples["zone"] == row]
        if len(of_zone) == 0:
            continue
        print(
            f"{name[:24]:24} {area:9.1f} {of_zone['people'].max():11.1f} {of_zone['density'].mean():10.3f} "
            f"{of_zone['local_density'].max():10.3f} {np.nanmax(of_zone['flow']):12.3f} {words[int(of_zone['level'].max())]:>12}"
        )


def fundamental_figures(file):
    """(classes, 4): mean density, mean speed, specific flow, samples; over all zones, by density in steps of 0.5."""
    samples = file["zones"][:]
    samples = samples[np.isfinite(samples["speed"]) & (samples["density"] > 0)]
    out = []
    if len(samples) == 0:
        return np.zeros((0, 4))
    for low in np.arange(0.0, samples["density"].max() + 0.5, 0.5):
        inside = samples[(samples["density"] >= low) & (samples["density"] < low + 0.5)]
        if len(inside):
            density, speed = float(inside["density"].mean()), float(inside["speed"].mean())
            out.append((density, speed, float((inside["density"] * inside["speed"]).mean()), len(inside)))
    return np.array(out).reshape(-1, 4)


def print_figures(file, fundamental):
    if len(fundamental):
        print(f"\n{'density 1/m2':>12} {'speed m/s':>10} {'flow 1/(m s)':>12} {'samples':>8}")
        for density, speed, flow, n in fundamental:
            print(f"{density:12.3f} {speed:10.3f} {flow:12.3f} {int(n):8d}")
    ledger = file["ledger"][:]
    if len(ledger):
        last = ledger[-1]
        print(f"\nat {last['time']:.0f} s: {last['entered']} entered, {last['inside']} inside, {last['left']} left, {last['waiting_outside']} waiting outside")
        check((ledger["entered"] == ledger["inside"] + ledger["left"]).all(), "people are lost: entered is not inside + left")
        check((ledger["scheduled"] == ledger["entered"] + ledger["waiting_outside"]).all(), "people are lost: scheduled is not entered + waiting")


def plot_svg(path, wkt, rows):
    """Walkable area and the last frame."""
    outline = rings(wkt) if "EMPTY" not in wkt else []
    points = np.concatenate(outline) if outline else np.array([[0.0, 0.0], [1.0, 1.0]])
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1e-6)
    scale = 800.0 / size.max()

    def at(p):
        return (p[0] - low[0]) * scale + 10, (high[1] - p[1]) * scale + 10

    width, height = size * scale + 20
    path_text = " ".join("M" + " L".join("%.1f,%.1f" % at(p) for p in ring) + " Z" for ring in outline)
    people = rows[rows["frame"] == rows["frame"].max()] if len(rows) else rows
    dots = "".join('<circle cx="%.1f" cy="%.1f" r="%.1f"/>' % (*at((row["x"], row["y"])), max(0.2 * scale, 1.5)) for row in people)
    with open(path, "w", encoding="utf-8") as out:
        out.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"><rect width="100%" height="100%" fill="#fff"/>'
            f'<path d="{path_text}" fill="#e8e8e4" stroke="#555" fill-rule="evenodd"/><g fill="#0b6e99">{dots}</g></svg>\n'
        )


def plot(path, wkt, rows):
    try:
        import matplotlib

        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
    except ImportError:
        path = path if path.endswith(".svg") else path + ".svg"
        plot_svg(path, wkt, rows)
        return path
    figure, axes = plt.subplots()
    for ring in rings(wkt) if "EMPTY" not in wkt else []:
        axes.plot(ring[:, 0], ring[:, 1], color="#555")
    if len(rows):
        people = rows[rows["frame"] == rows["frame"].max()]
        axes.scatter(people["x"], people["y"], s=4, color="#0b6e99")
    axes.set_aspect("equal")
    axes.set_xlabel("x [m]")
    axes.set_ylabel("y [m]")
    figure.savefig(path)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results")
    parser.add_argument("--plot", help="write a picture of the last frame")
    options = parser.parse_args()
    try:
        file = h5py.File(options.results, "r")
    except OSError as error:
        print(f"{options.results}: {error}", file=sys.stderr)
        return 2
    with file:
        try:
            check_as_pedpy(file)
            rows = check_rows(file)
            if file.attrs.get("format") == "throng-results":
                print_overview(file, rows)
                print_zones(file)
                print_figures(file, fundamental_figures(file))
            if options.plot:
                print("picture:", plot(options.plot, file.attrs["wkt_geometry"], rows))
        except (CheckFailed, KeyError) as error:
            print(f"{options.results}: check failed: {error}", file=sys.stderr)
            return 1
    print("all checks passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
