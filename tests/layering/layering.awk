# SPDX-FileCopyrightText: Brewline contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Reads file names, one a line and relative to the working folder, and reports every include, import or call that the
# architecture forbids as "file:line: why". Exit status 1 when there is one. Written for any POSIX awk.
#
# A module is a folder that a library or program is built from: shared/core is "core", app-display is itself.
# To add one, give it a line in declareModules(); the tables below are the only place to change.

BEGIN {
    declareModules()
    declareLibraries()
    declarePurity()
}

{ checkFile($0) }

END {
    if (failures > 0) {
        printf "layering: %d violations in %d files\n", failures, files
        exit 1
    }
    printf "layering: %d files, nothing forbidden\n", files
}

# --- the rules -------------------------------------------------------------------------------------------------------

function declareModules() {
    declareModule("core", "shared/core", "")
    declareModule("contracts", "shared/contracts", "core")
    declareModule("mqtt", "shared/mqtt", "core")
    declareModule("qr", "shared/qr", "core")
    declareModule("client", "shared/client", "core contracts mqtt")

    declareModule("domain", "backend/domain", "core")
    declareModule("workflow", "backend/workflow", "core")
    declareModule("application", "backend/application", "core contracts domain workflow")
    declareModule("storage", "backend/storage", "core contracts domain application")
    declareModule("http", "backend/http", "core contracts domain application")
    declareModule("messaging", "backend/messaging", "core contracts domain application mqtt")
    declareModule("identity", "backend/identity", "core contracts domain application")
    declareModule("imaging", "backend/imaging", "core contracts domain application")
    declareModule("delivery", "backend/delivery", "core contracts domain application")
    declareModule("broker-auth", "backend/broker-auth", "core contracts")
    declareModule("service", "backend/service", "core contracts mqtt domain workflow application" \
        " storage http messaging identity imaging delivery broker-auth")
    declareModule("ctl", "backend/ctl", "core contracts client workflow")

    declareModule("theme", "qml/theme", "")
    declareModule("controls", "qml/controls", "theme")
    declareModule("app-ordering", "app-ordering", "core contracts client mqtt qr theme controls")
    declareModule("app-display", "app-display", "core contracts client mqtt qr theme controls")
    declareModule("app-barista", "app-barista", "core contracts client mqtt qr theme controls")
}

# Libraries that only some folders may use. Tests of an adapter may use what it adapts.
function declareLibraries() {
    declareLibrary("SQL", "^(QtSql/|QSql|sqlite3\\.h$|libpq)", "backend/storage tests/storage tests/bench tests/e2e")
    declareLibrary("Boost.Beast and Asio", "^boost/(beast|asio)[./]", "backend/http tests/http tests/bench")
    declareLibrary("OpenCV", "^(opencv2|opencv4|opencv)/", "backend/imaging shared/qr tests/imaging tests/qr")
    declareLibrary("the MQTT library", "^(mosquitto[a-z_]*\\.h$|mqtt_protocol\\.h$|QtMqtt/|QMqtt)", \
        "shared/mqtt backend/broker-auth tests/mqtt tests/messaging")
}

# What a pure module may not reach for: time, ids and random values arrive as arguments, nothing is written or awaited.
function declarePurity() {
    pure["domain"] = pure["workflow"] = 1
    impureHeader = "^(random|thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token)$" \
        "|^(fstream|filesystem|iostream|syncstream|ctime)$" \
        "|^(time|unistd|fcntl|pthread|stdio_ext|syslog)\\.h$|^sys/|^linux/" \
        "|^boost/(thread|uuid|random|filesystem|date_time|chrono|log|process|interprocess)[./]" \
        "|^core/(clock|random|uuid|logging)\\.h$"
    valueHeader = "^(QtCore/)?(QtGlobal|QString|QStringView|QStringList|QStringLiteral|QLatin1StringView|QLatin1String" \
        "|QChar|QByteArray|QByteArrayView|QByteArrayList|QList|QVector|QHash|QMap|QSet|QMultiHash|QMultiMap|QFlags" \
        "|QVariant|QMetaType|QSharedData|QSharedDataPointer|QCryptographicHash|QRegularExpression|QtMath)$"
    impureCall = "_clock *:: *now|random_device|[^A-Za-z0-9_](s?rand|getrandom|gettimeofday|clock_gettime)[ ]*[(]" \
        "|(std *::|[^:] *::) *time *[(]|std *:: *(async|this_thread|jthread|mt19937|cout|cerr|clog)" \
        "|[^A-Za-z0-9_](fopen|printf|puts|getenv)[ ]*[(]|[^A-Za-z0-9_]q(Debug|Info|Warning|Critical|CDebug|CInfo" \
        "|CWarning|CCritical)[ ]*[(]|currentDateTime"
}

# --- checking --------------------------------------------------------------------------------------------------------

function checkFile(path,    line, number, module, hasLicence) {
    ++files
    module = moduleOf(path)
    if (module == "" && path ~ /^(shared|backend|qml)\/.+\.(h|cpp|qml|js|mjs)$/)
        report(path, 1, "belongs to no module that tests/layering/layering.awk knows")
    number = 0
    commentOpen = 0
    while ((getline line < path) > 0) {
        ++number
        if (number <= 10 && line ~ /SPDX-License-Identifier: [A-Za-z0-9]/)
            hasLicence = 1
        if (path ~ /\.(h|hpp|c|cpp|cc|cxx|inl|in|qml|js|mjs)$/)
            checkLine(path, number, module, withoutComments(line))
    }
    close(path)
    if (!hasLicence && carriesLicence(path))
        report(path, 1, "has no SPDX-License-Identifier in its first 10 lines")
}

function checkLine(path, number, module, code,    name) {
    if (code ~ /^[ \t]*#[ \t]*(include|include_next|import)[ \t]*["<]/) {
        name = code
        sub(/^[ \t]*#[ \t]*[a-z_]+[ \t]*["<]/, "", name)
        sub(/[">].*$/, "", name)
        checkInclude(path, number, module, name)
    } else if (path ~ /\.(qml|js|mjs)$/ && code ~ /^[ \t]*(\.?import)[ \t]/) {
        checkImport(path, number, module, code)
    } else if (module in pure && (" " withoutTexts(code)) ~ impureCall) {
        report(path, number, module " is pure: no clocks, randomness, threads, logging or files")
    }
}

function checkInclude(path, number, module, name,    i, target) {
    for (i = 1; i <= libraryCount; ++i)
        if (name ~ libraryPattern[i] && !isInAnyOf(path, libraryFolders[i]))
            report(path, number, "includes " name ": " libraryName[i] " only in " libraryFolders[i])

    if (module in pure) {
        if (name ~ impureHeader)
            report(path, number, "includes " name ": " module " is pure (no clocks, randomness, threads, logging, files)")
        if (name ~ /^(Qt[A-Z0-9]|Q[A-Z])/ && name !~ valueHeader)
            report(path, number, "includes " name ": " module " may use plain values of Qt Core only")
    }

    target = moduleOfInclude(path, name)
    if (target != "")
        checkEdge(path, number, module, target, "includes " name)
    if (module != "" && resolved(path, name) ~ /^tests\//)
        report(path, number, "includes " name ": programs do not depend on tests")
}

# QML: `import Brewline.Controls`, `import "../theme"`. Which part of Brewline. is meant follows from the URI.
function checkImport(path, number, module, code,    name, part) {
    name = code
    sub(/^[ \t]*\.?import[ \t]+/, "", name)
    if (name ~ /^["']/) {
        name = substr(name, 2)
        sub(/["'].*$/, "", name)
        checkEdge(path, number, module, moduleOf(resolved(path, name) "/"), "imports " name)
        return
    }
    sub(/[ \t;].*$/, "", name)
    if (name !~ /^Brewline\./)
        return
    part = tolower(substr(name, 10))
    sub(/\..*$/, "", part)
    if (!(part in folderOf) && ("app-" part) in folderOf)
        part = "app-" part
    if (part in folderOf)
        checkEdge(path, number, module, part, "imports " name)
    else
        report(path, number, "imports " name ", which is no module of this tree")
}

function checkEdge(path, number, module, target, what) {
    if (module == "" || target == "" || module == target)
        return
    if (!((module, target) in allowed))
        report(path, number, what ": " module " may not depend on " target)
}

function report(path, number, why) {
    ++failures
    printf "%s:%d: %s\n", path, number, why
}

# --- names and places ------------------------------------------------------------------------------------------------

function declareModule(name, folder, dependencies,    parts, count, i) {
    folderOf[name] = folder
    count = split(dependencies, parts, " ")
    for (i = 1; i <= count; ++i)
        allowed[name, parts[i]] = 1
}

function declareLibrary(name, pattern, folders) {
    ++libraryCount
    libraryName[libraryCount] = name
    libraryPattern[libraryCount] = pattern
    libraryFolders[libraryCount] = folders
}

function moduleOf(path,    name) {
    for (name in folderOf)
        if (index(tolower(path), folderOf[name] "/") == 1)
            return name
    return ""
}

# Own headers are named from the include roots shared/ and backend/, from the root of the tree or relative to the file.
function moduleOfInclude(path, name,    first) {
    if (name !~ /\//)
        return ""
    if (name ~ /^\.\.?\// || name ~ /\/\.\.\//)
        return moduleOf(resolved(path, name))
    if (moduleOf(name) != "")
        return moduleOf(name)
    first = name
    sub(/\/.*$/, "", first)
    return (first in folderOf) ? first : ""
}

# The path of a name as seen from the file that mentions it, without "." and "..".
function resolved(path, name,    folder, parts, count, i, kept, depth, result) {
    folder = path
    if (!sub(/\/[^\/]*$/, "", folder))
        folder = "."
    count = split(folder "/" name, parts, "/")
    depth = 0
    for (i = 1; i <= count; ++i) {
        if (parts[i] == "..")
            depth -= (depth > 0)
        else if (parts[i] != "." && parts[i] != "")
            kept[++depth] = parts[i]
    }
    for (i = 1; i <= depth; ++i)
        result = result (i > 1 ? "/" : "") kept[i]
    return result
}

function isInAnyOf(path, folders,    parts, count, i) {
    count = split(folders, parts, " ")
    for (i = 1; i <= count; ++i)
        if (index(path, parts[i] "/") == 1)
            return 1
    return 0
}

function carriesLicence(path) {
    return path ~ /\.(h|hpp|c|cpp|cc|cxx|inl|qml|js|mjs|cmake|awk|sh|py|sql|toml|ini|conf|yaml|yml|css|html|svg|md|in)$/ \
        || path ~ /(^|\/)(CMakeLists\.txt|brewline|run|\.clang-format|\.clang-tidy|\.editorconfig)$/
}

# --- reading code ----------------------------------------------------------------------------------------------------

# The line without comments; commentOpen remembers a block comment that goes on in the next line.
function withoutComments(line,    result, open, end) {
    gsub(/'\\?"'/, "' '", line)
    result = ""
    while (line != "") {
        if (commentOpen) {
            end = index(line, "*/")
            if (end == 0)
                return result
            line = substr(line, end + 2)
            commentOpen = 0
        }
        if (!match(line, /"|\/\/|\/\*/))
            return result line
        result = result substr(line, 1, RSTART - 1)
        open = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART)
        if (open == "//")
            return result
        if (open == "/*") {
            result = result " "
            line = substr(line, 3)
            commentOpen = 1
        } else if (match(line, /^"([^"\\]|\\.)*"/)) {
            result = result substr(line, 1, RLENGTH)
            line = substr(line, RLENGTH + 1)
        } else {
            return result line
        }
    }
    return result
}

function withoutTexts(code) {
    gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
    return code
}
