#pragma once
#include "sim/core/error.hpp"
#include "sim/record/record.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/site_geometry.hpp"
#include "sim/world/world.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// Bytes to the plain types and back; nothing else in `sim` touches files.
namespace throng::io {

/// Read and validate a TOML scenario by itself; all faults at once, each with line and column.
/// @throws InputError, IoError.
Scenario read_scenario(const std::filesystem::path&);
Scenario parse_scenario(const std::string& text, const std::string& file_for_messages);
/// Where the scenario's site file lies: `site` is relative to the scenario file.
std::filesystem::path site_path(const Scenario&);
/// Faults of the later checks (against a site, against the models) with the exact line and column of their key path.
std::vector<Fault> locate(const Scenario&, std::vector<Fault>);
/// JSON Schema (2020-12) of the scenario, for editors; and its reference page, from the table that the reader uses.
std::string scenario_json_schema();
std::string scenario_reference_markdown();

/// Site file: geometry (base and event apart), compiled world, import notes. Written to a temporary, then renamed.
struct SiteFile {
  SiteGeometry geometry;  ///< enough to redo the event
  WorldData world;
  std::string report_json;  ///< import report, verbatim
  std::string hash;         ///< of the file's content, hex
};
void write_site(const std::filesystem::path&, const SiteFile&);
SiteFile read_site(const std::filesystem::path&);
/// The world part only: what `throng run` needs.
WorldData read_world(const std::filesystem::path&, std::string* hash = nullptr, std::string* report_json = nullptr);

struct Hdf5Options {
  int deflate = 1;            ///< [0, 9]; 1 keeps up with the step (docs/formats/results.md has the measurements)
  double checkpoint_s = 5.0;  ///< wall-clock time between states on disk that `recover` can use [s]; 0 = every frame
  std::size_t queue_frames = 16;
};

/// Results: writes with its own thread through a bounded queue, so the step waits only when the disk is slower than the
/// run for long. Everything goes to "<path>.part" until end() has sealed and renamed it; a crash leaves no file under
/// the final name. Destroyed without end(): the temporary stays if it holds frames.
class Hdf5Sink final : public RunSink {
 public:
  explicit Hdf5Sink(std::filesystem::path path, const Hdf5Options& = {});
  ~Hdf5Sink() override;
  void begin(const RunHeader&) override;  ///< @throws IoError when the temporary cannot be created
  void frame(const Frame&) override;      ///< this and the others: @throws IoError when an earlier write failed
  void grid(const GridFrame&) override;
  void zones(const std::vector<ZoneSample>&) override;
  void lines(const std::vector<LineSample>&) override;
  void exits(const std::vector<ExitSample>&) override;
  void ledger(const LedgerSample&) override;
  void event(const Event&) override;
  /// Writes what of the results has not been streamed, the figures, and the seal.
  /// @throws IoError when the disk failed; the temporary is kept and named.
  void end(const RunResults&) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Random access to a result file.
class Hdf5Source {
 public:
  explicit Hdf5Source(const std::filesystem::path&);  ///< checks the trailer before the library opens the file
  ~Hdf5Source();
  Hdf5Source(Hdf5Source&&) noexcept;
  Hdf5Source& operator=(Hdf5Source&&) noexcept;
  const RunHeader& header() const;
  std::size_t n_frames() const;
  Frame frame(std::size_t number) const;  ///< number < n_frames()
  std::size_t n_grid_frames() const;      ///< over all grids, ordered by tick, then grid
  GridFrame grid_frame(std::size_t number) const;
  RunResults results() const;  ///< all but frames
  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

/// Many results of one scenario in one file: series and figures without trajectories, and the 5, 50 and 95 % values
/// over the replications (docs/formats/results.md). @throws InputError when the runs do not measure the same zones.
void write_replications(const std::filesystem::path&, const RunHeader&, const std::vector<RunResults>&);
std::vector<RunResults> read_replications(const std::filesystem::path&);

/// Bytes that a trajectory of so many rows takes about on disk, for a warning before a run.
double estimated_trajectory_bytes(double rows);

enum class FileKind : std::uint8_t { site, results, replications, scenario, other };
FileKind kind_of(const std::filesystem::path&);
/// The trailer that ends our HDF5 files: 8 bytes "THRONGH5", u64 length, u64 XXH3. Appends it / checks it.
void seal(const std::filesystem::path&);
void check_seal(const std::filesystem::path&);  ///< @throws InputError: not ours, truncated, or changed
/// Repair a temporary left by a crash or a full disk: keeps whole frames, writes figures where there are any, and
/// seals. The damaged file is read in a child process, so that it cannot take the program down.
void recover(const std::filesystem::path& temporary, const std::filesystem::path& out);
/// One level of a result as a plain file of the Pedestrian Dynamics Data Archive's layout (PedPy): rows by id, then
/// frame.
void export_pedpy(const std::filesystem::path& results, LevelId level, const std::filesystem::path& out);
/// Trajectories as text "id frame x y z" with the line "# framerate: ..."; ".csv" gives commas and a header line.
void export_text(const std::filesystem::path& results, const std::filesystem::path& out);

/// Trajectories of somebody else's HDF5 file in the archive's layout (also JuPedSim's).
struct ForeignTrajectory {
  double fps = 0.0;                     ///< [1/s] (> 0)
  std::string wkt;                      ///< walkable area, or empty
  std::vector<std::int64_t> id, frame;  ///< (n)
  std::vector<double> x, y, z;          ///< (n) [m]; z is 0 where the file has none
};
/// Read in a child process with a time limit: libhdf5 may crash on damaged files.
/// @throws InputError when the file is not of that layout, or the child crashed or took too long.
ForeignTrajectory read_foreign_trajectory(const std::filesystem::path&, double time_limit_s = 60.0);

/// Text written to a temporary, then renamed. @throws IoError
void write_text(const std::filesystem::path&, const std::string&);
std::string read_text(const std::filesystem::path&);

}  // namespace throng::io
