// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/backendaccess.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <QFile>

namespace brewline::ctl {

using namespace Qt::StringLiterals;

namespace {

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (file.open(QIODevice::ReadOnly))
        return file.readAll();
    return failure(ErrorCode::Unreachable,
                   "Cannot read " + path.toStdString() + " (" + file.errorString().toStdString() +
                       "). Is the backend running, is --data right, and may you read its folder?");
}

QString textOf(const boost::json::object &object, std::string_view name)
{
    const boost::json::value *value = object.if_contains(name);
    if (!value || !value->is_string())
        return {};
    return QString::fromUtf8(value->get_string().data(), qsizetype(value->get_string().size()));
}

} // namespace

Result<BackendAccess> findBackend(const QString &dataFolder)
{
    if (dataFolder.isEmpty())
        return failure(ErrorCode::InvalidField, "Say where the backend keeps its data: --data DIR or $BREWLINE_DATA.");
    const auto description = readFile(dataFolder + "/backend.json"_L1);
    if (!description)
        return tl::unexpected(description.error());
    const auto token = readFile(dataFolder + "/organiser.token"_L1);
    if (!token)
        return tl::unexpected(token.error());
    boost::json::error_code broken;
    const boost::json::value parsed =
        boost::json::parse({description->data(), std::size_t(description->size())}, broken);
    if (broken || !parsed.is_object())
        return failure(ErrorCode::Unreachable, "backend.json cannot be read; restart the backend to write it anew.");
    BackendAccess access;
    access.http = QUrl(textOf(parsed.get_object(), "http"));
    access.mqtt = textOf(parsed.get_object(), "mqtt");
    access.token = token->trimmed();
    if (!access.http.isValid() || access.http.isRelative() || access.token.isEmpty())
        return failure(ErrorCode::Unreachable, "The files of the backend in " + dataFolder.toStdString() +
                                                   " are incomplete; restart the backend to write them anew.");
    return access;
}

} // namespace brewline::ctl
