"""The two scenario files of the demo: one text, with the lines in which the mended plan differs."""

COMMON = '''# {title}. All names and places are invented.
format = 1

[scenario]
name = "{name}"
description = "{description}"
site = "site.h5"
start = "17:30"
duration = "01:00"
time_step_s = 0.05
seed = 2026
licensed_capacity = 6000

[model]
name = "behavioural_heuristics"
profile = "regulatory"

[routing]
reroute_interval_s = 60
reroute_share = 0.5
congestion_weight = 1.0

[output]
frame_interval_s = 5
grid_cell_m = 2
grid_interval_s = 20
report_interval_s = 60

# ---- who comes --------------------------------------------------------------------------------------------------
[[population]]
id = "adult"
share = 0.80
speed_mean_m_per_s = 1.34
speed_sd_m_per_s = 0.26
speed_min_m_per_s = 0.6
speed_max_m_per_s = 2.0

[[population]]
id = "senior"
share = 0.13
speed_mean_m_per_s = 1.05
speed_sd_m_per_s = 0.18
speed_min_m_per_s = 0.6
speed_max_m_per_s = 1.5

[[population]]
id = "with-pram-or-luggage"
share = 0.05
speed_mean_m_per_s = 1.10
speed_sd_m_per_s = 0.15
speed_min_m_per_s = 0.6
speed_max_m_per_s = 1.6
luggage = true

[[population]]
id = "reduced-mobility"
share = 0.02
speed_mean_m_per_s = 0.76
speed_sd_m_per_s = 0.16
speed_min_m_per_s = 0.46
speed_max_m_per_s = 1.2
impaired = true

# ---- when and where they arrive: about 12 000 in the hour ---------------------------------------------------------
# The concert crowd comes before six; strollers come all the time.
[[source]]
id = "early"
place = "vroege-gasten"
initial_people = 500
journeys = [{{id = "concert", weight = 0.8}}, {{id = "market", weight = 0.2}}]

[[source]]
id = "station-concert"
place = "bron-station"
curve = {{people = 800, points = [["00:00", 0.0], ["00:08", 0.35], ["00:18", 0.85], ["00:26", 1.0]]}}
journeys = "concert"

[[source]]
id = "station-strollers"
place = "bron-station"
curve = {{people = 2900, points = [["00:00", 0.0], ["00:15", 0.36], ["00:35", 0.76], ["00:58", 1.0]]}}
journeys = [{{id = "market", weight = 0.6}}, {{id = "harbour", weight = 0.25}}, {{id = "church", weight = 0.15}}]

[[source]]
id = "tram-concert"
place = "bron-tram"
pulses = [{{at = "00:01", people = 160, spread_s = 50}}, {{at = "00:06", people = 180, spread_s = 50}},
          {{at = "00:11", people = 200, spread_s = 50}}, {{at = "00:16", people = 190, spread_s = 50}},
          {{at = "00:21", people = 150, spread_s = 50}}, {{at = "00:26", people = 80, spread_s = 50}}]
journeys = "concert"

[[source]]
id = "tram-strollers"
place = "bron-tram"
pulses = [{tram_pulses}]
journeys = [{{id = "market", weight = 0.6}}, {{id = "harbour", weight = 0.3}}, {{id = "church", weight = 0.1}}]

[[source]]
id = "parking"
place = "bron-parkeren"
arrivals_csv = "parking.csv"
journeys = [{{id = "concert", weight = 0.35}}, {{id = "market", weight = 0.40}}, {{id = "harbour", weight = 0.25}}]

[[source]]
id = "ferry"
place = "bron-veer"
pulses = [{{at = "00:02", people = 300, spread_s = 70}}, {{at = "00:17", people = 340, spread_s = 70}},
          {{at = "00:32", people = 300, spread_s = 70}}, {{at = "00:47", people = 180, spread_s = 70}}]
journeys = [{{id = "concert", weight = 0.25}}, {{id = "market", weight = 0.35}}, {{id = "harbour", weight = 0.40}}]

[[source]]
id = "town"
place = "bron-noord"
rates = [{{from = "00:00", to = "00:25", people_per_min = 34}}, {{from = "00:25", to = "01:00", people_per_min = 18}}]
journeys = [{{id = "concert", weight = 0.2}}, {{id = "market", weight = 0.5}}, {{id = "church", weight = 0.3}}]

# ---- what they do -------------------------------------------------------------------------------------------------
# The concert ends at 18:10; nine in ten leave within ten minutes.
[[journey]]
id = "concert"
[[journey.stage]]
id = "arrive"
kind = "waypoint"
place = "doorloop-markt"
next = [{{id = "listen", weight = 0.84}}, {{id = "front", weight = 0.06}}, {{id = "drink-first", weight = 0.1}}]
[[journey.stage]]
id = "drink-first"
kind = "queue"
places = [{bars}]
duration = {{law = "lognormal", mean_s = 18, sd_s = 8}}
next = "listen"
[[journey.stage]]
id = "front"
kind = "visit"
place = "podiumvak"
duration = {{law = "until", at = "00:40", spread_s = 270}}
next = [{concert_exits}]
[[journey.stage]]
id = "listen"
kind = "stay"
place = "publieksvak-ruim"
duration = {{law = "until", at = "00:40", spread_s = 270}}
next = [{concert_exits}]
{exits}

[[journey]]
id = "market"
[[journey.stage]]
id = "arrive"
kind = "waypoint"
place = "doorloop-markt"
next = [{{id = "stalls-west", weight = 0.37}}, {{id = "stalls-east", weight = 0.31}}, {{id = "bar", weight = 0.18}}, {{id = "toilet", weight = 0.06}}, {{id = "quay", weight = 0.08}}]
[[journey.stage]]
id = "stalls-west"
kind = "stay"
place = "kramen-west"
duration = {{law = "lognormal", mean_s = 240, sd_s = 140}}
next = [{{id = "bar", weight = 0.12}}, {stroll_exits}]
[[journey.stage]]
id = "stalls-east"
kind = "stay"
place = "kramen-oost"
duration = {{law = "lognormal", mean_s = 240, sd_s = 140}}
next = [{{id = "bar", weight = 0.12}}, {stroll_exits}]
[[journey.stage]]
id = "bar"
kind = "queue"
places = [{bars}]
duration = {{law = "lognormal", mean_s = 18, sd_s = 8}}
next = [{{id = "toilet", weight = 0.10}}, {stroll_exits}]
[[journey.stage]]
id = "toilet"
kind = "queue"
places = [{toilets}]
duration = {{law = "gamma", shape = 4, scale_s = 11}}
next = [{stroll_exits}]
[[journey.stage]]
id = "quay"
kind = "stay"
place = "botters-oost"
duration = {{law = "uniform", low_s = 180, high_s = 420}}
next = [{stroll_exits}]
{exits}

[[journey]]
id = "harbour"
[[journey.stage]]
id = "arrive"
kind = "waypoint"
place = "doorloop-kade"
next = [{{id = "boats", weight = 0.45}}, {{id = "choir", weight = 0.35}}, {{id = "head", weight = 0.20}}]
[[journey.stage]]
id = "boats"
kind = "stay"
place = "botters-west"
duration = {{law = "uniform", low_s = 180, high_s = 420}}
next = [{stroll_exits}]
[[journey.stage]]
id = "choir"
kind = "stay"
place = "botters-oost"
duration = {{law = "normal", mean_s = 330, sd_s = 90}}
next = [{stroll_exits}]
[[journey.stage]]
id = "head"
kind = "stay"
place = "havenhoofd"
duration = {{law = "exponential", mean_s = 240}}
next = [{stroll_exits}]
{exits}

[[journey]]
id = "church"
[[journey.stage]]
id = "look-around"
kind = "stay"
place = "kerkplein"
duration = {{law = "weibull", shape = 2, scale_s = 300}}
next = [{{id = "market", weight = 0.3}}, {stroll_exits}]
[[journey.stage]]
id = "market"
kind = "stay"
place = "kramen-oost"
duration = {{law = "lognormal", mean_s = 200, sd_s = 90}}
next = [{stroll_exits}]
{exits}

# ---- what the organiser does ----------------------------------------------------------------------------------------
{changes}
# ---- limits ---------------------------------------------------------------------------------------------------------
[[threshold]]
zone_kind = "passage"
density_per_m2 = [1.08, 2.17, 3.5, 4.0]
flow_per_m_min = [49, 66, 82, nan]
citation = "Fruin/HCM walkway D/E and E/F; contact; Event Safety Guide (moving); Green Guide 82 per m and min"
'''

EXIT_PLACES = {"tram": "uit-tram", "station": "uit-station", "car": "uit-parkeren", "ferry": "uit-veer", "town": "uit-noord"}
STROLL = {"tram": 0.32, "station": 0.26, "car": 0.22, "ferry": 0.12, "town": 0.08}

BASE_CHANGES = '''# The plan as it was handed in: who comes from the east enters through the Noorderpoort and leaves through the Brugpoort.
[[change]]
at = "00:50"
action = "area_close"
target = "vuurwerkvak"
'''
VARIANT_CHANGES = '''# Five minutes before the end two more ways out open: the Vissteeg to the quay, and half of the Noorderpoort.
[[change]]
at = "00:35"
action = "gate_direction"  # opens the gate, one way
target = "vispoort"
direction = "backward"

[[change]]
at = "00:35"
action = "gate_direction"
target = "noorderpoort-uit"
direction = "backward"

[[change]]
at = "00:50"
action = "area_close"
target = "vuurwerkvak"
'''


def _next(shares, scale=1.0):
    return ", ".join(f'{{id = "{k}", weight = {v * scale:.3g}}}' for k, v in shares.items())


def _exits():
    rows = []
    for name, place in EXIT_PLACES.items():
        rows.append(f'[[journey.stage]]\nid = "{name}"\nkind = "exit"\nplace = "{place}"')
        if name == "tram":
            trams = ", ".join(f'{{at = "{t // 60:02d}:{t % 60:02d}", people = 380, boarding_s = 60}}' for t in range(2, 62, 3))
            rows.append(f"departures = [{trams}]")
        elif name == "ferry":
            boats = ", ".join(f'{{at = "00:{t:02d}", people = 220, boarding_s = 120}}' for t in range(6, 60, 9))
            rows.append(f"departures = [{boats}]")
    return "\n".join(rows)


def _text(title, name, description, concert, changes):
    pulses = [(3, 150), (8, 190), (13, 220), (18, 230), (23, 220), (28, 210), (33, 190), (38, 180), (43, 150), (48, 120), (53, 90)]
    rows = [f'{{at = "00:{t:02d}", people = {n}, spread_s = 50}}' for t, n in pulses]
    tram = ",\n          ".join(", ".join(rows[i:i + 3]) for i in range(0, len(rows), 3))
    words = lambda prefix, n: ", ".join(f'"{prefix}-{k + 1}"' for k in range(n))
    return COMMON.format(title=title, name=name, description=description, tram_pulses=tram, bars=words("bar", 10),
                         toilets=words("wc", 6), concert_exits=_next(concert), stroll_exits=_next(STROLL), exits=_exits(),
                         changes=changes)


def demo():
    return _text("Havendag Zilvermuiden: the evening as planned", "Havendag Zilvermuiden",
                 "About 12 000 visitors between 17:30 and 18:30; the concert on the market ends at 18:10",
                 {"tram": 0.44, "station": 0.26, "car": 0.18, "ferry": 0.07, "town": 0.05}, BASE_CHANGES)


def variant():
    return _text("Havendag Zilvermuiden: the mended plan", "Havendag Zilvermuiden, mended plan",
                 "The same visitors; Brugpoort 4.4 m instead of 2.8 m, Vissteeg and half of the Noorderpoort open as ways out from "
                 "18:05, announcements send a tenth of the crowd from the tram to the station",
                 {"tram": 0.34, "station": 0.36, "car": 0.18, "ferry": 0.07, "town": 0.05}, VARIANT_CHANGES)


def parking_csv():
    """People who leave their cars, counted every five minutes: an estimate by the organiser."""
    people = (140, 190, 240, 270, 260, 220, 170, 150, 120, 90, 70, 50)
    return "time,people\n" + "".join(f"00:{5 * k:02d},{n}\n" for k, n in enumerate(people))
