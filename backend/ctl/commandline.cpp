// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/commandline.h"

#include <algorithm>
#include <array>
#include <vector>

namespace brewline::ctl {

using namespace Qt::StringLiterals;

namespace {

struct Option {
    QLatin1StringView name;
    bool takesValue;
};

constexpr auto knownOptions = std::to_array<Option>({
    {"data"_L1, true},
    {"event"_L1, true},
    {"role"_L1, true},
    {"reason"_L1, true},
    {"state"_L1, true},
    {"json"_L1, false},
    {"help"_L1, false},
    {"version"_L1, false},
});

const Option *findOption(QStringView name)
{
    for (const Option &option : knownOptions) {
        if (option.name == name)
            return &option;
    }
    return nullptr;
}

struct Command {
    QLatin1StringView name;
    qsizetype words;
    std::vector<QLatin1StringView> required; ///< options
    std::vector<QLatin1StringView> allowed;  ///< more options; --data goes with all
    QLatin1StringView use;
};

const Command *findCommand(const QString &name)
{
    static const std::vector<Command> commands{
        {"pair"_L1, 0, {"event"_L1, "role"_L1}, {}, "pair --event E --role R"_L1},
        {"open"_L1, 1, {}, {}, "open E"_L1},
        {"close"_L1, 1, {}, {"reason"_L1}, "close E [--reason TEXT]"_L1},
        {"pause"_L1, 1, {}, {"reason"_L1}, "pause E [--reason TEXT]"_L1},
        {"orders"_L1, 1, {}, {"state"_L1, "json"_L1}, "orders E [--state S,...] [--json]"_L1},
        {"status"_L1, 0, {}, {}, "status"_L1},
        {"help"_L1, 0, {}, {}, "help"_L1},
        {"version"_L1, 0, {}, {}, "version"_L1},
    };
    const auto found = std::ranges::find_if(commands, [&](const Command &command) { return command.name == name; });
    return found == commands.end() ? nullptr : &*found;
}

Result<void> checkUse(const CommandLine &line)
{
    const Command *command = findCommand(line.command);
    if (!command) {
        return failure(ErrorCode::InvalidField,
                       "There is no command \"" + line.command.toStdString() + "\"; try \"brewlinectl help\".");
    }
    const auto given = [&](QLatin1StringView option) { return !line.option(option).isEmpty(); };
    const auto known = [&](const auto &option) {
        return option.first == "data"_L1 || std::ranges::count(command->required, option.first) > 0 ||
               std::ranges::count(command->allowed, option.first) > 0;
    };
    if (line.words.size() != command->words || !std::ranges::all_of(command->required, given) ||
        !std::ranges::all_of(line.options, known))
        return failure(ErrorCode::InvalidField, "Use: brewlinectl " + QString(command->use).toStdString());
    return {};
}

} // namespace

QString CommandLine::option(const QString &name, const QString &fallback) const
{
    const auto found = options.find(name);
    return found == options.end() ? fallback : found->second;
}

Result<CommandLine> readCommandLine(const QStringList &arguments)
{
    CommandLine line;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        if (!word.startsWith("--"_L1)) {
            (line.command.isEmpty() ? line.command : line.words.emplaceBack()) = word;
            continue;
        }
        const qsizetype equals = word.indexOf(u'=');
        const QString name = word.mid(2, equals < 0 ? -1 : equals - 2);
        const Option *option = findOption(name);
        if (!option) {
            return failure(ErrorCode::InvalidField,
                           "There is no option --" + name.toStdString() + "; try \"brewlinectl help\".");
        }
        if (!option->takesValue && equals >= 0)
            return failure(ErrorCode::InvalidField, "The option --" + name.toStdString() + " takes no value.");
        if (!option->takesValue) {
            line.options[name] = u"true"_s;
        } else if (equals >= 0) {
            line.options[name] = word.mid(equals + 1);
        } else if (i + 1 < arguments.size() && !arguments[i + 1].startsWith("--"_L1)) {
            line.options[name] = arguments[++i];
        } else {
            return failure(ErrorCode::InvalidField, "The option --" + name.toStdString() + " needs a value.");
        }
    }
    if (line.options.contains(u"version"_s))
        line.command = u"version"_s;
    else if (line.command.isEmpty() || line.options.contains(u"help"_s))
        line.command = u"help"_s;
    else if (const auto checked = checkUse(line); !checked)
        return tl::unexpected(checked.error());
    return line;
}

QString usage()
{
    return uR"(Usage: brewlinectl [--data DIR] COMMAND

Commands that act on the running backend whose data folder is DIR (or $BREWLINE_DATA):
  pair --event E --role R     print a pairing code for a device; R is kiosk, display, barista, organiser or extension
  open E                      open the bar of event E
  close E [--reason TEXT]     close it; orders under way are finished
  pause E [--reason TEXT]     stop taking orders for a while
  orders E [--state S,...]    list orders; --json prints what the backend answered
  status                      tell whether the backend serves, and where

  help, version
Exit status: 0 done, 1 the backend refused, 2 wrong command line or no backend reached.
)"_s;
}

} // namespace brewline::ctl
