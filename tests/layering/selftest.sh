#!/usr/bin/env bash
# SPDX-FileCopyrightText: Brewline contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Proves that layering.sh sees what it shall see: a small tree that obeys all rules passes, and each line below, put into
# that tree, is reported with its file and line.
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)"
tree=$(mktemp -d)
trap 'rm -rf -- "$tree"' EXIT
failures=0
cases=0

licence='SPDX-License-Identifier: GPL-3.0-or-later'

# write FILE LINE...: a source file of the tree; the first of the given lines is line 2.
write() {
    local file=$tree/$1
    shift
    mkdir -p -- "$(dirname -- "$file")"
    printf '%s\n' "// $licence" "$@" >"$file"
}

plant_lawful_tree() {
    write shared/core/clock.h '#include <chrono>' '#include "core/time.h"'
    write shared/client/session.cpp '#include "contracts/orderview.h"' '#include "mqtt/client.h"'
    write shared/mqtt/mosquittoclient.cpp '#include <mosquitto.h>'
    write backend/domain/order.h '#include <QString>' '#include "core/time.h"' 'std::chrono::seconds runtime(int);'
    write backend/domain/note.cpp '// #include "storage/store.h"' '/* or' '#include <thread>' '*/ int strand(int);' \
        'const char *glob = "a/*";' 'const char *text = "std::time(0)";'
    write backend/workflow/engine.cpp '#include "core/result.h"' '#include "workflow/frame.h"' '#include <boost/json.hpp>'
    write backend/application/submit.cpp '#include "domain/order.h"' '#include "workflow/engine.h"' '#include "core/clock.h"'
    write backend/storage/sqlitestore.cpp '#include <QSqlQuery>' '#include <sqlite3.h>' '#include "application/store.h"'
    write backend/http/server.cpp '#include <boost/asio/ip/tcp.hpp>' '#include <boost/beast.hpp>' '#include <thread>'
    write backend/messaging/publisher.cpp '#include "mqtt/client.h"'
    write backend/broker-auth/plugin.cpp '#include <mosquitto_plugin.h>'
    write backend/service/main.cpp '#include "http/server.h"' '#include "storage/sqlitestore.h"'
    write backend/ctl/main.cpp '#include "client/session.h"' '#include "workflow/engine.h"'
    write app-display/main.cpp '#include "client/session.h"'
    write app-display/Board.qml 'import QtQuick' 'import Brewline.Theme' 'import Brewline.Controls as C' 'import Brewline.Display'
    write qml/controls/Card.qml 'import Brewline.Theme' 'import "../theme"'
    write tests/http/tst_server.cpp '#include <boost/asio.hpp>' '#include "http/server.h"'
    write tests/storage/tst_store.cpp '#include <QSqlDatabase>' '#include "storage/sqlitestore.h"'
}

# refuses FILE LINE WORDS: with LINE as its line 3, FILE is reported there, with WORDS in the explanation.
refuses() {
    local file=$1 line=$2 words=$3 output status=0
    ((++cases))
    write "$file" '' "$line"
    output=$("$here/layering.sh" "$tree") || status=$?
    rm -- "$tree/$file"
    if ((status != 1)) || ! grep -F -- "$file:3: " <<<"$output" | grep -Fq -- "$words"; then
        printf 'NOT REPORTED: %s in %s (status %d)\n%s\n' "$line" "$file" "$status" "$output"
        ((++failures))
    fi
}

plant_lawful_tree
if ! "$here/layering.sh" "$tree"; then
    echo 'A LAWFUL TREE IS REFUSED'
    ((++failures))
fi

# Direction of dependence
refuses shared/core/bad.h '#include "contracts/orderview.h"' 'core may not depend on contracts'
refuses shared/contracts/bad.h '#include "client/session.h"' 'contracts may not depend on client'
refuses shared/client/bad.cpp '#include "domain/order.h"' 'client may not depend on domain'
refuses shared/mqtt/bad.cpp '#include "contracts/topics.h"' 'mqtt may not depend on contracts'
refuses backend/domain/bad.cpp '#include "workflow/engine.h"' 'domain may not depend on workflow'
refuses backend/workflow/bad.cpp '#include "domain/order.h"' 'workflow may not depend on domain'
refuses backend/domain/bad.cpp '#include "contracts/orderview.h"' 'domain may not depend on contracts'
refuses backend/domain/bad.cpp '#include "application/store.h"' 'domain may not depend on application'
refuses backend/application/bad.cpp '#include "storage/sqlitestore.h"' 'application may not depend on storage'
refuses backend/application/bad.cpp '#include "http/server.h"' 'application may not depend on http'
refuses backend/storage/bad.cpp '#include "http/server.h"' 'storage may not depend on http'
refuses backend/http/bad.cpp '#include "storage/sqlitestore.h"' 'http may not depend on storage'
refuses backend/http/bad.cpp '#include "mqtt/client.h"' 'http may not depend on mqtt'
refuses backend/storage/bad.cpp '#include "service/recovery.h"' 'storage may not depend on service'
refuses backend/ctl/bad.cpp '#include "storage/sqlitestore.h"' 'ctl may not depend on storage'
refuses backend/ctl/bad.cpp '#include "application/store.h"' 'ctl may not depend on application'

# Rule 1: nobody outside includes the backend, no app another app
refuses app-display/bad.cpp '#include "backend/domain/order.h"' 'app-display may not depend on domain'
refuses app-display/bad.cpp '#include "domain/order.h"' 'app-display may not depend on domain'
refuses app-display/bad.cpp '#include "../app-barista/queue.h"' 'app-display may not depend on app-barista'
refuses app-ordering/Bad.qml 'import Brewline.Barista' 'app-ordering may not depend on app-barista'
refuses app-ordering/pages/Bad.qml 'import "../../app-display"' 'app-ordering may not depend on app-display'
refuses shared/client/bad.cpp '#include <application/store.h>' 'client may not depend on application'
refuses qml/theme/Bad.qml 'import Brewline.Controls 1.0' 'theme may not depend on controls'
refuses qml/controls/Bad.qml 'import Brewline.Client' 'controls may not depend on client'
refuses backend/http/bad.cpp '  #  include "../storage/sqlitestore.h" // why' 'http may not depend on storage'
refuses backend/http/bad.cpp '#include "../../tests/support/fake.h"' 'programs do not depend on tests'

# Rule 2: libraries stay in their adapter
refuses backend/application/bad.cpp '#include <QSqlQuery>' 'SQL only in'
refuses backend/service/bad.cpp '#include <QtSql/QSqlDatabase>' 'SQL only in'
refuses backend/service/bad.cpp '#include <sqlite3.h>' 'SQL only in'
refuses tests/http/bad.cpp '#include <QSqlQuery>' 'SQL only in'
refuses backend/service/bad.cpp '#include <boost/beast/http.hpp>' 'Boost.Beast and Asio only in'
refuses shared/client/bad.cpp '#include <boost/asio.hpp>' 'Boost.Beast and Asio only in'
refuses backend/http/bad.cpp '#include <opencv2/core.hpp>' 'OpenCV only in'
refuses backend/messaging/bad.cpp '#include <mosquitto.h>' 'the MQTT library only in'
refuses backend/service/bad.cpp '#include <mosquitto_broker.h>' 'the MQTT library only in'
refuses app-display/bad.cpp '#include <QtMqtt/QMqttClient>' 'the MQTT library only in'

# Rule 3: domain and workflow are pure
for header in QDateTime QTimer QRandomGenerator QUuid QFile QThread QtNetwork/QTcpSocket QLoggingCategory random thread \
    mutex fstream filesystem ctime unistd.h sys/random.h boost/uuid/uuid.hpp; do
    refuses backend/domain/bad.cpp "#include <$header>" "includes $header"
    refuses backend/workflow/bad.h "#include <$header>" "includes $header"
done
refuses backend/domain/bad.cpp '#include "core/clock.h"' 'domain is pure'
refuses backend/workflow/bad.cpp '#include "core/random.h"' 'workflow is pure'
refuses backend/workflow/bad.cpp '#include "core/logging.h"' 'workflow is pure'
refuses backend/domain/bad.cpp 'const auto t = std::chrono::system_clock::now();' 'domain is pure'
refuses backend/workflow/bad.cpp 'auto t = steady_clock::now();' 'workflow is pure'
refuses backend/workflow/bad.cpp 'const auto text = u"/*"; auto t = steady_clock::now();' 'workflow is pure'
refuses backend/workflow/bad.cpp 'auto t = std::time(nullptr);' 'workflow is pure'
refuses backend/domain/bad.cpp 'std::random_device device;' 'domain is pure'
refuses backend/domain/bad.cpp 'int number = rand();' 'domain is pure'
refuses backend/domain/bad.cpp 'qCWarning(lcOrders) << 1;' 'domain is pure'

# The table of modules is complete
((++cases))
write backend/novelty/thing.cpp
output=$("$here/layering.sh" "$tree") || true
rm -- "$tree/backend/novelty/thing.cpp"
grep -Fq 'backend/novelty/thing.cpp:1: belongs to no module' <<<"$output" || { echo 'AN UNKNOWN FOLDER PASSES'; ((++failures)); }

# Licence lines
for file in backend/http/bare.cpp app-display/Bare.qml tests/http/CMakeLists.txt cmake/bare.cmake docs/bare.md; do
    ((++cases))
    mkdir -p -- "$tree/$(dirname -- "$file")"
    echo 'bare' >"$tree/$file"
    output=$("$here/layering.sh" "$tree") || true
    rm -- "$tree/$file"
    grep -Fq "$file:1: has no SPDX-License-Identifier" <<<"$output" || { echo "NO LICENCE PASSES: $file"; ((++failures)); }
done

printf 'layering-selftest: %d cases, %d failures\n' "$cases" "$failures"
((failures == 0))
