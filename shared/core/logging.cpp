// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/logging.h"

namespace brewline {

Q_LOGGING_CATEGORY(lcService, "brewline.service", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStorage, "brewline.storage", QtInfoMsg)
Q_LOGGING_CATEGORY(lcHttp, "brewline.http", QtInfoMsg)
Q_LOGGING_CATEGORY(lcMessaging, "brewline.messaging", QtInfoMsg)
Q_LOGGING_CATEGORY(lcBroker, "brewline.broker", QtInfoMsg)
Q_LOGGING_CATEGORY(lcOrders, "brewline.orders", QtInfoMsg)
Q_LOGGING_CATEGORY(lcMqtt, "brewline.mqtt", QtInfoMsg)
Q_LOGGING_CATEGORY(lcClient, "brewline.client", QtInfoMsg)

} // namespace brewline
