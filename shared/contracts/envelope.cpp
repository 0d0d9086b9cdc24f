// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/envelope.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace brewline {

std::string serialize(Envelope envelope)
{
    return boost::json::serialize(boost::json::object{{"version", "0"},
                                                      {"id", std::move(envelope.id)},
                                                      {"detail-type", envelope.detailType},
                                                      {"source", "brewline"},
                                                      {"account", envelope.event.text()},
                                                      {"time", toRfc3339(envelope.time)},
                                                      {"region", "local"},
                                                      {"resources", boost::json::array()},
                                                      {"stream", envelope.stream},
                                                      {"detail", std::move(envelope.detail)}});
}

} // namespace brewline
