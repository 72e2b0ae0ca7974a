#pragma once
#include "sim/agents/run.hpp"
#include "sim/fields/density_field.hpp"
#include "sim/fields/local_density.hpp"
#include "sim/fields/zone_meter.hpp"

#include <optional>
#include <vector>

namespace throng::detail {

/// Watches a run: samples measures, feeds the sinks, collects the results. Never changes the state.
class Recorder {
 public:
  Recorder(const Simulation&, const Scenario&, RunHeader, std::vector<RunSink*>, Tick begin);
  /// Call once before the first step and after every step.
  void after_step(const CrowdState&, const StepReport&);
  RunResults finish(const CrowdState&);

 private:
  struct Rhythm {  ///< every n ticks since the start of the recording
    std::uint64_t every = 1;
    bool due(std::uint64_t tick) const { return tick % every == 0; }
  };
  struct ZoneWatch {
    ThresholdSet limits;
    LocalMaximum worst;  ///< in the current report interval
    int level = 0;       ///< highest in the current report interval
    struct Limit {
      int announced = 0;  ///< highest told as an event
      std::array<std::optional<Exceedance>, 4> above;
    };
    std::array<Limit, static_cast<std::size_t>(Quantity::count_)> watched;
  };
  void sample(const CrowdState&);
  void judge(const CrowdState&);
  void report(const CrowdState&);
  void emit_frame(const CrowdState&);
  void emit_grids(const CrowdState&);
  void take_news(const CrowdState&, const StepReport&);
  void tell(Event);
  void watch(std::size_t zone, Quantity, double value, Vec2 at, Tick);
  LedgerSample ledger(const CrowdState&) const;
  std::vector<float> peak_on(std::size_t grid) const;

  const Simulation& simulation_;
  RunResults results_;
  std::vector<RunSink*> sinks_;
  OutputOptions output_;
  Tick begin_;
  Rhythm frame_, grid_, sample_, judge_, report_;
  double judge_seconds_ = 5.0;
  std::uint64_t n_frames_ = 0;
  ZoneMeter zones_;
  LocalDensity local_;
  DensityField density_;
  std::vector<ZoneWatch> watch_;
  std::vector<std::uint64_t> forward_, backward_;  ///< (lines) at the last report
  std::vector<std::vector<double>> travel_;        ///< (journeys) travel times [s]
  std::vector<std::vector<double>> waits_;         ///< (places) waiting times [s]
  std::vector<double> longest_;                    ///< (queues) people
  std::vector<PlaceId> servers_;                   ///< (queues)
};

}  // namespace throng::detail
