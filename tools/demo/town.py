"""The invented harbour town of Zilvermuiden: streets, water and houses, all drawn by hand. No real place."""
import random

from plane import (disc, enclosed, parallel, rectangle, ring_of, row_houses, smooth)

SHEET = (600.0, 500.0)  # [m]

# Streets: name, OSM highway class, hand-drawn centre line (x, y, width from house front to house front).
STREETS = {
    "Westerstraat": ("residential", [(-2, 250, 9), (40, 257, 8.6), (96, 252, 8.2), (146, 257, 8.0)]),
    "Smidsgang": ("pedestrian", [(18, 211, 4.2), (90, 207, 4.2), (150, 203, 4.4)]),
    "Kuipersstraat": ("pedestrian", [(18, 168, 7), (80, 160, 7), (140, 164, 6.6), (207, 157, 7), (262, 161, 6.6), (318, 156, 6.8)]),
    "Kuipersteeg": ("pedestrian", [(133, 100, 5), (138, 140, 5), (143, 180, 5), (151.5, 209, 5.2)]),
    "Havenstraat": ("pedestrian", [(216, 98, 8.4), (211, 140, 8.4), (208, 178, 8.8), (205, 206, 9.4)]),
    "Kerksteeg": ("pedestrian", [(160, 298, 5), (159, 330, 5), (152, 372, 5)]),
    "Noorderstraat": ("pedestrian", [(240, 296, 9.4), (244, 328, 8.8), (237, 384, 8.4), (245, 432, 8.4), (238, 506, 8.4)]),
    "Achterstraat": ("pedestrian", [(18, 366, 7), (90, 358, 7), (156, 367, 6.8), (238, 356, 7.4), (318, 351, 8)]),
    "Molendwarsstraat": ("pedestrian", [(18, 428, 6), (120, 434, 6), (240, 425, 6.4), (300, 431, 6.4)]),
    "Lijnbaan": ("pedestrian", [(54, 206, 5), (60, 254, 5), (55, 310, 5), (58, 366, 5)]),
    "Brugstraat": ("pedestrian", [(326, 240, 11.6), (352, 241.6, 11.0), (384, 243.6, 8.4), (440, 238, 8.4), (512, 243, 9.4)]),
    "Sluisstraat": ("pedestrian", [(336, 350, 8.4), (400, 344, 8.4), (460, 349, 8.4), (522, 342, 9)]),
    "Oosterstraat": ("pedestrian", [(336, 158, 7), (400, 164, 7), (460, 159, 7), (524, 166, 8)]),
    "Zeilmakerstraat": ("pedestrian", [(413, 98, 6.4), (411, 160, 6.4), (421, 243, 6.4), (416, 300, 6.4), (425, 347, 6.4), (420, 405, 6.4), (433, 500, 6.4)]),
    "Noordoosterstraat": ("pedestrian", [(318, 428, 6.2), (400, 416, 6.2), (462, 422, 6.2), (524, 415, 7)]),
    "Vissteeg": ("pedestrian", [(258, 199.2, 4.8), (282, 196.5, 4.8), (322, 194, 4.8)]),
    "Brugsteeg": ("pedestrian", [(262, 238.6, 5.2), (284, 239.4, 5.0), (302, 240, 5.0)]),
}
# Zero-width lines that bound the blocks: fronts of squares and quays, edges of the map.
EDGES = {
    "haven": [(14, 119), (70, 114), (140, 117), (216, 114), (270, 117), (330, 118)],
    "haven_oost": [(330, 120), (420, 115), (500, 120), (596, 115)],
    "markt_zuid": [(118, 204), (150, 205.8), (205, 201.5), (262, 196.8), (282, 194.1), (322, 191.5)],
    "markt_west": [(149, 192), (147.5, 206), (142, 240), (143.5, 272), (151, 306), (160, 334)],
    "markt_oost": [(262, 190), (267, 204), (272.5, 238), (270, 272), (266.5, 302), (266, 314)],
    "markt_noord": [(138, 306.5), (152, 305.5), (210, 308), (266.5, 301.5), (306, 299)],
    "stationsweg": [(506, 92), (509, 160), (505, 214), (503, 290), (509, 350), (513, 420), (506, 506)],
    "oostwal": [(577, 92), (575, 200), (579, 300), (573, 400), (579, 506)],
    "westwal": [(22, 92), (24, 250), (20, 420), (22, 506)],
    "noordrand": [(0, 478), (150, 484), (320, 478), (600, 485)],
    "oostrand": [(594, 90), (593, 300), (595, 506)],
}
CANAL = [(344, 70), (336, 100), (330, 150), (319, 198), (314, 240), (319, 290), (328, 342), (326, 392), (312, 440), (299, 512)]
BRIDGE, BRIDGE_WIDTH = [(284.0, 239.35), (346.0, 240.9)], 4.6  # Hoge Brug: foot of the west ramp to foot of the east ramp
CANAL_WIDTH, QUAY_WIDTH = 14.0, 9.0

# Blocks: sides counter-clockwise from the south, as (line, side, depth of the houses); side +1 left or -1 right of it.
BLOCKS = {
    "A": [("haven", 1, 10), ("Kuipersteeg", 1, 9), ("Kuipersstraat", -1, 9.5), ("westwal", -1, 9)],
    "B": [("haven", 1, 10), ("Havenstraat", 1, 10), ("Kuipersstraat", -1, 9), ("Kuipersteeg", -1, 9)],
    "C": [("haven", 1, 10), ("gracht", 1, 10), ("Kuipersstraat", -1, 9), ("Havenstraat", -1, 10)],
    "D": [("Kuipersstraat", 1, 9), ("Kuipersteeg", 1, 9), ("Smidsgang", -1, 9), ("westwal", -1, 9)],
    "E": [("Kuipersstraat", 1, 9), ("Havenstraat", 1, 10), ("markt_zuid", -1, 10), ("Kuipersteeg", -1, 9)],
    "F": [("Kuipersstraat", 1, 9), ("gracht", 1, 9), ("markt_zuid", -1, 9.5), ("Havenstraat", -1, 10)],
    "G1": [("Smidsgang", 1, 8), ("Lijnbaan", 1, 8), ("Westerstraat", -1, 9), ("westwal", -1, 0)],
    "G2": [("Smidsgang", 1, 9), ("markt_west", 1, 10), ("Westerstraat", -1, 9.5), ("Lijnbaan", -1, 9)],
    "H1": [("Westerstraat", 1, 9), ("Lijnbaan", 1, 8), ("Achterstraat", -1, 9), ("westwal", -1, 8)],
    "H2": [("Westerstraat", 1, 9.5), ("markt_west", 1, 10), ("Kerksteeg", 1, 9), ("Achterstraat", -1, 9.5), ("Lijnbaan", -1, 9)],
    "K": [("markt_noord", 1, 10), ("gracht", 1, 9), ("Achterstraat", -1, 9), ("Noorderstraat", -1, 10)],
    "L": [("Vissteeg", 1, 8), ("gracht", 1, 8), ("Brugsteeg", -1, 8.5), ("markt_oost", -1, 8.5)],
    "N": [("Brugsteeg", 1, 8.5), ("gracht", 1, 9), ("markt_noord", -1, 9), ("markt_oost", -1, 9)],
    "O1": [("Achterstraat", 1, 9.5), ("Noorderstraat", 1, 9.5), ("Molendwarsstraat", -1, 9), ("westwal", -1, 9)],
    "O2": [("Achterstraat", 1, 9), ("gracht", 1, 9), ("Molendwarsstraat", -1, 9), ("Noorderstraat", -1, 9)],
    "R1": [("Molendwarsstraat", 1, 9), ("Noorderstraat", 1, 9), ("noordrand", -1, 0), ("westwal", -1, 0)],
    "R2": [("Molendwarsstraat", 1, 9), ("gracht", 1, 9), ("noordrand", -1, 0), ("Noorderstraat", -1, 9)],
    "P1": [("haven_oost", 1, 10), ("Zeilmakerstraat", 1, 9), ("Oosterstraat", -1, 9), ("gracht", -1, 9)],
    "P2": [("haven_oost", 1, 10), ("stationsweg", 1, 10), ("Oosterstraat", -1, 9), ("Zeilmakerstraat", -1, 9)],
    "Q1": [("Oosterstraat", 1, 9), ("Zeilmakerstraat", 1, 9), ("Brugstraat", -1, 10), ("gracht", -1, 9)],
    "Q2": [("Oosterstraat", 1, 9), ("stationsweg", 1, 10), ("Brugstraat", -1, 10), ("Zeilmakerstraat", -1, 9)],
    "S1": [("Brugstraat", 1, 10), ("Zeilmakerstraat", 1, 9), ("Sluisstraat", -1, 9.5), ("gracht", -1, 10)],
    "S2": [("Brugstraat", 1, 10), ("stationsweg", 1, 11), ("Sluisstraat", -1, 9.5), ("Zeilmakerstraat", -1, 9)],
    "T1": [("Sluisstraat", 1, 9.5), ("Zeilmakerstraat", 1, 9), ("Noordoosterstraat", -1, 9), ("gracht", -1, 9)],
    "T2": [("Sluisstraat", 1, 9.5), ("stationsweg", 1, 11), ("Noordoosterstraat", -1, 9), ("Zeilmakerstraat", -1, 9)],
    "V1": [("Noordoosterstraat", 1, 9), ("Zeilmakerstraat", 1, 9), ("noordrand", -1, 0), ("gracht", -1, 9)],
    "V2": [("Noordoosterstraat", 1, 9), ("stationsweg", 1, 10), ("noordrand", -1, 0), ("Zeilmakerstraat", -1, 9)],
    "Z1": [("haven_oost", 1, 0), ("oostrand", 1, 0), ("noordrand", -1, 0), ("oostwal", -1, 12)],
}
SPECIAL = {  # footprints with height [m] and use
    "Sint-Nicolaaskerk": ([(170, 322), (184, 322), (184, 313), (196, 313), (196, 322), (214, 321), (219, 327), (219, 334),
                           (214, 340), (196, 340), (196, 349), (184, 349), (184, 341), (170, 342)], 19.0),
    "Kerktoren": ([(161.2, 327), (170, 327), (170, 336.5), (161.2, 336.5)], 44.0),
    "Vuurtoren": (disc(81, 24, 3.2), 17.0),
    "Havenkantoor": (rectangle(46, 100, 12, 8, 3), 7.0),
    "De Waag": (rectangle(292, 105.5, 13, 9, 2), 12.0),
    "Tramhuisje": (rectangle(526.5, 276, 5, 9, -2), 3.6),
    "Kiosk": (disc(566, 308, 2.6, 8), 4.2),
}
HARBOUR_HEAD = [(58, 97), (60, 70), (64, 44), (66, 14), (98, 12), (100, 34), (80, 46), (74, 70), (73, 97.3)]
SHORE = [(-40, 101), (10, 99), (58, 97)], [(73, 97.3), (140, 98), (216, 95.5), (280, 98), (318, 98.5)], \
        [(355, 99), (420, 96), (500, 100), (640, 96)]
PARKING = [(-34, 212), (18, 209), (19, 246), (18, 262), (20, 300), (-32, 304)]
GREEN = {"Plantsoen": [(585, 30), (596, 30), (596, 60), (585, 60)]}
BOATS = [(112, 91.5, 15, 4.2, 1), (133, 91.8, 13, 3.8, -2), (154, 91.2, 17, 4.6, 0), (180, 90.4, 14, 4.0, 2), (236, 90, 18, 5, -1),
         (262, 91, 13, 3.8, 1), (372, 92, 16, 4.4, -2), (396, 90.4, 13, 3.8, 1), (440, 90.5, 17, 4.8, 2), (474, 92, 12, 3.6, 3),
         (89, 60, 4.0, 14, 8), (49, 55, 4.4, 16, -2), (120, 40, 26, 6.4, -14), (250, 46, 20, 5.4, 9), (430, 40, 30, 7, 6)]


class Town:
    """Streets as curves, blocks between them, houses along the blocks, water, trees."""

    def __init__(self):
        rng = random.Random(1887)
        self.streets = {name: smooth(points) for name, (_, points) in STREETS.items()}
        self.canal = [(x, y, CANAL_WIDTH) for x, y, _ in smooth(CANAL)]
        self.edges = {name: smooth(points) for name, points in EDGES.items()}
        self.blocks = {name: enclosed([self._side(line, side) for line, side, _ in sides])
                       for name, sides in BLOCKS.items()}
        self.houses = []  # (id, footprint, height, use)
        for name, sides in BLOCKS.items():
            for k, ring in enumerate(row_houses(self.blocks[name], [d for _, _, d in sides], rng.random)):
                self.houses.append((f"huis-{name}-{k + 1:02d}", ring, round(6.2 + 5.6 * rng.random(), 1), "woonhuis"))
        for name, (ring, height) in SPECIAL.items():
            self.houses.append((name.lower().replace(" ", "-"), ring, height, name))
        self.water = self._water()
        self.trees = self._trees(rng)

    def _side(self, name, side):
        if name == "gracht":  # +1: block west of the canal, -1: east of it
            return parallel(self.canal, side, QUAY_WIDTH)
        return parallel(self.streets[name], side) if name in self.streets else [p[:2] for p in self.edges[name]]

    def _water(self):
        """One ring each for the harbour (with the harbour head cut out) and the canal."""
        west, middle, east = ([p[:2] for p in smooth(part)] for part in SHORE)
        head = [(58, 97)] + HARBOUR_HEAD[1:-1] + [(73, 97.3)]
        bank = parallel(self.canal, 1), parallel(self.canal, -1)
        harbour = west[:-1] + head + middle[1:] + east + [(640, -40), (-40, -40)]
        return {"Haven": harbour[::-1] if _clockwise(harbour) else harbour,
                "Oude Gracht": bank[1] + bank[0][::-1]}

    def _trees(self, rng):
        trees = []
        for side in (1, -1):  # on the canal banks, 1.2 m from the water, clear of the bridges and stairs
            for k, (x, y) in enumerate(parallel(self.canal, side, 1.3)):
                if k % 2 == side % 2 and 118 < y < 470 and min(abs(y - b) for b in (240, 350, 156, 196)) > 11:
                    trees.append((x, y))
        for k in range(9):
            trees.append((514 + rng.random(), 372 + 12.5 * k if k < 8 else 204.0))
        trees += [(222, 312.5), (228, 316), (226, 345), (165, 318), (167, 347)]
        trees += [(x, 110 + 2 * rng.random()) for x in (100, 124, 160, 182, 244, 266, 372, 396, 436, 460, 484)]
        return [(round(x, 2), round(y, 2)) for x, y in trees]

    def quay(self, side, start, end):
        """Surface between canal and house fronts from y = start to y = end."""
        water = [p for p in parallel(self.canal, side, 0.0) if start <= p[1] <= end]
        front = [p for p in parallel(self.canal, side, QUAY_WIDTH) if start <= p[1] <= end]
        return water + front[::-1]

    def market(self):
        sides = [("markt_zuid", 1), ("markt_oost", 1), ("markt_noord", 1), ("markt_west", 1)]
        return ring_of(enclosed([self._side(*s) for s in sides]))


def _clockwise(ring):
    from plane import area
    return area(ring) < 0
