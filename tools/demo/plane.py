"""Plane geometry for drawing a town by hand: smooth curves, parallel curves, blocks between streets, rows of houses.

Points are tuples (x, y) in metres, east and north of the south-west corner of the map sheet.
"""
import math


def smooth(points, step=5.0):
    """Catmull-Rom curve through hand-drawn points (x, y[, width]); every `step` metres one point, same columns."""
    rows = [tuple(p) if len(p) == 3 else (p[0], p[1], 0.0) for p in points]
    if len(rows) == 2:
        return rows
    out = []
    for i in range(len(rows) - 1):
        p0, p1, p2, p3 = rows[max(0, i - 1)], rows[i], rows[i + 1], rows[min(len(rows) - 1, i + 2)]
        n = max(1, round(math.dist(p1[:2], p2[:2]) / step))
        for k in range(n):
            t = k / n
            out.append(tuple(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t +
                                    (3 * b - a - 3 * c + d) * t ** 3) for a, b, c, d in zip(p0, p1, p2, p3)))
    out.append(rows[-1])
    return out


def parallel(curve, side, extra=0.0):
    """Points beside a curve: `side` +1 left, -1 right, at half its own width plus `extra` metres."""
    out = []
    for i, p in enumerate(curve):
        a, b = curve[max(0, i - 1)], curve[min(len(curve) - 1, i + 1)]
        length = math.hypot(b[0] - a[0], b[1] - a[1])
        nx, ny = -(b[1] - a[1]) / length, (b[0] - a[0]) / length
        d = side * (0.5 * p[2] + extra)
        out.append((p[0] + d * nx, p[1] + d * ny))
    return out


def crossing(a, b, c, d):
    """Parameters (t, u) of the crossing of segments a-b and c-d, or None."""
    rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    det = rx * sy - ry * sx
    if abs(det) < 1e-12:
        return None
    t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / det
    u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / det
    return (t, u) if -1e-9 <= t <= 1 + 1e-9 and -1e-9 <= u <= 1 + 1e-9 else None


def meet(first, second):
    """First place where two lines cross: (position along the first, along the second) in point numbers."""
    for i in range(len(first) - 1):
        for k in range(len(second) - 1):
            hit = crossing(first[i], first[i + 1], second[k], second[k + 1])
            if hit:
                return i + hit[0], k + hit[1]
    raise ValueError(f"lines do not meet: {first[0]}..{first[-1]} and {second[0]}..{second[-1]}")


def at(line, position):
    """Point at a position in point numbers."""
    i = min(int(position), len(line) - 2)
    t = position - i
    return (line[i][0] + t * (line[i + 1][0] - line[i][0]), line[i][1] + t * (line[i + 1][1] - line[i][1]))


def between(line, start, end):
    """Part of a line between two positions, in that direction, both ends included."""
    if start > end:
        return between(line, end, start)[::-1]
    inner = [line[i] for i in range(math.ceil(start + 1e-6), math.floor(end - 1e-6) + 1)]
    return [at(line, start)] + inner + [at(line, end)]


def enclosed(sides):
    """Sides of the block between lines given counter-clockwise: each side runs from corner to corner."""
    n = len(sides)
    corners = [meet(sides[i], sides[(i + 1) % n]) for i in range(n)]
    return [between(sides[i], corners[i - 1][1], corners[i][0]) for i in range(n)]


def ring_of(sides):
    return [p for side in sides for p in side[:-1]]


def length(line):
    return sum(math.dist(a, b) for a, b in zip(line, line[1:]))


def along(line, arc):
    """Point `arc` metres along a line."""
    for a, b in zip(line, line[1:]):
        d = math.dist(a, b)
        if arc <= d and d > 0:
            return (a[0] + (b[0] - a[0]) * arc / d, a[1] + (b[1] - a[1]) * arc / d)
        arc -= d
    return line[-1]


def area(ring):
    """Signed area; positive when counter-clockwise."""
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))


def centre(ring):
    s = area(ring)
    pairs = list(zip(ring, ring[1:] + ring[:1]))
    return (sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * s),
            sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * s))


def inside(ring, p):
    """Even-odd rule."""
    hit = False
    for a, b in zip(ring, ring[1:] + ring[:1]):
        if (a[1] > p[1]) != (b[1] > p[1]) and p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]:
            hit = not hit
    return hit


def distance_to(line, p):
    """Distance from a point to a line of segments."""
    best = math.inf
    for a, b in zip(line, line[1:]):
        dx, dy = b[0] - a[0], b[1] - a[1]
        q = dx * dx + dy * dy
        t = 0.0 if q == 0 else max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / q))
        best = min(best, math.dist(p, (a[0] + t * dx, a[1] + t * dy)))
    return best


def closed(ring):
    return ring + ring[:1]


def crosses_itself(ring):
    n = len(ring)
    for i in range(n):
        for k in range(i + 2, n):
            if i == 0 and k == n - 1:
                continue
            if crossing(ring[i], ring[(i + 1) % n], ring[k], ring[(k + 1) % n]):
                return True
    return False


def overlap(first, second):
    """Do two simple rings share ground (not only a border)?"""
    def shrunk(ring):
        c = centre(ring)
        return [(c[0] + 0.98 * (p[0] - c[0]), c[1] + 0.98 * (p[1] - c[1])) for p in ring]
    a, b = shrunk(first), shrunk(second)
    if any(inside(b, p) for p in a) or any(inside(a, p) for p in b):
        return True
    return any(crossing(*p, *q) for p in zip(a, closed(a)[1:]) for q in zip(b, closed(b)[1:]))


def straightened(line, tolerance=0.06):
    """Douglas-Peucker."""
    if len(line) < 3:
        return list(line)
    far, where = 0.0, 0
    for i in range(1, len(line) - 1):
        d = distance_to([line[0], line[-1]], line[i])
        if d > far:
            far, where = d, i
    if far <= tolerance:
        return [line[0], line[-1]]
    return straightened(line[:where + 1], tolerance)[:-1] + straightened(line[where:], tolerance)


def rectangle(x, y, width, height, turn=0.0):
    """Rectangle around a centre, turned counter-clockwise by degrees."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return [(x + c * dx - s * dy, y + s * dx + c * dy) for dx, dy in
            ((-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2), (-width / 2, height / 2))]


def disc(x, y, radius, corners=12):
    return [(x + radius * math.cos(2 * math.pi * k / corners), y + radius * math.sin(2 * math.pi * k / corners))
            for k in range(corners)]


def row_houses(sides, depth, random, widths=(5.4, 8.6)):
    """Footprints along the sides of a block: party walls square to the street, corner houses cut on the bisector.

    `depth` is one number or one for each side (0 = no houses on that side).
    """
    depths = depth if isinstance(depth, (list, tuple)) else [depth] * len(sides)
    houses = []
    for k, side in enumerate(sides):
        if depths[k] <= 0:
            continue
        whole = length(side)
        previous = sides[k - 1] if depths[k - 1] > 0 else None
        following = sides[(k + 1) % len(sides)] if depths[(k + 1) % len(sides)] > 0 else None
        cuts = _lots(side, whole, depths[k], previous, following, random, widths)
        walls = [_inward(side, c, whole, previous, following) for c in cuts]
        for i in range(len(cuts) - 1):
            deep = depths[k] * (0.94 + 0.12 * random())
            front = straightened([along(side, cuts[i] + (cuts[i + 1] - cuts[i]) * j / 4) for j in range(5)])
            back = [(front[-1][0] + deep * walls[i + 1][0], front[-1][1] + deep * walls[i + 1][1]),
                    (front[0][0] + deep * walls[i][0], front[0][1] + deep * walls[i][1])]
            houses.append(front + back)
    return houses


def _lots(side, whole, depth, previous, following, random, widths):
    """Positions of the party walls along a side; a corner lot is as much wider as its slanted wall takes away."""
    def taken(arc, a, b):
        wall, d = _inward(side, arc, whole, previous, following), math.dist(a, b)
        return abs((wall[0] * (b[0] - a[0]) + wall[1] * (b[1] - a[1])) / d) * depth * 1.06 + 3.0 + 2.0 * random()
    first, last = taken(0.0, side[0], side[1]), taken(whole, side[-2], side[-1])
    if whole < first + last + 0.7 * widths[0]:
        return [0.0, whole * first / (first + last), whole]
    middle = []
    while sum(middle) < whole - first - last:
        middle.append(widths[0] + (widths[1] - widths[0]) * random())
    if len(middle) > 1 and whole - first - last - sum(middle[:-1]) < 0.6 * widths[0]:
        middle.pop()
    scale = (whole - first - last) / sum(middle)
    cuts = [0.0, first]
    for w in middle:
        cuts.append(cuts[-1] + w * scale)
    return cuts + [whole]


def _inward(side, arc, whole, previous, following):
    """Direction of a party wall per metre of depth; on a corner the bisector, longer by its slant."""
    def normal(a, b):
        d = math.dist(a, b)
        return (-(b[1] - a[1]) / d, (b[0] - a[0]) / d)

    def bisector(n1, n2):
        k = 1 + n1[0] * n2[0] + n1[1] * n2[1]
        return ((n1[0] + n2[0]) / k, (n1[1] + n2[1]) / k)
    if arc <= 1e-9:
        own = normal(side[0], side[1])
        return bisector(normal(previous[-2], previous[-1]), own) if previous else own
    if arc >= whole - 1e-9:
        own = normal(side[-2], side[-1])
        return bisector(own, normal(following[0], following[1])) if following else own
    return normal(along(side, max(0.0, arc - 2.0)), along(side, min(whole, arc + 2.0)))
