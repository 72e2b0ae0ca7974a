"""Havendag Zilvermuiden, an invented event: what the organiser draws on top of the town. Metres of the map sheet."""
import math

from plane import at, between, meet, parallel, rectangle, straightened
from town import BRIDGE, BRIDGE_WIDTH, Town


class Drawing:
    """Features in the order of drawing. `add(id, kind, points, name, ...)` closes polygons by itself."""

    def __init__(self):
        self.features = []

    def add(self, identity, kind, shape, points, name="", **properties):
        self.features.append({"id": identity, "kind": kind, "shape": shape, "points": points,
                              "properties": {**({"name": name} if name else {}), **properties}})

    def area(self, identity, kind, points, name="", **properties):
        self.add(identity, kind, "Polygon", points, name, **properties)

    def areas(self, identity, kind, rings, name="", **properties):
        self.add(identity, kind, "MultiPolygon", rings, name, **properties)

    def line(self, identity, kind, points, name="", **properties):
        self.add(identity, kind, "LineString", points, name, **properties)

    def point(self, identity, kind, point, name="", **properties):
        self.add(identity, kind, "Point", [point], name, **properties)

    def find(self, identity):
        return next(f for f in self.features if f["id"] == identity)

    def counter(self, identity, x, y, width, towards, name, channel, sigma=0.04, level=0):
        """Counting line square to a direction; crossings in that direction count as positive (left to right)."""
        d = math.hypot(*towards)
        ux, uy = -towards[1] / d, towards[0] / d
        line = [(x - ux * width / 2, y - uy * width / 2), (x + ux * width / 2, y + uy * width / 2)]
        extra = {"level": level} if level else {}
        self.line(identity, "sensor", line, name, type="line_counter", channel=channel, bias=0.0, sigma=sigma, **extra)


def across(curve, start, end, grow=1.0):
    """Part of a curve between two crossing lines, a little longer at both ends so that it ends in the house fronts."""
    line = straightened(between(curve, meet(curve, start)[0], meet(curve, end)[0]), 0.4)

    def beyond(a, b):
        d = math.dist(a, b)
        return (b[0] + grow * (b[0] - a[0]) / d, b[1] + grow * (b[1] - a[1]) / d)
    return [beyond(line[1], line[0])] + line[1:-1] + [beyond(line[-2], line[-1])]


def gate_on(line, x, width):
    """Two points of a gate of a width on the segment of a line that spans x (or the y of a steep line), or in its middle."""
    if x is None:
        line = [line[0], line[-1]]
        return gate_on(line, 0.5 * (line[0][0] + line[1][0] if abs(line[1][0] - line[0][0]) > abs(line[1][1] - line[0][1])
                                    else line[0][1] + line[1][1]), width)
    axis = 0 if abs(line[-1][0] - line[0][0]) > abs(line[-1][1] - line[0][1]) else 1
    for a, b in zip(line, line[1:]):
        if min(a[axis], b[axis]) <= x <= max(a[axis], b[axis]):
            t = (x - a[axis]) / (b[axis] - a[axis])
            c = (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
            d = math.dist(a, b)
            ux, uy = (b[0] - a[0]) / d * width / 2, (b[1] - a[1]) / d * width / 2
            return [(c[0] - ux, c[1] - uy), (c[0] + ux, c[1] + uy)]
    raise ValueError("gate beside its fence")


def turned_in(gate, towards):
    """Order the two points so that forward (left to right) leads towards a point."""
    (ax, ay), (bx, by) = gate
    right = (by - ay) * (towards[0] - ax) - (bx - ax) * (towards[1] - ay)
    return gate if right > 0 else gate[::-1]


def fences_and_gates(town, d, plan):
    """The market is closed by its houses and six fences in the street mouths. Forward through a gate is inwards."""
    edge = {name: [p[:2] for p in line] for name, line in town.edges.items()}
    side = lambda name, k: parallel(town.streets[name], k)
    west = edge["markt_west"]
    corner_sw = at(west, meet(west, side("Smidsgang", 1))[0])
    corner_e = at(edge["markt_zuid"], meet(edge["markt_zuid"], side("Kuipersteeg", -1))[0])
    corner_l = at(edge["markt_oost"], meet(edge["markt_oost"], side("Vissteeg", 1))[0])
    south = edge["markt_zuid"]
    foot = at(south, meet(south, edge["markt_oost"])[0])
    fences = {
        "hek-noord": across(edge["markt_noord"], west, side("Noorderstraat", -1)),
        "hek-west": across(west, side("Westerstraat", -1), side("Westerstraat", 1)),
        "hek-haven": across(south, side("Havenstraat", 1), side("Havenstraat", -1)),
        "hek-kuipers": [(corner_sw[0] - 0.6, corner_sw[1] + 0.1), (corner_e[0] + 0.4, corner_e[1] - 0.3)],
        "hek-vis": [(corner_l[0] + 0.2, corner_l[1] + 0.6), (foot[0] - 0.1, foot[1] - 0.5)],
        "hek-brug": across(edge["markt_oost"], side("Brugsteeg", -1), side("Brugsteeg", 1)),
    }
    names = {"hek-noord": "Bouwhek marktzijde kerk", "hek-west": "Hek Westerstraat", "hek-haven": "Hek Havenstraat",
             "hek-kuipers": "Hek Kuipersteeg", "hek-vis": "Hek Vissteeg", "hek-brug": "Hek Brugsteeg"}
    for identity, line in fences.items():
        d.line(identity, "fence", line, names[identity], height_m=2.0, see_through=True)
    middle = (208.0, 250.0)

    def gate(identity, fence, x, width, name, **properties):
        d.line(identity, "gate", turned_in(gate_on(fences[fence], x, width), middle), name, width_m=width, **properties)
    if plan["relief"]:
        gate("noorderpoort", "hek-noord", 237.6, 2.8, "Noorderpoort in", state="open", direction="in")
        gate("noorderpoort-uit", "hek-noord", 241.6, 3.6, "Noorderpoort uit", state="closed", direction="out")
    else:
        gate("noorderpoort", "hek-noord", 239.5, 6.0, "Noorderpoort", state="open", direction="in")
    gate("brugpoort", "hek-brug", 238.8, plan["brugpoort_width"], "Brugpoort", state="open", direction="out")
    gate("westpoort-in", "hek-west", 258.8, 2.8, "Westpoort in", state="open", direction="in")
    gate("westpoort-uit", "hek-west", 254.8, 2.8, "Westpoort uit", state="open", direction="out")
    gate("havenpoort-in", "hek-haven", 208.6, 2.8, "Havenpoort in", state="open", direction="in")
    gate("havenpoort-uit", "hek-haven", 203.6, 4.6, "Havenpoort uit", state="open", direction="out")
    gate("vispoort", "hek-vis", None, 3.6, "Vispoort (nooduitgang)", state="closed", direction="out")
    gate("dienstpoort", "hek-kuipers", None, 4.0, "Dienstpoort Kuipersteeg", state="closed",
         direction="both")
    d.line("hek-backstage-west", "fence", [(183, 294), (170, 295), (166, 307.4)], "Backstage west", height_m=2.5, see_through=False)
    d.line("hek-backstage-oost", "fence", [(205, 294), (218, 295), (222, 307.4)], "Backstage oost", height_m=2.5, see_through=False)
    d.line("artiestenpoort", "gate", [(173, 294.77), (175.4, 294.58)], "Artiestenpoort", width_m=2.4, state="closed", direction="both")
    d.line("hek-podium", "fence", [(180, 288.6), (184, 287.4), (204, 287.4), (208, 288.6)], "Voorkantbarrière", height_m=1.2, see_through=True)


def structures(d):
    d.area("podium", "podium", [(183, 290), (205, 290), (205, 302), (183, 302)], "Hoofdpodium Markt", height_m=1.6)
    d.area("regietoren", "structure", rectangle(194, 254, 4.6, 4.6), "Regietoren", height_m=6.0)
    d.area("container-1", "container", rectangle(176.4, 301.5, 6.1, 2.5, 2), "Kleedkamers", height_m=2.6)
    d.area("container-2", "container", rectangle(211.6, 301, 6.1, 2.5, -4), "Stroom", height_m=2.6)
    for k in range(6):
        y = 214.5 + 5.6 * k
        d.area(f"kraam-w{k + 1}", "structure", rectangle(146.2 - 0.75 * k, y, 6.0, 4.0, 6), f"Kraam {k + 1}", height_m=2.8)
    for k in range(5):
        d.area(f"kraam-o{k + 1}", "structure", rectangle(270.0 - 0.55 * k, 259 + 6 * k, 6.0, 4.2, 6), f"Kraam {k + 7}", height_m=2.8)


def ramps(d):
    """Ground below the ramps of the Hoge Brug is solid; a stair leads from the west quay up to the deck."""
    (x0, y0), (x1, y1) = BRIDGE[0], BRIDGE[-1]
    ux, uy = (x1 - x0) / math.dist(BRIDGE[0], BRIDGE[-1]), (y1 - y0) / math.dist(BRIDGE[0], BRIDGE[-1])

    def below(start, end):  # exactly as wide as the deck, from inside its foot to the edge of the quay
        w = BRIDGE_WIDTH / 2
        return [(x0 + ux * s - k * uy * w, y0 + uy * s + k * ux * w) for s, k in ((start, -1), (end, -1), (end, 1), (start, 1))]
    whole = math.dist(BRIDGE[0], BRIDGE[-1])
    d.area("landhoofd-west", "structure", below(0.5, 13.4), "Landhoofd west", height_m=1.2)
    d.area("landhoofd-oost", "structure", below(whole - 14.6, whole - 0.5), "Landhoofd oost", height_m=1.2)
    d.area("kadetrap", "stairs", [(301.4, 251.5), (298.9, 251.5), (298.9, 241.2), (301.4, 241.2)], "Kadetrap", level=1,
           from_level=0, to_level=1, speed_factor=0.5)
    d.area("onder-kadetrap", "structure", [(297.0, 242.8), (301.35, 242.8), (301.35, 251.0), (297.0, 251.0)], "Onder de trap", height_m=1.0)


def food_court(d):
    """Two tents with four bars each; toilets in the north-east. One lane for each server, drawn from it outwards."""
    def local(x, y, turn):
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        return lambda dx, dy: (x + c * dx - s * dy, y + s * dx + c * dy)
    number = 0
    for tent, (x, y) in enumerate(((173, 207.4), (238, 202.2))):
        put = local(x, y, -4.6)
        d.area(f"tent-{tent + 1}", "structure", [put(-13, -3.9), put(13, -3.9), put(13, 1.7), put(-13, 1.7)], f"Eettent {tent + 1}", height_m=4.0)
        for k in range(5):
            number += 1
            dx = -10.4 + 5.2 * k
            d.area(f"bar-{number}", "server", [put(dx - 0.7, 1.9), put(dx + 0.7, 1.9), put(dx + 0.7, 3.1), put(dx - 0.7, 3.1)], f"Bar {number}")
            d.line(f"rij-bar-{number}", "queue_lane", [put(dx, 3.4), put(dx, 13.0)], belongs_to=f"bar-{number}")
    put = local(254.5, 293.4, -6.0)
    d.area("toiletwagen", "structure", [put(-8, -1.4), put(8, -1.4), put(8, 1.4), put(-8, 1.4)], "Toiletwagens", height_m=3.0)
    for k in range(6):
        dx = -6.5 + 2.6 * k
        d.area(f"wc-{k + 1}", "server", [put(dx - 0.6, -2.8), put(dx + 0.6, -2.8), put(dx + 0.6, -1.6), put(dx - 0.6, -1.6)], f"Toilet {k + 1}")
        d.line(f"rij-wc-{k + 1}", "queue_lane", [put(dx, -3.0), put(dx, -10.0)], belongs_to=f"wc-{k + 1}")


def closures(town, d):
    west = parallel(town.streets["Westerstraat"], 1, 0.5)
    east = parallel(town.streets["Westerstraat"], -1, 0.5)
    d.area("afsluiting-westerstraat", "closure", east + west[::-1], "Westerstraat autovrij", effect="close_to_traffic")
    d.area("laad-en-los", "closure", rectangle(64, 114, 16, 4.4, -2), "Laad- en losplaats", effect="close_to_pedestrians")
    d.area("vuurwerkvak", "closure", [(430, 99.5), (492, 101.2), (492, 115), (430, 111)], "Vuurwerkvak oostkade", effect="timed")


def sources_and_exits(town, d):
    d.area("bron-station", "source", [(518, 452), (562, 452), (562, 470), (518, 470)], "Stationsweg", step_free=True)
    d.area("uit-station", "exit", [(516, 478), (566, 478), (566, 488), (516, 488)], "Naar het station", step_free=True)
    d.area("bron-tram", "source", [(538, 216), (545, 216), (545, 286), (538, 286)], "Tramhalte aankomst", step_free=True)
    d.area("uit-tram", "exit", [(553, 212), (560, 212), (560, 290), (553, 290)], "Tramhalte vertrek", step_free=True)
    d.area("bron-parkeren", "source", [(-12, 216), (12, 214), (13, 246), (10, 258), (13, 294), (-12, 297)], "Parkeerterrein West", step_free=True)
    d.area("uit-parkeren", "exit", [(-31, 218), (-20, 217), (-20, 298), (-30, 299)], "Naar de auto", step_free=True)
    d.area("bron-veer", "source", [(86, 15), (96, 14.5), (97.5, 31), (88, 35)], "Veersteiger aankomst")
    d.area("uit-veer", "exit", [(67, 15.5), (74, 15), (74, 30), (68, 31)], "Veersteiger vertrek")
    street = town.streets["Noorderstraat"]
    for identity, kind, low, high, name in (("bron-noord", "source", 464, 478, "Noorderstraat"), ("uit-noord", "exit", 484, 497, "Noorderstraat uit")):
        left, right = ([p for p in parallel(street, k, -0.6) if low <= p[1] <= high] for k in (1, -1))
        d.area(identity, kind, right + left[::-1], name, step_free=True)
    d.area("vroege-gasten", "source", [(226, 222), (262, 222), (264, 252), (264, 280), (228, 280)], "Al aanwezig op de Markt")


def stays(town, d):
    d.area("podiumvak", "audience", [(162, 231), (226, 230), (227, 285), (209, 286), (179, 286), (160, 285)], "Publieksvak", belongs_to="podium")
    d.area("publieksvak-ruim", "stay", [(161.6, 231.6), (225.6, 230.6), (226.6, 281), (160.4, 281)], "Publieksvak, ruim")
    d.area("kramen-west", "stay", [(150.4, 212), (157, 212), (154.4, 246), (147.6, 245)], "Kramen west")
    d.area("kramen-oost", "stay", [(258, 257), (265.4, 257), (261.6, 286), (255, 285)], "Kramen oost")
    d.area("botters-west", "stay", [(104, 99.5), (190, 98.5), (190, 106.5), (104, 107)], "Botters kijken")
    d.area("botters-oost", "stay", [(228, 98), (284, 99.3), (278, 108), (228, 107)], "Shantykoor")
    d.area("kerkplein", "stay", [(222, 330), (236, 318), (236, 346), (222, 352)], "Kerkplein")
    d.area("havenhoofd", "stay", [(67, 36), (84, 35), (76, 46), (72, 62), (66, 62)], "Havenhoofd")
    d.area("doorloop-markt", "waypoint", [(230, 226), (254, 226), (254, 256), (230, 256)], "Midden Markt")
    d.area("doorloop-kade", "waypoint", [(196, 98.5), (224, 98.5), (224, 112), (196, 112)], "Havenkade midden")


def zones(town, d):
    market = town.market()
    d.area("terrein", "perimeter", market, "Evenemententerrein Markt")
    d.area("zone-terrein", "zone", market, "Terrein Markt", zone_kind="site")
    d.area("zone-podium", "zone", d.find("podiumvak")["points"], "Publieksvak", zone_kind="standing")
    d.area("zone-brugpoort", "zone", [(258, 227), (270.2, 228.4), (271.6, 238.6), (271.4, 250), (258, 250)], "Voor de Brugpoort", zone_kind="passage")
    d.area("zone-brugsteeg", "zone", [(273.2, 236.2), (283.2, 236.8), (283.2, 241.8), (273.2, 241.3)], "Brugsteeg", zone_kind="passage")
    d.area("zone-hogebrug", "zone", [(286, 237.2), (344, 238.2), (344, 242.4), (286, 241.4)], "Hoge Brug", zone_kind="passage", level=1)
    d.area("zone-kade", "zone", [(298.4, 226), (306.4, 226), (307, 240), (308, 262), (300.2, 262), (298.2, 240)], "Kade onder de Hoge Brug", zone_kind="passage")
    d.area("zone-vissteeg", "zone", [(270, 196), (296, 193.6), (296, 197.6), (270, 200)], "Vissteeg", zone_kind="passage")
    d.area("zone-noordpoort", "zone", [(236, 306), (246.5, 306), (247.6, 330), (239.8, 330)], "Noorderstraat bij de poort", zone_kind="passage")
    d.area("zone-havenstraat", "zone", [(204.5, 168), (213, 168), (210.6, 196), (201.4, 196)], "Havenstraat", zone_kind="passage")
    d.area("zone-westerstraat", "zone", [(100, 248), (138, 252), (138, 260), (100, 256)], "Westerstraat", zone_kind="passage")
    d.area("zone-sluisbrug", "zone", [(320, 347), (336, 346.6), (336, 354), (320, 354.4)], "Sluisbrug", zone_kind="passage")
    d.area("zone-trap", "zone", [(299.1, 243.5), (301.2, 243.5), (301.2, 250.3), (299.1, 250.3)], "Kadetrap", zone_kind="stairs", level=1)
    d.areas("zone-eetplein", "zone", [[(159, 210.6), (187, 208.4), (188, 221), (160, 222)], [(224, 205.2), (252, 203), (253, 215.6), (225, 218)]],
            "Eetplein", zone_kind="queue")
    d.area("zone-toiletten", "zone", [(246, 282.6), (261, 281), (262.4, 290), (247, 292)], "Toiletten", zone_kind="queue")
    d.area("zone-tramhalte", "zone", [(534, 208), (562, 208), (562, 294), (534, 294)], "Tramhalte", zone_kind="standing")
    d.area("zone-havenkade", "zone", [(100, 98.6), (284, 98.8), (278, 112), (100, 112)], "Havenkade", zone_kind="standing")
    d.area("zone-calamiteiten", "zone", [(201.6, 203.6), (209.6, 203), (214.6, 224), (207, 225)], "Calamiteitenroute", zone_kind="keep_clear")
    d.line("calamiteitenroute", "service_lane", [(212.5, 110), (210.4, 140), (207.8, 178), (204.8, 195), (203.7, 202), (205.4, 208), (211, 223), (228.8, 228), (230.5, 284)],
           "Calamiteitenroute", clear_width_m=4.5)


def counters(d):
    d.counter("telling-brugpoort", 275.5, 239, 6.0, (-1, 0), "Brugpoort", "ZM-01")
    d.counter("telling-noorderpoort", 241, 309.6, 11.5, (0, -1), "Noorderpoort", "ZM-02")
    d.counter("telling-westpoort", 138, 256.6, 9.5, (1, 0), "Westpoort", "ZM-03")
    d.counter("telling-havenpoort", 206.2, 196, 10.5, (0, 1), "Havenpoort", "ZM-04")
    d.counter("telling-vissteeg", 290, 196, 6.0, (-1, 0.06), "Vissteeg", "ZM-05")
    d.counter("telling-hogebrug", 314, 239.9, 7.0, (-1, 0), "Hoge Brug", "ZM-06", level=1)
    d.counter("telling-sluisbrug", 328, 350.5, 10.0, (-1, 0), "Sluisbrug", "ZM-07")
    d.counter("telling-kade", 303.2, 229, 10.5, (0.12, 1), "Kade onder de brug", "ZM-08")
    d.counter("telling-brugstraat", 470, 240.2, 10.0, (-1, 0), "Brugstraat", "ZM-09")
    d.counter("telling-stationsweg", 541, 400, 76, (0, -1), "Stationsweg", "ZM-10", sigma=0.08)
    d.counter("telling-parkeren", 24, 254.6, 9.6, (1, 0.1), "Parkeerterrein", "ZM-11")
    d.counter("telling-havenhoofd", 66, 80, 18, (0.05, 1), "Havenhoofd", "ZM-12")
    d.counter("telling-noorderstraat", 244.5, 440, 9.4, (0, -1), "Noorderstraat", "ZM-13")
    d.area("camera-podiumvak", "sensor", d.find("podiumvak")["points"], "Camera publieksvak", type="area_counter", channel="ZM-20", bias=0.02, sigma=0.1)
    d.point("wifi-havenkade", "sensor", (212, 108), "Wifi Havenkade", type="wifi", channel="ZM-30", radius_m=60, sigma=0.25)
    d.line("lijn-kuipersstraat", "line", [(286, 153), (286, 165)], "Kuipersstraat")


def labels(d):
    for identity, x, y, name in (("poi-kerk", 192, 331, "Sint-Nicolaaskerk"), ("poi-ehbo", 262, 216, "EHBO-post"),
                                 ("poi-vuurtoren", 81, 24, "Vuurtoren"), ("poi-waag", 292, 105, "De Waag"),
                                 ("poi-meldpunt", 236, 262, "Meldpunt vermiste kinderen")):
        d.point(identity, "poi", (x, y), name)


PLANS = {
    "event": {"brugpoort_width": 2.8, "relief": False},
    "event-variant": {"brugpoort_width": 4.4, "relief": True},
}


def draw(town: Town, plan):
    d = Drawing()
    sources_and_exits(town, d)
    structures(d)
    ramps(d)
    fences_and_gates(town, d, plan)
    food_court(d)
    closures(town, d)
    stays(town, d)
    zones(town, d)
    counters(d)
    labels(d)
    return d.features
