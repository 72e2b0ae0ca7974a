"""Overview of the drawing as a scalable picture."""
import math
from html import escape

from plane import parallel, rectangle, ring_of
from town import BOATS, HARBOUR_HEAD, PARKING, STREETS

VIEW = (-44.0, -6.0, 744.0, 516.0)  # west, south, width, height of the picture [m]
ZONE = {"passage": "#e07b1f", "standing": "#3b6fb6", "queue": "#8a5aa8", "stairs": "#b0413e", "keep_clear": "#c2a500", "site": "none"}
STYLE = """text{font-family:'DejaVu Sans',sans-serif;fill:#3a3530}.street{font-size:5.2px;fill:#7d7264;letter-spacing:.4px}
.big{font-size:7.4px;font-weight:bold}.small{font-size:4.4px}.light{font-size:5px;font-weight:bold;fill:#fff}.halo{paint-order:stroke;stroke:#fffdf8;stroke-width:1.6px;stroke-linejoin:round}"""


def _xy(p):
    return f"{p[0]:.2f},{VIEW[1] + VIEW[3] - p[1]:.2f}"


def _polygon(ring, **style):
    return f'<polygon points="{" ".join(map(_xy, ring))}" {_style(style)}/>'


def _line(points, **style):
    return f'<polyline points="{" ".join(map(_xy, points))}" fill="none" {_style(style)}/>'


def _style(style):
    return " ".join(f'{k.replace("_", "-")}="{v}"' for k, v in style.items())


def _text(p, words, css, anchor="middle", turn=0.0):
    x, y = _xy(p).split(",")
    rotate = f' transform="rotate({turn:.1f} {x} {y})"' if turn else ""
    return f'<text x="{x}" y="{y}" class="{css}" text-anchor="{anchor}"{rotate}>{escape(words)}</text>'


def overview(town, features):
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW[0]} 0 {VIEW[2]} {VIEW[3]}" width="1600" height="{1600 * VIEW[3] / VIEW[2]:.0f}">',
           f"<style>{STYLE}</style>", f'<rect x="{VIEW[0]}" y="0" width="{VIEW[2]}" height="{VIEW[3]}" fill="#f4efe4"/>']
    out += _town(town)
    out += _event(features)
    out += _legend()
    return "\n".join(out + ["</svg>", ""])


def _town(town):
    out = [_polygon(ring, stroke="#7fb0c4", stroke_width=1.6) for ring in town.water.values()]
    out += [_polygon(ring, fill="#a8cddd") for ring in town.water.values()]
    out.append(_polygon(HARBOUR_HEAD, fill="#e9e1d0", stroke="#9b8f7a", stroke_width=0.6))
    for x, y, w, h, turn in BOATS:
        boat = rectangle(x, y, w, h, turn)
        c = (x, y)
        bow = 1 if w > h else 0
        tip = tuple((boat[1][k] + boat[2][k]) / 2 * 1.0 for k in (0, 1)) if bow else tuple((boat[2][k] + boat[3][k]) / 2 for k in (0, 1))
        tip = (tip[0] + (tip[0] - c[0]) * 0.28, tip[1] + (tip[1] - c[1]) * 0.28)
        hull = boat[:2] + [tip] + boat[2:] if bow else boat[:3] + [tip] + boat[3:]
        out.append(_polygon(hull, fill="#7a4b33", stroke="#4c2f20", stroke_width=0.5))
        out.append(_polygon(rectangle(x, y, w * 0.55, h * 0.55, turn), fill="#d9b98a"))
    out.append(_polygon(PARKING, fill="#dedbd4", stroke="#b8b2a6", stroke_width=0.5))
    out.append(_polygon(town.market(), fill="#fbf6ea"))
    for sides in town.blocks.values():
        out.append(_polygon(ring_of(sides), fill="#cfd8b4"))
    shades = ("#c98f74", "#c2836b", "#d09d80", "#b97a62", "#cb9a86")
    for k, (name, ring, height, use) in enumerate(town.houses):
        fill = shades[(k * 7) % 5] if use == "woonhuis" else "#8d8078"
        out.append(_polygon(ring, fill=fill, stroke="#f4e6d8", stroke_width=0.25))
    out.append(_line([(549.2, y) for y in (104, 490)], stroke="#7d7264", stroke_width=1.5, stroke_dasharray="0.7 1.3"))
    for x, y in town.trees:
        cx, cy = _xy((x, y)).split(",")
        out.append(f'<circle cx="{cx}" cy="{cy}" r="2.1" fill="#6f9a57" fill-opacity="0.8"/>')
    for p, q, w in (((319, 350.9), (337, 350.3), 8), ((284, 239.4), (346, 240.9), 5)):
        out.append(_line([p, q], stroke="#8c8071", stroke_width=w + 0.8))
        out.append(_line([p, q], stroke="#efe7d6", stroke_width=w))
    for name in STREETS:
        if name not in ("Brugsteeg", "Vissteeg", "Smidsgang", "Kerksteeg", "Kuipersteeg", "Lijnbaan"):
            curve = town.streets[name]
            k = {"Achterstraat": 3 * len(curve) // 10, "Noorderstraat": 3 * len(curve) // 5}.get(name, len(curve) // 3)
            a, b = curve[k], curve[min(k + 1, len(curve) - 1)]
            turn = -math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
            turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
            n = parallel(curve, -1, 0)[k]
            p = (a[0] + (n[0] - a[0]) * 0.45, a[1] + (n[1] - a[1]) * 0.45) if abs(turn) < 60 else (a[0] + 1.6, a[1])
            out.append(_text(p, name, "street", turn=turn))
    return out


def _event(features):
    out = []
    for f in features:
        kind, p = f["kind"], f["properties"]
        rings = f["points"] if f["shape"] == "MultiPolygon" else [f["points"]]
        if kind == "zone" and p["zone_kind"] != "site":
            c = ZONE[p["zone_kind"]]
            out += [_polygon(r, fill=c, fill_opacity=0.16, stroke=c, stroke_width=0.5) for r in rings]
        elif kind == "source":
            out += [_polygon(r, fill="#4b9b6a", fill_opacity=0.45, stroke="#2f7049", stroke_width=0.6) for r in rings if f["id"] != "vroege-gasten"]
        elif kind == "exit":
            out += [_polygon(r, fill="#c65a4a", fill_opacity=0.45, stroke="#8f3428", stroke_width=0.6) for r in rings]
        elif kind in ("structure", "container") and "landhoofd" not in f["id"] and "trap" not in f["id"]:
            out += [_polygon(r, fill="#fff", stroke="#6e6558", stroke_width=0.6) for r in rings]
        elif kind == "podium":
            out += [_polygon(r, fill="#2f3e56", stroke="#1c2636", stroke_width=0.8) for r in rings]
        elif kind == "fence":
            out.append(_line(f["points"], stroke="#463d33", stroke_width=1.0))
        elif kind == "stay":
            out += [_polygon(r, fill="#d2b04a", fill_opacity=0.22, stroke="#a98a2a", stroke_width=0.3, stroke_dasharray="1.5 1") for r in rings]
        elif kind == "queue_lane":
            out.append(_line(f["points"], stroke="#8a5aa8", stroke_width=0.6, stroke_dasharray="1 .8"))
        elif kind == "server":
            out += [_polygon(r, fill="#8a5aa8") for r in rings]
        elif kind == "stairs":
            out += [_polygon(r, fill="#d8d2c6", stroke="#6e6558", stroke_width=0.4) for r in rings]
        elif kind == "service_lane":
            out.append(_line(f["points"], stroke="#c2a500", stroke_width=0.9, stroke_dasharray="3 2"))
        elif kind == "sensor" and p["type"] == "line_counter":
            out.append(_line(f["points"], stroke="#0d7a86", stroke_width=0.9))
    for f in features:
        if f["kind"] == "gate":
            colour = "#2f8f4e" if f["properties"]["state"] == "open" else "#b02a20"
            out.append(_line(f["points"], stroke=colour, stroke_width=2.4))
    big = {"podium": (194, 294.6, "Podium"), "podiumvak": (194, 268, "Publieksvak"), "zone-tramhalte": (531, 300, "Tramhalte"),
           "uit-veer": (106, 20, "Veer"), "bron-station": (541, 474, "Station ↑"), "bron-parkeren": (-8, 304.5, "Parkeren"),
           "zone-havenkade": (158, 101, "Havenkade")}
    for identity, (x, y, words) in big.items():
        out.append(_text((x, y), words, "big halo" if identity != "podium" else "light", "start" if identity == "uit-veer" else "middle"))
    for f in features:
        if f["kind"] == "gate" and f["id"] not in ("artiestenpoort",):
            c = [sum(q[k] for q in f["points"]) / 2 for k in (0, 1)]
            shift = {"noorderpoort": (16, 4), "brugpoort": (-13, -2), "westpoort-in": (14, 0.5), "westpoort-uit": (15, -2), "havenpoort-in": (13, 3.4), "havenpoort-uit": (-13, 3.4),
                     "vispoort": (-12, 2), "dienstpoort": (15, 3)}[f["id"]]
            out.append(_text((c[0] + shift[0], c[1] + shift[1]), f["properties"]["name"].split(" (")[0].replace("Dienstpoort Kuipersteeg", "Dienstpoort"), "small halo"))
    for x, y, words in ((314, 246.5, "Hoge Brug"), (328, 357, "Sluisbrug"), (192, 330, "St.-Nicolaaskerk"), (81, 33, "Vuurtoren"), (330, 40, "Haven")):
        out.append(_text((x, y), words, "small halo" if words != "Haven" else "big"))
    return out


def _legend():
    x, y = 612, 30
    rows = [("#4b9b6a", "bron / source"), ("#c65a4a", "uitgang / exit"), ("#e07b1f", "zone: passage"), ("#3b6fb6", "zone: staan / standing"),
            ("#8a5aa8", "rij / queue"), ("#d2b04a", "verblijf / stay"), ("#0d7a86", "tellijn / counter"), ("#2f8f4e", "poort open / gate"), ("#b02a20", "poort dicht / closed")]
    out = [_text((601, VIEW[1] + VIEW[3] - 14), "Havendag Zilvermuiden", "big", "start")]
    for k, (colour, words) in enumerate(rows):
        out.append(f'<rect x="601" y="{y + 8 * k - 4}" width="5" height="5" fill="{colour}" fill-opacity="0.7"/>')
        out.append(f'<text x="{x - 3}" y="{y + 8 * k}" class="small">{escape(words)}</text>')
    out.append(_line([(601, 400), (621, 400), (641, 400)], stroke="#3a3530", stroke_width=1.2))
    out.append(_text((621, 394), "40 m", "small"))
    return out
