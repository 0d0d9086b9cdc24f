// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/envelope.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace brewline {

namespace {

std::string quoted(std::string_view text)
{
    return boost::json::serialize(text);
}

} // namespace

std::string serialize(const Envelope &envelope)
{
    std::string text;
    text.reserve(envelope.detail.size() + 384);
    text += R"({"version":"0","id":)";
    text += quoted(envelope.id);
    text += R"(,"detail-type":)";
    text += quoted(envelope.detailType);
    text += R"(,"source":"brewline","account":)";
    text += quoted(envelope.event.text());
    text += R"(,"time":")";
    text += toRfc3339(envelope.time);
    text += R"(","region":"local","resources":[],"stream":)";
    text += std::to_string(envelope.stream);
    text += R"(,"detail":)";
    text += envelope.detail;
    text += '}';
    return text;
}

} // namespace brewline
