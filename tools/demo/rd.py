"""Rijksdriehoek (EPSG:28992) and ETRS89 longitude, latitude: oblique stereographic on Bessel 1841 and a 7-parameter shift."""
import math

BESSEL = (6377397.155, 1 / 299.1528128)
GRS80 = (6378137.0, 1 / 298.257222101)
LAT0, LON0 = math.radians(52 + 9 / 60 + 22.178 / 3600), math.radians(5 + 23 / 60 + 15.5 / 3600)
SCALE, EASTING, NORTHING = 0.9999079, 155000.0, 463000.0
# Amersfoort to ETRS89, EPSG:15739 family: metres, arc seconds (position vector), parts per million.
SHIFT = (565.4171, 50.3319, 465.5524, 0.398957388243134, -0.343987817378283, 1.87740163998045, 4.0725)


def _sphere():
    a, f = BESSEL
    e2 = f * (2 - f)
    e = math.sqrt(e2)
    rho = a * (1 - e2) / (1 - e2 * math.sin(LAT0) ** 2) ** 1.5
    nu = a / math.sqrt(1 - e2 * math.sin(LAT0) ** 2)
    radius = math.sqrt(rho * nu)
    n = math.sqrt(1 + e2 * math.cos(LAT0) ** 4 / (1 - e2))

    def w(lat, c=1.0):
        s = math.sin(lat)
        return c * ((1 + s) / (1 - s) * ((1 - e * s) / (1 + e * s)) ** e) ** n
    w1 = w(LAT0)
    chi = math.asin((w1 - 1) / (w1 + 1))
    c = (n + math.sin(LAT0)) * (1 - math.sin(chi)) / ((n - math.sin(LAT0)) * (1 + math.sin(chi)))
    w2 = w(LAT0, c)
    return e, n, radius, c, math.asin((w2 - 1) / (w2 + 1)), w


def _bessel_from_rd(x, y):
    e, n, radius, c, chi0, w = _sphere()
    e0, n0 = x - EASTING, y - NORTHING
    g = 2 * radius * SCALE * math.tan(math.pi / 4 - chi0 / 2)
    h = 4 * radius * SCALE * math.tan(chi0) + g
    i = math.atan(e0 / (h + n0))
    j = math.atan(e0 / (g - n0)) - i
    chi = chi0 + 2 * math.atan((n0 - e0 * math.tan(j / 2)) / (2 * radius * SCALE))
    lon = (j + 2 * i) / n + LON0
    target = (1 + math.sin(chi)) / (1 - math.sin(chi))
    low, high = 0.0, math.pi / 2 - 1e-9
    for _ in range(100):  # w rises with the latitude
        middle = 0.5 * (low + high)
        low, high = (middle, high) if w(middle, c) < target else (low, middle)
    return lon, 0.5 * (low + high)


def _cartesian(ellipsoid, lon, lat, height=0.0):
    a, f = ellipsoid
    e2 = f * (2 - f)
    nu = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    return ((nu + height) * math.cos(lat) * math.cos(lon), (nu + height) * math.cos(lat) * math.sin(lon),
            (nu * (1 - e2) + height) * math.sin(lat))


def _geographic(ellipsoid, x, y, z):
    a, f = ellipsoid
    e2 = f * (2 - f)
    p = math.hypot(x, y)
    lat = math.atan2(z, p * (1 - e2))
    for _ in range(20):
        nu = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + e2 * nu * math.sin(lat), p)
    return math.atan2(y, x), lat


def lonlat(x, y):
    """RD metres to ETRS89 degrees (longitude, latitude)."""
    bx, by, bz = _cartesian(BESSEL, *_bessel_from_rd(x, y))
    dx, dy, dz, rx, ry, rz, ppm = SHIFT
    rx, ry, rz = (math.radians(r / 3600) for r in (rx, ry, rz))
    m = 1 + ppm * 1e-6
    ex = dx + m * (bx + rz * by - ry * bz)
    ey = dy + m * (-rz * bx + by + rx * bz)
    ez = dz + m * (ry * bx - rx * by + bz)
    lon, lat = _geographic(GRS80, ex, ey, ez)
    return math.degrees(lon), math.degrees(lat)
