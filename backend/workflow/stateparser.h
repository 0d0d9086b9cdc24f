// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/fieldreader.h"
#include "workflow/program.h"

#include <string>
#include <string_view>

namespace brewline::workflow {

class MachineParser;

/// Compiles one state.
class StateParser {
public:
    /// \a machine knows the names of all its states already.
    StateParser(MachineParser &machines, const Machine &machine, std::string name, std::string pointer);

    State parse(const boost::json::value &json);

private:
    void parseKind(FieldReader &fields, const std::string &type);
    PassState parsePass(FieldReader &fields);
    TaskState parseTask(FieldReader &fields);
    ChoiceState parseChoice(FieldReader &fields);
    WaitState parseWait(FieldReader &fields);
    FailState parseFail(FieldReader &fields);
    ParallelState parseParallel(FieldReader &fields);
    MapState parseMap(FieldReader &fields);

    void parseTransition(FieldReader &fields);
    void parseDataPaths(FieldReader &fields);
    void parseErrorHandling(FieldReader &fields);
    Retrier parseRetrier(FieldReader &fields);
    Catcher parseCatcher(FieldReader &fields);
    void checkErrorNames(FieldReader &fields, const std::vector<std::string> &errors, bool isLast);
    Choice parseChoiceRule(FieldReader &fields);
    MachineIndex parseMachine(const boost::json::object &object, const std::string &pointer, bool isProcessor);

    DataPath dataPath(FieldReader &fields, std::string_view name);
    ResultPath resultPath(FieldReader &fields);
    std::optional<PayloadTemplate> payload(FieldReader &fields, std::string_view name);
    std::optional<PayloadTemplate> assignment(FieldReader &fields);
    std::optional<Quantity> quantity(FieldReader &fields, std::string_view name, std::string_view pathName,
                                     std::int64_t least, std::int64_t most);
    StateIndex target(FieldReader &fields, std::string_view name);

    /// Calls \a read with a reader for each object in the array \a name; other elements are faults.
    template<typename Read>
    void forEachObject(FieldReader &fields, std::string_view name, Read read);

    MachineParser &m_machines;
    const Machine &m_machine;
    std::string m_subject;
    State m_state;
};

} // namespace brewline::workflow
