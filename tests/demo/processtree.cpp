// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/processtree.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

namespace brewline::demo {

ProcessEntry processEntry(pid_t id)
{
    std::ifstream file("/proc/" + std::to_string(id) + "/stat");
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    // The name may hold spaces and parentheses of its own; it ends with the last one.
    const std::size_t open = line.find('(');
    const std::size_t close = line.rfind(')');
    if (open == std::string::npos || close == std::string::npos)
        return {};
    std::istringstream rest(line.substr(close + 1));
    char state = 0;
    ProcessEntry entry{id, 0, line.substr(open + 1, close - open - 1)};
    rest >> state >> entry.parent;
    std::string skipped;
    for (int field = 5; field < 14; ++field)
        rest >> skipped;
    long user = 0;
    long system = 0;
    rest >> user >> system;
    if (!rest || state == 'Z' || state == 'X')
        return {};
    entry.processorTime = Milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
    return entry;
}

std::vector<ProcessEntry> childrenOf(pid_t parent)
{
    std::vector<ProcessEntry> children;
    std::error_code ignored; // processes come and go while they are listed
    for (std::filesystem::directory_iterator entry("/proc", ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
        const std::string name = entry->path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos)
            continue;
        const ProcessEntry process = processEntry(static_cast<pid_t>(std::stol(name)));
        if (process.id != 0 && process.parent == parent)
            children.push_back(process);
    }
    return children;
}

} // namespace brewline::demo
