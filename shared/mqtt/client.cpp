// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mqtt/client.h"

#include "mqtt/mosquittoclient.h"

namespace brewline::mqtt {

std::unique_ptr<Client> makeClient()
{
    return std::make_unique<MosquittoClient>();
}

} // namespace brewline::mqtt
