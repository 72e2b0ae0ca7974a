"""Is the drawing sound? Every fault is a sentence; the generator stops when there are any."""
import math

from plane import centre, closed, area, crosses_itself, crossing, distance_to, inside, overlap


def faults_of(town, features):
    return list(_houses(town)) + list(_features(town, features))


def _houses(town):
    for i, (name, ring, _, _) in enumerate(town.houses):
        if crosses_itself(ring):
            yield f"{name}: footprint crosses itself"
        if area(ring) < 15:
            yield f"{name}: footprint of {area(ring):.1f} m²"
        for other, second, _, _ in town.houses[i + 1:]:
            if math.dist(centre(ring), centre(second)) < 40 and overlap(ring, second):
                yield f"{name}: overlaps {other}"
    for water, ring in town.water.items():
        for name, house, _, _ in town.houses:
            if name != "vuurtoren" and overlap(house, ring) and inside(ring, centre(house)):
                yield f"{name}: stands in the water of {water}"


def _rings(f):
    return f["points"] if f["shape"] == "MultiPolygon" else [f["points"]] if f["shape"] == "Polygon" else []


def _features(town, features):
    known = set()
    for f in features:
        if f["id"] in known:
            yield f"{f['id']}: id used twice"
        known.add(f["id"])
        for ring in _rings(f):
            if crosses_itself(ring):
                yield f"{f['id']}: crosses itself"
            if abs(area(ring)) < 0.5:
                yield f"{f['id']}: nearly empty"
    for f in features:
        owner = f["properties"].get("belongs_to")
        if owner and owner not in known:
            yield f"{f['id']}: belongs to unknown {owner}"
    yield from _gates(features)
    yield from _on_ground(town, features)
    yield from _enclosure(town, features)


def _gates(features):
    fences = [f for f in features if f["kind"] == "fence"]
    gates = [f for f in features if f["kind"] == "gate"]
    for g in gates:
        a, b = g["points"]
        off = min(max(distance_to(f["points"], a), distance_to(f["points"], b)) for f in fences)
        if off > 0.05:
            yield f"{g['id']}: {off:.2f} m off its fence"
        if abs(math.dist(a, b) - g["properties"]["width_m"]) > 0.01:
            yield f"{g['id']}: drawn {math.dist(a, b):.2f} m wide"


def _on_ground(town, features):
    solid = [ring for _, ring, _, _ in town.houses] + \
            [f["points"] for f in features if f["kind"] in ("structure", "podium", "container") and f["shape"] == "Polygon"]
    for f in features:
        if f["kind"] not in ("source", "exit", "server", "stay", "waypoint") or f["properties"].get("level"):
            continue
        c = centre(f["points"])
        if any(inside(ring, c) and abs(area(ring)) > 0.1 * abs(area(f["points"])) for ring in solid):
            yield f"{f['id']}: middle in a building"
        if any(inside(ring, c) for ring in town.water.values()):
            yield f"{f['id']}: middle in the water"
        if f["kind"] in ("source", "exit", "server") and any(
                inside(ring, p) for ring in solid for p in f["points"]):
            yield f"{f['id']}: corner in a building"


def _enclosure(town, features):
    """Walk around the market just outside its edge: every step lies in a house or behind a fence."""
    fences = [f["points"] for f in features if f["kind"] == "fence"]
    market = town.market()
    middle = centre(market)
    for a, b in zip(market, closed(market)[1:]):
        n = max(1, int(math.dist(a, b) / 0.5))
        for k in range(n):
            p = (a[0] + (b[0] - a[0]) * k / n, a[1] + (b[1] - a[1]) * k / n)
            d = math.dist(p, middle)
            out = (p[0] + (p[0] - middle[0]) / d * 1.5, p[1] + (p[1] - middle[1]) / d * 1.5)
            within = (p[0] - (p[0] - middle[0]) / d * 6.0, p[1] - (p[1] - middle[1]) / d * 6.0)
            if any(inside(h, out) for _, h, _, _ in town.houses):
                continue
            if any(distance_to(line, p) < 0.8 for line in fences):
                continue
            if not any(crossing(within, out, s, e) for line in fences for s, e in zip(line, line[1:])):
                yield f"market is open at ({p[0]:.1f}, {p[1]:.1f})"
