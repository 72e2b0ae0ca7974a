#!/usr/bin/env python3
"""Draws scenarios/harbour-town: city data, two event drawings and two scenarios of an invented harbour town. Standard library only.

Usage: draw.py [output folder]      default: scenarios/harbour-town beside this repository's tools folder
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import checks  # noqa: E402
import event  # noqa: E402
import formats  # noqa: E402
import picture  # noqa: E402
import scenario  # noqa: E402
from town import Town  # noqa: E402


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "scenarios" / "harbour-town"
    town = Town()
    drawings = {name: event.draw(town, plan) for name, plan in event.PLANS.items()}
    faults = [f"{name}: {fault}" for name, features in drawings.items() for fault in checks.faults_of(town, features)]
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    files = {"town.osm": formats.town_osm(town), "buildings.city.json": formats.buildings_cityjson(town),
             "overview.svg": picture.overview(town, drawings["event"])}
    files.update({"demo.toml": scenario.demo(), "variant.toml": scenario.variant(), "parking.csv": scenario.parking_csv()})
    for name, features in drawings.items():
        files[f"{name}.geojson"] = formats.event_geojson(features, name)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text) / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
