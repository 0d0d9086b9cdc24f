// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/execution.h"

#include <algorithm>

namespace brewline::workflow {

std::string_view toString(Status status)
{
    switch (status) {
    case Status::Running:
        return "RUNNING";
    case Status::Succeeded:
        return "SUCCEEDED";
    case Status::Failed:
        return "FAILED";
    case Status::TimedOut:
        return "TIMED_OUT";
    case Status::Aborted:
        return "ABORTED";
    }
    return "RUNNING";
}

std::optional<Timestamp> FrameWait::deadline() const
{
    if (expires && heartbeatDue)
        return std::min(*expires, *heartbeatDue);
    return expires ? expires : heartbeatDue;
}

const Frame *Execution::find(FrameId id) const
{
    const auto found = std::ranges::find(frames, id, &Frame::id);
    return found == frames.end() ? nullptr : &*found;
}

Frame *Execution::find(FrameId id)
{
    const auto found = std::ranges::find(frames, id, &Frame::id);
    return found == frames.end() ? nullptr : &*found;
}

std::vector<Wait> Execution::waits() const
{
    std::vector<Wait> open;
    if (expires && !hasEnded())
        open.push_back({0, WaitKind::Timer, {}, expires});
    for (const Frame &frame : frames) {
        if (frame.wait)
            open.push_back({frame.id, frame.wait->kind, frame.state, frame.wait->deadline()});
    }
    return open;
}

} // namespace brewline::workflow
