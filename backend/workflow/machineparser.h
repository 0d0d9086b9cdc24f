// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/fieldreader.h"
#include "workflow/program.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace brewline::workflow {

/// Compiles lists of states, with those inside them, into a program.
class MachineParser {
public:
    MachineParser(Program &program, Faults &faults);

    /// Compiles StartAt and States of \a fields as a new machine.
    MachineIndex parse(FieldReader &fields);

private:
    friend class StateParser;

    void checkReachability(const Machine &machine, const std::string &pointer, const std::string &subject);

    Program &m_program;
    Faults &m_faults;
    int m_depth = 0;
};

} // namespace brewline::workflow
