// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/answers.h"

#include <boost/json/serialize.hpp>

#include <QRegularExpression>

namespace brewline::e2e {

using namespace Qt::StringLiterals;

bool isTime(const boost::json::object &object, std::string_view name)
{
    static const QRegularExpression rfc3339(u"^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"_s);
    return rfc3339.match(QString::fromStdString(textOf(object, name))).hasMatch();
}

bool isProblem(const Answer &answer, int status, const std::string &word)
{
    const boost::json::object problem = answer.json();
    const auto type = answer.headers.find("content-type");
    const bool good = answer.status == status && type != answer.headers.end() &&
                      type->second == "application/problem+json" &&
                      textOf(problem, "type") == "urn:brewline:problem:" + word && !textOf(problem, "title").empty() &&
                      numberOf(problem, "status") == status;
    if (!good)
        qWarning("Not the problem %s: %d %s", word.c_str(), answer.status, answer.body.c_str());
    return good;
}

std::string timeless(boost::json::object object)
{
    object.erase("serverTime");
    return boost::json::serialize(object);
}

} // namespace brewline::e2e
