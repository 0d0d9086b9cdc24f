// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace brewline::service {

/// The first IPv4 address of this machine that others on its network can reach; empty when there is none.
QString firstLanAddress();

} // namespace brewline::service
