#pragma once
#include "sim/world/world.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace throng {

/// A number of a published source, replaceable by whoever knows better.
struct CitedNumber {
  double value = 0.0;
  std::string unit;
  std::string citation;
};

/// What a capacity sheet is computed from. Sources disagree (82 or 109 people per metre and minute on level ground):
/// all numbers are data.
struct CapacityInputs {
  CitedNumber entry_flow{82.0, "p/m/min", "Guide to Safety at Sports Grounds (Green Guide), level surfaces"};
  CitedNumber entry_time{60.0, "min", "Green Guide: all to be admitted within one hour"};
  CitedNumber holding{47.0, "p/10 m²", "Green Guide: at most 47 people per 10 m² of standing area"};
  CitedNumber physical{1.0, "-", "P, physical condition of the area (0-1): not assessed, taken as 1"};
  CitedNumber safety{1.0, "-", "S, quality of safety management (0-1): not assessed, taken as 1"};
  CitedNumber exit_flow{82.0, "p/m/min", "Green Guide, level surfaces; 66 on stairs"};
  CitedNumber exit_time{8.0, "min", "Green Guide: normal egress within 8 minutes"};
  CitedNumber emergency_flow{82.0, "p/m/min", "Green Guide; open-air fire guidance (England) allows 109"};
  CitedNumber emergency_time{8.0, "min", "Green Guide: 2.5 to 8 minutes by risk of fire; 8 = low risk, open air"};
};

/// Four capacities and the least of them [people].
struct CapacitySheet {
  CapacityInputs inputs;
  double entry_width = 0.0, exit_width = 0.0;  ///< [m]
  double emergency_width = 0.0;  ///< of the exits with the widest one lost; of all when there is only one [m]
  double holding_area = 0.0;     ///< [m²]
  std::string holding_area_of;   ///< "standing zones", "site zone" or "whole ground"
  double entry = 0.0, holding_capacity = 0.0, exit = 0.0, emergency = 0.0;
  double final_capacity = 0.0;
  std::string limited_by;  ///< "entry", "holding", "exit" or "emergency exit"
};

/// entry = entry flow * width * entry time; holding = area / 10 * 47 * min(P, S); exit and emergency alike with their
/// own times; final = the least (Green Guide method, docs/methods/measures.md).
CapacitySheet capacity_sheet(const World&, const CapacityInputs& = {});
/// Width through which people pass into a place: its line, or the open part of its border with ground that
/// is not of the same kind of place [m].
double passable_width(const World&, PlaceId);

/// How a site empties with all exits, or with one lost.
struct ClearanceCase {
  std::string lost_exit;                                  ///< name; empty = all exits that are not closed
  std::uint64_t people = 0;                               ///< inside at the start
  std::uint64_t remaining = 0;                            ///< inside when the limit was reached
  double time_half = 0.0, time_95 = 0.0, time_all = 0.0;  ///< since the start; NaN = not within the limit [s]
  std::vector<double> zone_cleared;  ///< (zones) last person out, since the start; 0 = was empty; NaN = not cleared [s]
  std::vector<std::uint64_t> by_exit;  ///< (exits) people who left through it
};
struct EvacuationFigures {
  double at = 0.0;                  ///< moment of the order [s since start]
  double limit = 0.0;               ///< longest time simulated [s]
  std::vector<std::string> closed;  ///< exits closed from the start, names
  std::vector<std::string> zones, exits;
  std::vector<ClearanceCase> cases;  ///< first all exits, then each lost in turn
  bool interrupted = false;
};

}  // namespace throng
