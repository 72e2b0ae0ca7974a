"""Writers: OSM XML (degrees), CityJSON 2.0 LoD1 (EPSG:7415), GeoJSON in EPSG:28992 as QGIS writes it."""
import json
from xml.sax.saxutils import quoteattr

from plane import area, parallel, smooth
from rd import lonlat
from town import BRIDGE, BRIDGE_WIDTH, HARBOUR_HEAD, PARKING, SHORE, STREETS, Town

ORIGIN = (157000.0, 530000.0)  # [m] EPSG:28992 of the sheet's south-west corner: open water of the IJsselmeer
DATE = "2026-06-20"


def rd(p):
    return (round(ORIGIN[0] + p[0], 3), round(ORIGIN[1] + p[1], 3))


class Osm:
    """Nodes shared by equal coordinates, as a mapper would draw them. Ids are invented (negative is JOSM's sign for new)."""

    def __init__(self):
        self.nodes, self.tags, self.ways = {}, {}, []

    def node(self, p, **tags):
        key = (round(p[0], 2), round(p[1], 2))
        identity = self.nodes.setdefault(key, 1000 + len(self.nodes))
        self.tags.setdefault(identity, {}).update(tags)
        return identity

    def way(self, points, **tags):
        refs = [self.node(p) for p in points]
        refs = [r for i, r in enumerate(refs) if i == 0 or refs[i - 1] != r]
        self.ways.append((refs, {k.replace("__", ":"): v for k, v in tags.items()}))

    def ring(self, points, **tags):
        self.way(points + points[:1], **tags)

    def text(self):
        degrees = {key: lonlat(*rd(key)) for key in self.nodes}
        lons, lats = [d[0] for d in degrees.values()], [d[1] for d in degrees.values()]
        out = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6' generator='tools/demo/draw.py'>",
               f"  <bounds minlat='{min(lats):.7f}' minlon='{min(lons):.7f}' maxlat='{max(lats):.7f}' maxlon='{max(lons):.7f}'/>"]
        for key, identity in self.nodes.items():
            lon, lat = degrees[key]
            head = f"  <node id='{identity}' version='1' timestamp='{DATE}T00:00:00Z' lat='{lat:.8f}' lon='{lon:.8f}'"
            tags = self.tags[identity]
            out.append(head + ("/>" if not tags else ">" + _tags(tags) + "</node>"))
        for k, (refs, tags) in enumerate(self.ways):
            out.append(f"  <way id='{500000 + k}' version='1' timestamp='{DATE}T00:00:00Z'>" +
                       "".join(f"<nd ref='{r}'/>" for r in refs) + _tags(tags) + "</way>")
        return "\n".join(out + ["</osm>", ""])


def _tags(tags):
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(str(v))}/>" for k, v in tags.items())


BRIDGE_WEST, BRIDGE_EAST = BRIDGE[0], BRIDGE[-1]
LOCK_WEST, LOCK_EAST = (319.4, 350.9), (336.9, 350.3)


def town_osm(town: Town):
    osm = Osm()
    for name, ring in town.water.items():
        osm.ring(ring, natural="water", water="harbour" if name == "Haven" else "canal", name=name)
    west, middle, east = ([p[:2] for p in smooth(part)] for part in SHORE)
    front = {n: [p[:2] for p in town.edges[n]] for n in ("haven", "haven_oost")}
    quay_west = [p for p in west + HARBOUR_HEAD[:1] + HARBOUR_HEAD[-1:] + middle if p[0] > 12]
    surface = dict(highway="pedestrian", area="yes", surface="sett")
    osm.ring([(x, y - 0.4) for x, y in quay_west] + [(x, y + 0.6) for x, y in front["haven"]][::-1], name="Havenkade", **surface)
    osm.ring([(x, y - 0.4) for x, y in east] + [(x, y + 0.6) for x, y in front["haven_oost"]][::-1], name="Havenkade Oost", **surface)
    osm.ring([(57.6, 98.5)] + HARBOUR_HEAD[1:-1] + [(73.4, 98.5)], name="Havenhoofd", highway="pedestrian", area="yes", man_made="pier")
    for side, name in ((1, "Westgracht"), (-1, "Oostgracht")):
        water = [p for p in parallel(town.canal, side, -0.3) if 98 < p[1] < 482]
        house = [p for p in parallel(town.canal, side, 9.6) if 98 < p[1] < 482]
        osm.ring(water + house[::-1], name=name, **surface)
    market = town.market()
    c = (sum(p[0] for p in market) / len(market), sum(p[1] for p in market) / len(market))
    osm.ring([(c[0] + 1.012 * (x - c[0]), c[1] + 1.012 * (y - c[1])) for x, y in market], name="Grote Markt", place="square", **surface)
    osm.ring([(152.5, 303), (249, 299), (249, 362), (150, 371)], name="Kerkplein", **surface)
    left = [p[:2] for p in town.edges["stationsweg"] if p[1] < 500]
    right = [p[:2] for p in town.edges["oostwal"] if p[1] < 500]
    osm.ring([(x - 0.5, y) for x, y in left] + [(x + 0.5, y) for x, y in right[::-1]], name="Stationsweg", **surface)
    osm.ring(PARKING, amenity="parking", surface="asphalt", name="Parkeerterrein West")
    _streets(town, osm)
    osm.way(BRIDGE, highway="pedestrian", bridge="yes", layer="1",
            width=f"{BRIDGE_WIDTH:g}", name="Hoge Brug", incline="up")
    osm.way([LOCK_WEST, LOCK_EAST], highway="pedestrian", bridge="yes", layer="1", width="8", name="Sluisbrug")
    osm.way([(549.2, y) for y in (104, 180, 250, 320, 400, 490)], railway="tram", name="Lijn 2")
    osm.ring([(551.6, 210), (561, 210), (561, 292), (551.6, 292)], public_transport="platform", highway="platform", area="yes", name="Tramhalte Haven")
    for p in town.trees:
        osm.node(p, natural="tree")
    for p in ((514, 247.6), (514, 243.8), (514, 240), (514, 236.2), (24, 250.6), (24, 254.2), (24, 257.8)):
        osm.node(p, barrier="bollard")
    return osm.text()


def _streets(town, osm):
    for name, (kind, _) in STREETS.items():
        curve = town.streets[name]
        line = [p[:2] for p in curve]
        narrow = min(p[2] for p in curve)
        if name == "Brugsteeg":  # up to the foot of the ramp
            line = [p for p in line if p[0] < BRIDGE_WEST[0] - 2] + [BRIDGE_WEST]
            curve = [p for p in curve if p[0] < 299]
        elif name == "Brugstraat":
            line = [BRIDGE_EAST] + [p for p in line if p[0] > BRIDGE_EAST[0] + 2]
        elif name == "Achterstraat":
            line = [p for p in line if p[0] < LOCK_WEST[0] - 2] + [LOCK_WEST]
        elif name == "Sluisstraat":
            line = [LOCK_EAST] + [p for p in line if p[0] > LOCK_EAST[0] + 2]
        osm.way(line, highway=kind, name=name, width=f"{narrow:.1f}", **({"lit": "yes"} if kind == "pedestrian" else {"oneway": "yes"}))
        if kind == "pedestrian":  # the paving reaches the house fronts
            curve = [p for p in curve if p[1] < 484]
            osm.ring(parallel(curve, -1, 0.5) + parallel(curve, 1, 0.5)[::-1], highway="pedestrian", area="yes", surface="sett", name=name)


def buildings_cityjson(town: Town):
    """LoD1 solids: one block for each house, with ground, walls and a flat roof."""
    vertices, index, objects = [], {}, {}

    def vertex(x, y, z):
        key = (round(x * 1000), round(y * 1000), round(z * 1000))
        if key not in index:
            index[key] = len(vertices)
            vertices.append(list(key))
        return index[key]
    for identity, ring, height, use in town.houses:
        if area(ring) < 0:
            ring = ring[::-1]
        low = [vertex(x, y, 0.8) for x, y in ring]
        high = [vertex(x, y, 0.8 + height) for x, y in ring]
        n = len(ring)
        walls = [[[low[i], low[(i + 1) % n], high[(i + 1) % n], high[i]]] for i in range(n)]
        objects[identity] = {
            "type": "Building", "attributes": {"function": use, "measuredHeight": height},
            "geometry": [{"type": "Solid", "lod": "1", "boundaries": [[[low[::-1]], [high]] + walls],
                          "semantics": {"surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
                                        "values": [[0, 1] + [2] * n]}}]}
    low = [min(v[k] for v in vertices) / 1000 for k in range(3)]
    high = [max(v[k] for v in vertices) / 1000 for k in range(3)]
    city = {"type": "CityJSON", "version": "2.0",
            "transform": {"scale": [0.001, 0.001, 0.001], "translate": [ORIGIN[0], ORIGIN[1], 0.0]},
            "metadata": {"title": "Zilvermuiden (invented)", "referenceDate": DATE,
                         "referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415",
                         "geographicalExtent": [round(ORIGIN[k % 2] + low[k % 3], 3) if k % 3 < 2 else low[2] for k in range(3)] +
                                               [round(ORIGIN[k % 2] + high[k % 3], 3) if k % 3 < 2 else high[2] for k in range(3)]},
            "CityObjects": objects, "vertices": vertices}
    return json.dumps(city, separators=(",", ":"), ensure_ascii=False) + "\n"


def event_geojson(features, name):
    """One feature a line, so that a change of the drawing reads well in a diff."""
    rows = []
    for f in features:
        close = lambda ring: [rd(p) for p in ring + ring[:1]]
        if f["shape"] == "Polygon":
            coordinates = [close(f["points"])]
        elif f["shape"] == "MultiPolygon":
            coordinates = [[close(ring)] for ring in f["points"]]
        elif f["shape"] == "LineString":
            coordinates = [rd(p) for p in f["points"]]
        else:
            coordinates = rd(f["points"][0])
        properties = {"id": f["id"], "kind": f["kind"], **f["properties"]}
        rows.append(json.dumps({"type": "Feature", "properties": properties,
                                "geometry": {"type": f["shape"], "coordinates": coordinates}}, ensure_ascii=False))
    head = f'{{\n"type": "FeatureCollection",\n"name": "{name}",\n'
    crs = '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},\n'
    return head + crs + '"features": [\n' + ",\n".join(rows) + "\n]\n}\n"
