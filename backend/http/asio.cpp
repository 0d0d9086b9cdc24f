// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The compiled part of Asio, kept out of the files that use it since it takes longer than all of them.
#include <boost/asio/impl/src.hpp>
