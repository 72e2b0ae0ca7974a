#pragma once
#include "sim/report/detail/figures.hpp"
#include "sim/report/detail/page.hpp"

namespace throng::report::detail {

/// Sections of a page; each writes its heading, its content, and a sentence where there is nothing to tell.
void write_identity(Page&, const Runs&);
void write_zone_table(Page&, const Runs&);
void write_exceedances(Page&, const Runs&);
void write_line_table(Page&, const Runs&);
void write_ledger(Page&, const Runs&);
void write_queues(Page&, const Runs&);
void write_travel(Page&, const Runs&);
void write_not_served(Page&, const Runs&);
void write_events(Page&, const Runs&);
void write_assumptions(Page&, const Runs&);
void write_sources(Page&, const Runs&);

/// Letter of service on its colour.
std::string service_box(char letter);

}  // namespace throng::report::detail
